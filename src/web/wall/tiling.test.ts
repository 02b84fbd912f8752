import assert from "node:assert/strict";
import { test } from "node:test";
import { pageOf, pinnedPageOf, tilingOf } from "./tiling.ts";

const LEAST = { width: 10, height: 5 };

for (const [name, count, width, height, expected] of [
  ["one fills the room, up to twice its least size", 1, 100, 50, [1, 1, 2]],
  ["three stand beside each other where the room is wide", 3, 60, 10, [3, 1, 2]],
  ["and below each other where it is high", 3, 15, 30, [1, 3, 1.5]],
  ["twelve as large as they can be", 12, 60, 30, [3, 4, 1.5]],
  ["as many as fit", 24, 60, 20, [6, 4, 1]],
  ["and no more", 100, 60, 20, [6, 4, 1]],
  ["a room that is too small takes one", 5, 8, 3, [1, 1, 1]],
  ["none", 0, 60, 20, [1, 0, 2]],
] as const)
  test(`tiles: ${name}`, () => {
    const { columns, rows, scale } = tilingOf(count, { width, height }, LEAST, 2);
    assert.deepEqual([columns, rows, scale], expected);
  });

const LETTERS = ["a", "b", "c", "d", "e"];
for (const [name, most, turn, expected, page, pages] of [
  ["all, when they fit", 5, 3, "abcde", 0, 1],
  ["the first page at first", 2, 0, "ab", 0, 3],
  ["then the next", 2, 1, "cd", 1, 3],
  ["the last is filled up with what came before", 2, 2, "de", 2, 3],
  ["and round again", 2, 3, "ab", 0, 3],
  ["where none fits, none is shown", 0, 0, "", 0, 5],
] as const)
  test(`pages: ${name}`, () => {
    const { shown, ...rest } = pageOf(LETTERS, most, turn);
    assert.deepEqual([shown.join(""), rest], [expected, { page, pages }]);
  });

for (const [name, all, most, turn, expected, page, pages] of [
  ["nothing is pinned where all fits", "ABc", 5, 3, "ABc", 0, 1],
  ["the others take turns below what is pinned", "ABcde", 3, 0, "ABc", 0, 3],
  ["and what is pinned stays", "ABcde", 3, 2, "ABe", 2, 3],
  ["where too much is pinned, the worst stay and the rest take turns", "ABCDe", 3, 0, "ABC", 0, 3],
  ["each of them", "ABCDe", 3, 1, "ABD", 1, 3],
  ["with none pinned they are pages", "abcd", 2, 1, "cd", 1, 2],
  ["on a single line everything takes its turn", "ABc", 1, 2, "c", 2, 3],
] as const)
  test(`pinned: ${name}`, () => {
    const { shown, ...rest } = pinnedPageOf([...all], one => one === one.toUpperCase(), most, turn);
    assert.deepEqual([shown.join(""), rest.page, rest.pages], [expected, page, pages]);
  });
