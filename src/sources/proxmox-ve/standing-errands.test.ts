import assert from "node:assert/strict";
import { test } from "node:test";
import { StandingErrands } from "./standing-errands.ts";

interface Basis {
  id: string;
  node: string;
}

function standing() {
  const made: string[] = [];
  const errands = new StandingErrands<Basis>(({ id, node }) => {
    made.push(`${id}@${node}`);
    const run = async () => ({ calls: 1, pause: null, fault: null });
    return { scope: "test", part: id, node, interval: 1000, run };
  });
  return { errands, made };
}

test("an errand stands for as long as its basis does", () => {
  const { errands, made } = standing();
  const first = errands.of([
    { id: "a", node: "pve1" },
    { id: "b", node: "pve1" },
  ]);
  const second = errands.of([
    { id: "a", node: "pve1" },
    { id: "b", node: "pve2" },
  ]);
  assert.equal(second[0], first[0]);
  assert.equal(second[1]?.node, "pve2");
  assert.deepEqual(made, ["a@pve1", "b@pve1", "b@pve2"]);
});

test("what is gone is forgotten, and made anew when it comes back, also when another came in its place", () => {
  const { errands, made } = standing();
  errands.of([{ id: "a", node: "pve1" }]);
  errands.of([{ id: "b", node: "pve1" }]);
  errands.of([{ id: "a", node: "pve1" }]);
  assert.deepEqual(made, ["a@pve1", "b@pve1", "a@pve1"]);
});
