import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import { readSeen } from "./entry.ts";
import { Unopened } from "./unopened.ts";

test("what no edge can open is said once a minute, after whoever can has had time to take it", async () => {
  const clock = new FakeClock();
  const unopened = new Unopened("north", clock);
  let unheld = ["home"];
  const leases = { latest: 17, unheld: (names: readonly string[]) => names.filter(name => unheld.includes(name)) };
  const said = () => unopened.missed(["home", "other"], leases);
  const times: number[] = [];
  for (let seconds = 0; seconds < 90; seconds += 3) {
    const entries = said();
    if (entries.length > 0) times.push(seconds);
    for (const { subject, body } of entries) {
      assert.equal(subject, "pulse.seen.north.home.resources");
      const { fence, seen } = readSeen(body, { kind: "seen", site: "north", instance: "home" });
      assert.equal(fence, 17);
      assert.deepEqual(seen.kind === "missed" && seen.fault, {
        kind: "auth",
        message: 'No edge of site "north" that is there can open its secret: enter it anew',
      });
    }
    await clock.advance(3 * SECOND);
  }
  assert.deepEqual(times, [12, 72]);
  unheld = [];
  assert.deepEqual(said(), []);
  unheld = ["home"];
  assert.deepEqual(said(), [], "somebody had it meanwhile");
});
