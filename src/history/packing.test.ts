import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenBlock, readBlock, type Step } from "./block.ts";
import { LARGEST, readTokens, TokenWriter } from "./packing.ts";

type Sample = readonly [slot: number, value: number];

function pack(samples: readonly Sample[], first = 0): Uint8Array {
  const block = new OpenBlock(0, first, false);
  for (const [slot, value] of samples) block.put(slot, value, value, value);
  return block.toBytes();
}

function unpack(bytes: Uint8Array, first = 0, spread = false): Step[] {
  const steps: Step[] = [];
  readBlock(bytes, first, spread, step => steps.push(step));
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
    const bytes = pack(samples);
    assert.deepEqual(
      unpack(bytes),
      samples.map(([slot, mean]) => ({ slot, min: mean, mean, max: mean })),
    );
    assert.equal(bytes.length, length);
  });

test("samples not later than the last are dropped", () => {
  assert.deepEqual(unpack(pack([[3, 7], [3, 9], [2, 9], [4, 8]])).map(({ slot, mean }) => [slot, mean]), [[3, 7], [4, 8]]); // biome-ignore format: short
});

test("reading in between changes nothing of what is written after", () => {
  const block = new OpenBlock(0, 0, false);
  for (const slot of range(100)) {
    block.put(slot, 4, 4, 4);
    assert.equal(unpack(block.toBytes()).length, slot + 1);
  }
  assert.deepEqual(block.toBytes(), pack(range(100).map(slot => [slot, 4])));
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
  const block = new OpenBlock(0, 0, true);
  for (const { slot, min, mean, max } of steps) block.put(slot, min, mean, max);
  assert.deepEqual(unpack(block.toBytes(), 0, true), steps);
});

test("any walk comes back as it was", () => {
  for (const seed of range(200)) {
    const random = generator(seed);
    const spread = seed % 2 === 1;
    const reach = 10 ** (random() * 15);
    const first = Math.floor(random() * 1e6);
    const block = new OpenBlock(0, first, spread);
    const steps: Step[] = [];
    let mean = 0;
    for (let slot = first; slot < first + 360; slot++) {
      if (random() < 0.2) continue;
      if (random() < 0.7) mean = Math.round((random() - 0.5) * reach) + 0;
      const [below, above] =
        spread && random() < 0.5 ? [Math.round(random() * reach), Math.round(random() * 9)] : [0, 0];
      const step = { slot, min: mean - below, mean, max: mean + above };
      steps.push(step);
      assert.ok(block.put(slot, step.min, step.mean, step.max));
    }
    assert.deepEqual(unpack(block.toBytes(), first, spread), steps, `seed ${seed}`);
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
