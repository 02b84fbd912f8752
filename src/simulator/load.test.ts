import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import { call, present, tokenOf } from "./call.ts";
import { openEstate } from "./estate.ts";
import { sizedEstate } from "./presets.ts";

test("100 nodes with 20,000 guests start in a moment and answer from what they have made once a tick", async context => {
  const clock = new FakeClock();
  const began = performance.now();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 100, guests: 20_000 }), clock });
  context.diagnostic(`started in ${(performance.now() - began).toFixed(0)} ms`);
  const instance = present(estate.instances[0]);
  const headers = { ...tokenOf(instance), "accept-encoding": "gzip" };
  const timed = async (name: string) => {
    const start = performance.now();
    const answer = await call(instance, "/cluster/resources", { headers });
    const took = performance.now() - start;
    const sizes = `${answer.text.length} bytes, ${answer.size} compressed`;
    context.diagnostic(`/cluster/resources ${name}: ${took.toFixed(0)} ms, ${sizes}`);
    return answer;
  };
  await timed("cold, compilers too");
  await clock.advance(10 * SECOND);
  const cold = await timed("cold");
  const warm = await timed("warm");
  assert.equal(warm.text, cold.text);
  const rows = cold.data as { type: string }[];
  assert.equal(rows.filter(row => row.type === "node").length, 100);
  assert.equal(rows.filter(row => row.type === "qemu" || row.type === "lxc").length, 20_000);
});
