import assert from "node:assert/strict";
import { test } from "node:test";
import { dueTicks } from "./due-ticks.ts";

const ROWS: [sentence: string, said: number | null, known: number | null, due: number[]][] = [
  ["the next one", 99, 99, [100]],
  ["nothing twice", 100, 99, []],
  ["nothing that another core has said", 98, 100, []],
  ["what NATS could not take", 97, 97, [98, 99, 100]],
  ["nothing that is too old", 80, 80, [94, 95, 96, 97, 98, 99, 100]],
  ["what others could not say while this core was away", null, 97, [98, 99, 100]],
  ["the present, where nothing is known", null, null, [100]],
  ["the present, where all cores were away for long", null, 50, [100]],
];
for (const [sentence, said, known, due] of ROWS)
  test(`a core says ${sentence}`, () => assert.deepEqual(dueTicks(100, said, known), due));
