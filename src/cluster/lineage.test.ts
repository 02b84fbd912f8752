import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Database } from "../store/database.ts";
import { Lineage, whoHasMore } from "./lineage.ts";
import type { Member } from "./members.ts";
import { CORES } from "./names.ts";

function databaseOf(context: TestContext): Database {
  const folder = mkdtempSync(join(tmpdir(), "pulse-lineage-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return database;
}

function lineageOf(context: TestContext, ...losses: number[]): Lineage {
  const lineage = new Lineage(databaseOf(context));
  for (const at of losses) lineage.branch({ at, command: 5 });
  return lineage;
}

const core = (name: string, lineage: Pick<Lineage, "last"> | object, silentSince: number | null = null): Member => ({
  ...{ site: CORES, name, seen: 1, silentSince },
  said: { lineage: lineage instanceof Lineage ? lineage.last : lineage },
});

test("what cores have come through is the same for those that had kept the same each time, also after a start", context => {
  const database = databaseOf(context);
  const one = new Lineage(database);
  one.branch({ at: 100, command: 5 });
  one.branch({ at: 200, command: 5 });
  const same = lineageOf(context, 100, 200);
  assert.deepEqual(new Lineage(database).last, same.last);
  assert.notEqual(lineageOf(context, 110, 200).last?.name, same.last?.name);
  same.branch({ at: 200, command: 5 });
  assert.deepEqual(same.last, one.last, "nothing was kept in between");
});

const ROWS: [sentence: string, own: number[], others: number[][], expected: string | null][] = [
  ["nobody's, where nothing was lost", [], [[], []], null],
  ["nobody's, where all had kept the same", [100], [[100], [100]], null],
  ["that of one that went on, by who had read on as if nothing was lost", [], [[100], [100]], "two"],
  ["nobody's, by who had kept more", [110], [[100], [100]], null],
  ["that of who had kept more, by who had kept less", [100], [[110]], "two"],
  ["that of who had kept most", [100], [[110], [120]], "three"],
  ["that of who has come through more, by who was away then", [100], [[100, 200]], "two"],
  ["nobody's, by who has come through the same and more", [100, 200], [[100]], null],
];

for (const [sentence, own, others, expected] of ROWS)
  test(`a core takes over the memory of ${sentence}`, context => {
    const members = others.map((losses, at) => core(["two", "three"][at] ?? "", lineageOf(context, ...losses)));
    assert.equal(whoHasMore("one", lineageOf(context, ...own), members), expected);
  });

test("of two that had kept as much of different lines, one gives way to the other, and not both", context => {
  const [one, two] = [lineageOf(context, 100, 300), lineageOf(context, 110, 300)];
  const given = [whoHasMore("one", one, [core("two", two)]), whoHasMore("two", two, [core("one", one)])];
  assert.deepEqual(given.filter(from => from !== null).length, 1, String(given));
});

test("of two that had kept as much, the one gives way that has done fewer commands", context => {
  const [one, two] = [lineageOf(context), lineageOf(context, 100)];
  one.branch({ at: 100, command: 6 });
  assert.equal(whoHasMore("two", two, [core("one", one)]), "one");
  assert.equal(whoHasMore("one", one, [core("two", two)]), null);
});

test("nobody takes over from who is silent, no core, itself, or says what is none", context => {
  const own = lineageOf(context, 100);
  const more = lineageOf(context, 200);
  const members: Member[] = [
    core("two", more, 5),
    core("one", more),
    { ...core("edge", more), site: "north" },
    core("three", { at: "200", command: 5, name: "x" }),
    core("four", { at: 200, command: 5 }),
  ];
  assert.equal(whoHasMore("one", own, members), null);
});
