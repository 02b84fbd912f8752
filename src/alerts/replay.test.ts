import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Point } from "../model/point.ts";
import { BadAlertConfig, changedConfig } from "./config-change.ts";
import { DEFAULTS } from "./defaults.ts";
import { firingsOf, replay, type Trial } from "./replay.ts";
import { RuleBook } from "./rule-book.ts";
import { addGuest, samplePicture } from "./sample-estate.ts";

const NOW = Date.UTC(2026, 5, 1);
const LEVELS = { trigger: 90, clear: 80, critical: 98, below: false };

/** Spans of `length` one after another: least, mean and greatest value of each; null: a gap. */
function spans(length: Millis, ...values: (readonly [min: number, mean: number, max: number] | null)[]) {
  return values.flatMap((value, place) => {
    if (value === null) return [];
    const [min, mean, max] = value;
    return [{ time: place * length, min, mean, max, length }];
  });
}
const flat = (value: number) => [value, value, value] as const;

const CASES: [
  sentence: string,
  points: ReturnType<typeof spans>,
  hold: Millis,
  firings: [from: Instant, to: Instant | null][],
][] = [
  ["what stays low never fires", spans(MINUTE, flat(50), flat(89)), 0, []],
  [
    "what stays high fires after its hold",
    spans(MINUTE, flat(95), flat(95), flat(95)),
    2 * MINUTE,
    [[2 * MINUTE, null]],
  ],
  [
    "a short peak counts where nothing is waited for",
    spans(30 * MINUTE, flat(10), [5, 12, 99]),
    0,
    [[30 * MINUTE, HOUR]],
  ],
  ["a short peak is none of ten minutes", spans(30 * MINUTE, flat(10), [5, 12, 99]), 10 * MINUTE, []],
  [
    "a peak that can have lasted so long counts",
    spans(30 * MINUTE, flat(10), [10, 60, 95]),
    10 * MINUTE,
    [[40 * MINUTE, HOUR]],
  ],
  ["it resolves when it was below what clears it", spans(MINUTE, flat(95), flat(85), flat(70)), 0, [[0, 3 * MINUTE]]],
  ["between the two it goes on", spans(MINUTE, flat(95), flat(85), flat(85)), 0, [[0, null]]],
  ["time of which nothing is known is no hold", spans(MINUTE, flat(95), null, flat(95)), 2 * MINUTE, []],
];
for (const [sentence, points, hold, firings] of CASES)
  test(sentence, () =>
    assert.deepEqual(
      firingsOf(points, LEVELS, hold).map(({ from, to }) => [from, to]),
      firings,
    ),
  );

test("how bad it was is told", () => {
  const [firing] = firingsOf(spans(MINUTE, flat(95), flat(99), flat(10)), LEVELS, 0);
  assert.deepEqual([firing?.level, firing?.peak], ["critical", 99]);
});

/** A history in which every guest is at 95 % for the last hour of each day. */
const SERIES = {
  range: (_: string, __: string, from: Instant, to: Instant, points: number): Point[] => {
    const step = Math.max(MINUTE, Math.ceil((to - from) / points / MINUTE) * MINUTE);
    const first = Math.floor(from / step) * step;
    return Array.from({ length: Math.max(0, Math.ceil((to - first) / step)) }, (___, place) => {
      const time = first + place * step;
      return { time, ...(time % DAY >= 23 * HOUR ? { min: 95, mean: 95, max: 95 } : { min: 20, mean: 20, max: 20 }) };
    });
  },
};
const TRIAL: Trial = {
  type: "cpu",
  resources: null,
  of: "guest",
  tag: null,
  thresholds: { cpu: { trigger: 90, clear: 80 } },
  hold: null,
  days: 30,
};

function tryOut(trial: Partial<Trial>) {
  const picture = samplePicture();
  for (let vmid = 1; vmid <= 3; vmid++) addGuest(picture, vmid, { tags: vmid === 1 ? "prod" : null });
  const rules = new RuleBook(changedConfig(DEFAULTS, { guestDefaults: { cpu: { trigger: 99, clear: 90 } } }));
  return replay({ ...TRIAL, ...trial }, { rules, picture, series: SERIES, now: NOW });
}

test("other thresholds are tried on thirty days of history, next to those in force", async () => {
  const { firings, firingsNow, replays, step } = await tryOut({});
  assert.deepEqual([firings, firingsNow, step], [90, 0, 30 * MINUTE]);
  assert.deepEqual(
    replays.map(({ resourceName }) => resourceName),
    ["vm1", "vm2", "vm3"],
  );
  assert.equal((await tryOut({ tag: "prod" })).firings, 30);
  assert.equal((await tryOut({ resources: ["home:guest:2", "nobody"] })).firings, 30);
  assert.equal((await tryOut({ thresholds: { cpu: { trigger: -1, clear: -1 } } })).firings, 0);
  assert.equal((await tryOut({ hold: 2 * HOUR })).firings, 0);
});

const WRONG: [trial: Partial<Trial>, message: RegExp][] = [
  [{ of: "disk" }, /^of: must be one of guest/],
  [{ type: "temperature" }, /^type: of "guest" there is history of cpu/],
  [{ type: "memory" }, /^thresholds\.memory: missing/],
  [{ thresholds: { cpu: { trigger: 50, clear: 60 } } }, /^thresholds\.cpu\.clear: must be below/],
];
for (const [trial, message] of WRONG)
  test(`refused, and named: ${JSON.stringify(trial)}`, () =>
    assert.rejects(tryOut(trial), error => error instanceof BadAlertConfig && message.test(error.message)));
