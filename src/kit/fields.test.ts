import assert from "node:assert/strict";
import { test } from "node:test";
import { toCount, toNumber, toSeconds, toToldFlag } from "./fields.ts";

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

const NUMBERS: [sentence: string, value: unknown, expected: number | null][] = [
  ["a text", "-1.5", -1.5],
  ["more bytes than there are", 2 ** 64, 2 ** 64],
  ["so large that nothing can be reckoned with it", 1e308, null],
  ["as large below zero, as a text", "-1e308", null],
  ["infinite", "Infinity", null],
  ["an empty text", " ", null],
];
for (const [sentence, value, expected] of NUMBERS)
  test(`a number: ${sentence}`, () => assert.equal(toNumber(value), expected));

const FLAGS: [sentence: string, value: unknown, expected: boolean | null][] = [
  ["a one", 1, true],
  ["a text", "0", false],
  ["Perl's false", "", false],
  ["nothing", undefined, null],
  ["null", null, null],
  ["an object", {}, null],
  ["a word", "unknown", null],
];
for (const [sentence, value, expected] of FLAGS)
  test(`a flag that may not be told: ${sentence}`, () => assert.equal(toToldFlag(value), expected));
