import assert from "node:assert/strict";
import { test } from "node:test";
import { type Standing, whoIsAhead } from "./ahead.ts";

type Places = Standing["positions"];
const at = (stream: string, tick: number, { command = 0, began = 1 } = {}): Places[number] => ({
  ...{ stream, tick, command, began },
});

const CASES: [
  name: string,
  own: Places,
  others: [name: string, Places][],
  oldest: number,
  expected: string | null,
  isWhole?: boolean,
  made?: string,
][] = [
  ["nobody answers", [at("lost", 100)], [], 110, null],
  ["nobody has kept anything", [], [["two", []]], 1, null],
  ["a new one takes what the stream has no more", [], [["two", [at("now", 100)]]], 50, "two"],
  ["what the stream has from the first on is read there", [], [["two", [at("now", 100, { began: 60 })]]], 50, null],
  ["all had come as far in the stream that was lost", [at("lost", 100)], [["two", [at("lost", 100)]]], 110, null],
  [
    "… though one of them has gone on in the new one",
    [at("lost", 100)],
    [["two", [at("lost", 100), at("now", 130)]]],
    110,
    null,
  ],
  ["one had come further there", [at("lost", 100)], [["two", [at("lost", 110), at("now", 130)]]], 120, "two"],
  ["… by a command alone", [at("lost", 100)], [["two", [at("lost", 100, { command: 99 })]]], 120, "two"],
  ["this one had come further there", [at("lost", 110)], [["two", [at("lost", 100), at("now", 130)]]], 120, null],
  [
    "one has gone on in the same one, of which this one had come to an end that is lost",
    [at("now", 110)],
    [["two", [at("now", 130)]]],
    50,
    null,
  ],
  [
    "… and was away for longer than the new one remembers",
    [at("lost", 110)],
    [["two", [at("lost", 100), at("now", 900)]]],
    500,
    "two",
    false,
  ],
  [
    "the one that has come furthest goes first, then the first by name",
    [at("lost", 100)],
    [
      ["three", [at("lost", 120)]],
      ["two", [at("lost", 120)]],
      ["four", [at("lost", 110)]],
    ],
    130,
    "three",
  ],
  ["away for longer than the stream remembers", [at("now", 100)], [["two", [at("now", 900)]]], 500, "two", false],
  ["away for longer than two streams", [at("first", 100)], [["two", [at("now", 900)]]], 500, "two", false],
  [
    "one that began later has no memory to give",
    [at("first", 100)],
    [["two", [at("now", 900, { began: 800 })]]],
    800,
    null,
  ],
];

for (const [name, own, others, oldest, expected, isWhole = true, made = "now"] of CASES)
  test(name, () => {
    const standings = others.map(([name, positions]) => ({ name, positions }));
    assert.equal(whoIsAhead(own, standings, { made, oldest, isWhole }), expected);
  });
