import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, MINUTE } from "../kit/units.ts";
import { Database } from "../store/database.ts";
import { History } from "./history.ts";
import { TICK } from "./tiers.ts";

const START = Math.ceil(Date.UTC(2026, 0, 1) / (16 * DAY)) * 16 * DAY;
/** More than a chunk, so that blocks take several ticks to be written. */
const RESOURCES = Array.from({ length: 300 }, (_, at) => `home:node:${at}`);
/** Numbers from 0 to 1 that depend on the seed alone (a linear congruential generator). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
const WATCHED = ["home:node:0", "home:node:299"];

/** A history, and what it should hold of each watched resource, by tick. */
class Recorder {
  readonly #database: Database;
  history: History;
  kept = new Map<number, number>();
  last = -1;

  constructor(context: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), "pulse-clock-"));
    this.#database = Database.open(folder, "a");
    context.after(() => {
      this.#database[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    });
    this.history = new History(this.#database);
  }

  restart(): void {
    this.history = new History(this.#database);
  }

  record(at: number, value: number): void {
    const slot = Math.floor(at / TICK);
    if (slot < this.last - HOUR / TICK) {
      for (const known of [...this.kept.keys()]) if (known >= slot) this.kept.delete(known);
      this.last = slot - 1;
    }
    if (slot > this.last) {
      this.kept.set(slot, value);
      this.last = slot;
    }
    this.history.record(
      at,
      RESOURCES.map((resource, of) => ({ kind: "node", resource, values: [value + (of % 7), null, null] })),
    );
  }

  /** The samples of a day until `at`, the first of a resource and what they should be. */
  check(at: number): void {
    const [from, to] = [at - DAY, at + DAY];
    for (const resource of WATCHED) {
      const add = Number(resource.split(":")[2]) % 7;
      const raw = this.history.range(resource, "cpu", from, to, 50_000) ?? [];
      const expected = [...this.kept]
        .filter(([slot]) => slot * TICK >= from - TICK)
        .map(([slot, value]) => [slot * TICK, value + add]);
      assert.deepEqual(
        raw.map(({ time, mean }) => [time, mean]).filter(([time = 0]) => time >= from),
        expected.filter(([time = 0]) => time >= from),
      );
      this.#checkHalfHours(resource, add, at);
    }
  }

  /** The least and the greatest of each half hour that is over. */
  #checkHalfHours(resource: string, add: number, at: number): void {
    const span = 30 * MINUTE;
    const [from, to] = [Math.floor((at - DAY) / span) * span, Math.floor(at / span) * span];
    const points = this.history.range(resource, "cpu", from, to, (to - from) / span) ?? [];
    for (const { time, min, max } of points) {
      const values = [...this.kept].filter(([slot]) => slot * TICK >= time && slot * TICK < time + span);
      const known = values.map(([, value]) => value + add);
      assert.deepEqual([min, max], [Math.min(...known), Math.max(...known)], new Date(time).toISOString());
    }
  }
}

for (const seed of [1, 2, 3])
  test(`history is true whatever the clock does (${seed})`, context => {
    const recorder = new Recorder(context);
    const random = randomNumbers(seed);
    let now = START + 5 * TICK;
    for (let leap = 0; leap < 14; leap++) {
      for (let tick = Math.floor(random() * 400); tick >= 0; tick--) {
        recorder.record(now, Math.floor(random() * 90));
        now += TICK;
      }
      recorder.check(now);
      if (random() < 0.4) recorder.restart();
      const by = [MINUTE, 40 * MINUTE, 90 * MINUTE, 5 * HOUR, 20 * HOUR][Math.floor(random() * 5)] ?? 0;
      now += (random() < 0.5 ? -1 : 1) * by;
    }
    recorder.record(now + 2 * HOUR, 1);
    recorder.check(now + 2 * HOUR);
  });

test("a clock that is ahead by years costs nothing of what is kept, and leaves nothing behind", context => {
  const recorder = new Recorder(context);
  let now = START;
  for (; now < START + 3 * HOUR; now += TICK) recorder.record(now, 5);
  const right = now;
  for (now += 6 * 365 * DAY; now < right + 6 * 365 * DAY + 5 * MINUTE; now += TICK) recorder.record(now, 90);
  for (now = right + 5 * MINUTE; now < right + HOUR; now += TICK) recorder.record(now, 6);
  recorder.check(now);
  recorder.restart();
  recorder.check(now);
});
