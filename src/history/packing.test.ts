import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenBlock, readBlock, rolledSteps, type Step, sampleSteps } from "./block.ts";
import { LARGEST, readTokens, TokenWriter } from "./packing.ts";
import { rollUp } from "./roll-up.ts";
import { TIERS, type Tier } from "./tiers.ts";

type Sample = readonly [slot: number, value: number];
const SERIES = 300;

/** A block of the steps of one series among others. */
function blockWith(tier: Tier, index: number, steps: readonly Step[]): OpenBlock {
  const block = new OpenBlock(tier, index);
  for (const { slot, min, mean, max } of steps) {
    const columns = tier.isRolled ? rolledSteps() : sampleSteps();
    columns.min.set(SERIES, min);
    columns.max.set(SERIES, max);
    columns.mean.set(SERIES, mean);
    block.put(slot, columns, SERIES + 1);
  }
  return block;
}

function toStep([slot, value]: Sample): Step {
  return { slot, min: value, mean: value, max: value };
}

function unpack(bytes: Uint8Array | null, tier: Tier, index: number): Step[] {
  const steps: Step[] = [];
  readBlock(bytes ?? new Uint8Array(), tier, index, step => steps.push(step));
  return steps;
}

const range = (count: number) => Array.from({ length: count }, (_, at) => at);

const CASES: readonly (readonly [string, readonly Sample[], number])[] = [
  ["nothing takes no bytes", [], 0],
  ["one zero takes one byte", [[0, 0]], 1],
  ["a small value takes one byte", [[0, 31]], 1],
  ["a value that stays takes no more for the next 31 samples", range(32).map(slot => [slot, 5]), 2],
  ["an hour without any change takes three bytes", range(360).map(slot => [slot, 5]), 3],
  ["a gap takes a byte, and the same value after it another", [...range(9), 30].map(slot => [slot, 5]), 4],
  ["falling counts as rising", [[0, 10], [1, 0], [2, 20], [3, -5]], 4],
  ["steps of one percent take two bytes", [[0, 0], [1, 100], [2, 0]], 5],
  ["the largest values fit, even next to each other", [[0, LARGEST], [1, -LARGEST], [2, LARGEST]], 24],
  ["it may begin late", [[359, 1]], 3],
]; // biome-ignore format: a line a case

for (const [sentence, samples, length] of CASES)
  test(sentence, () => {
    const bytes = blockWith(TIERS[0], 0, samples.map(toStep)).pack(SERIES);
    assert.deepEqual(unpack(bytes, TIERS[0], 0), samples.map(toStep));
    assert.equal(bytes?.length ?? 0, length);
  });

test("a series that is not in a block has no bytes", () => {
  const block = blockWith(TIERS[0], 7, [toStep([7 * 360, 5])]);
  assert.equal(block.pack(SERIES - 1), null);
  assert.deepEqual([block.next(0), block.next(256), block.next(301)], [256, 256, 301]);
});

test("bytes that end too early are refused", () => {
  assert.throws(() => readTokens(new Uint8Array([0x80]), false, () => {}), RangeError);
});

test("spreads survive, also around an unchanged mean", () => {
  const steps = [
    { slot: 0, min: -3, mean: 0, max: 900 },
    { slot: 1, min: 0, mean: 0, max: 0 },
    { slot: 2, min: 0, mean: 0, max: 1 },
    { slot: 7, min: 5, mean: 5, max: 5 },
  ];
  assert.deepEqual(unpack(blockWith(TIERS[1], 0, steps).pack(SERIES), TIERS[1], 0), steps);
});

/** A walk with gaps, wide and narrow steps. */
function walk(seed: number, tier: Tier, index: number): Step[] {
  const random = generator(seed);
  const reach = 10 ** (random() * 15);
  const steps: Step[] = [];
  let mean = 0;
  for (let slot = index * tier.slots; slot < (index + 1) * tier.slots; slot++) {
    if (random() < 0.2) continue;
    if (random() < 0.7) mean = Math.round((random() - 0.5) * reach) + 0;
    const isWide = tier.isRolled && random() < 0.5;
    const [below, above] = isWide ? [Math.round(random() * reach), Math.round(random() * 9)] : [0, 0];
    steps.push({ slot, min: mean - below, mean, max: mean + above });
  }
  return steps;
}

test("any walk comes back as it was", () => {
  for (const seed of range(200)) {
    const tier = TIERS[seed % 2 === 0 ? 0 : 1];
    const index = seed * 5003;
    const steps = walk(seed, tier, index);
    assert.deepEqual(unpack(blockWith(tier, index, steps).pack(SERIES), tier, index), steps, `seed ${seed}`);
  }
});

test("a block reads the same however much of it is packed already, and rolls up to the same", () => {
  for (const seed of range(40)) {
    const tier = TIERS[seed % 2 === 0 ? 0 : 1];
    const coarser = TIERS[seed % 2 === 0 ? 1 : 2];
    const steps = walk(seed, tier, seed);
    const plain = blockWith(tier, seed, steps);
    const packed = blockWith(tier, seed, steps);
    const slot = Math.floor((seed * tier.slots * tier.step) / coarser.step);
    const rolled = rollUp(coarser, slot, plain);
    for (const most of [1, 2, 5, 1000]) {
      packed.tidy(most);
      const read: Step[] = [];
      packed.read(SERIES, (at, min, mean, max) => read.push({ slot: at, min, mean, max }));
      assert.deepEqual(read, steps, `seed ${seed}`);
      assert.deepEqual(rollUp(coarser, slot, packed), rolled, `seed ${seed}`);
    }
    assert.equal(packed.tidy(1000), 0, "nothing is left to be packed");
    assert.deepEqual(packed.pack(SERIES), plain.pack(SERIES));
    assert.equal(packed.pack(SERIES - 1), null);
    assert.deepEqual(
      steps.map(({ slot: at }) => packed.knows(at)),
      steps.map(() => true),
    );
  }
});

test("the tokens alone keep what has nothing to do with its neighbour", () => {
  const writer = new TokenWriter(false);
  const values: Sample[] = [[0, 0], [1, 5], [9, 0], [10, 0], [11, -7]]; // biome-ignore format: short
  for (const [position, value] of values) writer.write(position, value);
  const read: Sample[] = [];
  readTokens(writer.toBytes(), false, (position, value) => read.push([position, value]));
  assert.deepEqual(read, values);
});

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a block that begins late in its hour is packed at once: what is empty before it costs nothing", () => {
  const [raw] = TIERS;
  const steps = range(24).map(step => toStep([raw.slots - 24 + step, step]));
  const block = blockWith(raw, 0, steps);
  // Two runs, of two chunks each.
  assert.equal(block.tidy(4), 4);
  assert.equal(block.tidy(1000), 0);
  assert.deepEqual(unpack(block.pack(SERIES), raw, 0), steps);
});
