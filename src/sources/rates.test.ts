import assert from "node:assert/strict";
import { test } from "node:test";
import { RateMeter } from "./rates.ts";

const S = 1000;
/** As for Proxmox VE. */
const STANDSTILL = 25 * S;
type Reading = [at: number, value: number | null, rate: number | null];

const CASES: [sentence: string, readings: Reading[]][] = [
  ["the first reading has no rate", [[0, 5000, null]]],
  [
    "a steady counter has a steady rate",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [20 * S, 2000, 100],
    ],
  ],
  [
    "a look between two turns of the counter repeats the rate",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [12 * S, 1000, 100],
      [20 * S, 2000, 100],
    ],
  ],
  [
    "a turn that was missed by a hair does not show as 0 and double",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [20 * S, 1000, 100],
      [30 * S, 3000, 100],
    ],
  ],
  [
    "a counter that stands still for long is idle",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [20 * S, 1000, 100],
      [35 * S, 1000, 0],
    ],
  ],
  [
    "after idleness the rate is that of the last stretch",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [35 * S, 1000, 0],
      [45 * S, 2000, 100],
    ],
  ],
  [
    "a restarted counter gives no rate, never a negative one",
    [
      [0, 0, null],
      [10 * S, 1000, 100],
      [20 * S, 50, null],
      [30 * S, 1050, 100],
    ],
  ],
  [
    "an unknown value forgets the counter",
    [
      [0, 0, null],
      [10 * S, null, null],
      [20 * S, 90_000, null],
    ],
  ],
  [
    "a clock set back gives no rate",
    [
      [100 * S, 0, null],
      [50 * S, 1000, null],
      [60 * S, 2000, 100],
    ],
  ],
];

for (const [sentence, readings] of CASES)
  test(sentence, () => {
    const meter = new RateMeter(STANDSTILL);
    for (const [at, value, rate] of readings) assert.equal(meter.read("a", value, at), rate, `at ${at}`);
  });

test("a counter that is read as it is at that moment is idle as soon as it stands still", () => {
  const meter = new RateMeter(0);
  const readings = [
    [0, 0],
    [10 * S, 1000],
    [10 * S, 1000],
    [20 * S, 1000],
    [30 * S, 2000],
  ] as const;
  assert.deepEqual(
    readings.map(([at, value]) => meter.read("a", value, at)),
    [null, 100, 100, 0, 100],
  );
});

test("counters that are gone are forgotten", () => {
  const meter = new RateMeter(STANDSTILL);
  meter.read("gone", 0, 0);
  meter.read("kept", 0, 0);
  meter.forget((_, counter) => counter === "gone");
  assert.equal(meter.read("gone", 1000, 10 * S), null);
  assert.equal(meter.read("kept", 1000, 10 * S), 100);
});
