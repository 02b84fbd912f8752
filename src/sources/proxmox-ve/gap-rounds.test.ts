import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../../kit/clock.ts";
import { MINUTE, SECOND } from "../../kit/units.ts";
import type { Gap } from "../../model/instance-settings.ts";
import type { Observation } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";
import { Errands } from "./errands.ts";
import { GapRounds } from "./gap-rounds.ts";
import { PastRounds } from "./past-rounds.ts";
import type { Resources } from "./resources.ts";

const NOBODY = new AbortController().signal;
const RESOURCES: Resources = {
  nodes: [{ id: "home:node:pve1", node: "pve1", withheld: null }],
  guests: [{ id: "home:guest:100", node: "pve1", type: "qemu", vmid: 100, withheld: null }],
  storages: [],
};
const FRESH = 30 * SECOND;
const ROWS = [
  { time: 60, cpu: 0.5 },
  { time: 120, cpu: 0.5 },
];

/** Rounds over a node and a guest, of which everything else is known; what they remember outlives them. */
class Run {
  static remembered: Gap | null = null;
  readonly seen: Observation[] = [];
  readonly gaps: GapRounds;
  readonly #past: PastRounds;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock, exports: boolean) {
    this.#clock = clock;
    const ask = async (path: string) => {
      if (!path.includes("metrics/export")) return ROWS;
      if (!exports) throw new LookFailed("not-found", "No such path");
      const at = clock.now() / 1000 - 120;
      return { data: [{ id: "qemu/100", metric: "cpu_current", timestamp: at, value: 0.5, type: "gauge" }] };
    };
    const errands = new Errands({ instance: "home", clock, ask });
    errands.observe = observation => void this.seen.push(observation);
    this.#past = new PastRounds(errands, () => true);
    this.gaps = new GapRounds(errands, this.#past, Run.remembered, gap => {
      Run.remembered = gap;
    });
  }

  /** What is to be asked for now. */
  errands() {
    return [...this.gaps.errands(RESOURCES, ["pve1"]), ...this.#past.errands(RESOURCES, ["pve1"])];
  }

  /** Does at most so many of them, and answers how many there were. */
  async work(most: number): Promise<number> {
    const errands = this.errands();
    for (const errand of errands.slice(0, most)) await errand.run(this.#clock.now(), NOBODY, 1);
    return errands.length;
  }
}

test("what one call fills is remembered until it has", async () => {
  const clock = new FakeClock();
  const run = new Run(clock, true);
  run.gaps.note(clock.now() - 30_000, clock.now(), FRESH);
  assert.equal(Run.remembered, null, "no gap worth a question");
  const gap = { from: clock.now() - 5 * MINUTE, to: clock.now() };
  run.gaps.note(gap.from, gap.to, FRESH);
  assert.deepEqual(Run.remembered, gap);
  await run.work(1);
  assert.equal(run.seen.length, 1);
  assert.equal(Run.remembered, null);
});

test("what is too long for what was seen to be fresh leaves a hole, and is asked for", () => {
  const clock = new FakeClock();
  const run = new Run(clock, true);
  run.gaps.note(clock.now() - 34_000, clock.now(), FRESH);
  assert.deepEqual(Run.remembered, { from: clock.now() - 34_000, to: clock.now() });
  Run.remembered = null;
});

test("a run that is killed while each resource is asked is gone on with by the next, until all have told", async () => {
  const clock = new FakeClock();
  const killed = new Run(clock, false);
  const gap = { from: clock.now() - 60 * MINUTE, to: clock.now() };
  killed.gaps.note(gap.from, gap.to, FRESH);
  await killed.work(1);
  await clock.advance(5 * MINUTE);
  assert.equal(await killed.work(1), 2, "a node and a guest are asked again");
  killed.errands();
  assert.deepEqual(Run.remembered, gap, "one of them has not told yet");

  const next = new Run(clock, false);
  next.gaps.note(clock.now() - 2 * MINUTE, clock.now(), FRESH);
  assert.deepEqual(Run.remembered, { from: gap.from, to: clock.now() });
  await next.work(1);
  await clock.advance(5 * MINUTE);
  assert.equal(await next.work(2), 2);
  assert.equal(next.seen.length, 2);
  assert.equal(next.errands().length, 0);
  assert.equal(Run.remembered, null);
});
