import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, SECOND } from "../../kit/units.ts";
import { extend } from "./trend.ts";

test("a trend goes on with what is seen", () => {
  const cases: [name: string, at: number, value: number | null, values: (number | null)[], fits: boolean][] = [
    ["in the last span, it is weighed", 2 * MINUTE + 10 * SECOND, 20, [1, 2, 15], true],
    ["in the next span, the first goes", 3 * MINUTE, 7, [2, 10, 7], true],
    ["a span missed is a gap", 4 * MINUTE, 7, [10, null, 7], true],
    ["unknown moves on and leaves a gap", 3 * MINUTE, null, [2, 10, null], true],
    ["before all of it, nothing", -1, 7, [1, 2, 10], true],
    ["far ahead does not fit", 9 * MINUTE, 7, [1, 2, 10], false],
  ];
  for (const [name, at, value, values, fits] of cases) {
    const trend = { from: 0, values: [1, 2, 10] };
    assert.equal(extend(trend, at, value, MINUTE), fits, name);
    assert.deepEqual(trend.values, values, name);
  }
});
