import assert from "node:assert/strict";
import { test } from "node:test";
import { toCount, toSeconds } from "./fields.ts";

const TIMES: [sentence: string, value: unknown, expected: number | null][] = [
  ["a number", 1_767_225_600, 1_767_225_600],
  ["a text", "1767225600", 1_767_225_600],
  ["a fraction", 1.5, 1.5],
  ["before there were any", -62_135_596_801, null],
  ["the last second of the year 9999", 253_402_300_799, 253_402_300_799],
  ["after it", 253_402_300_800, null],
  ["more than dates can hold", 1e15, null],
  ["no number", Number.NaN, null],
  ["nothing", undefined, null],
];
for (const [sentence, value, expected] of TIMES)
  test(`a time in seconds: ${sentence}`, () => assert.equal(toSeconds(value), expected));

const COUNTS: [sentence: string, value: unknown, expected: number | null][] = [
  ["a number", 100, 100],
  ["a text", "100", 100],
  ["zero", 0, 0],
  ["below zero", -1, null],
  ["a fraction", 1.5, null],
  ["more than is exact", 2 ** 53, null],
  ["nothing", "", null],
];
for (const [sentence, value, expected] of COUNTS)
  test(`a whole number: ${sentence}`, () => assert.equal(toCount(value), expected));
