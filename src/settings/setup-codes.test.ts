import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Database } from "../store/database.ts";
import { SetupCodes, type SetupPurpose } from "./setup-codes.ts";

const HOME: SetupPurpose = { type: "pve", host: "https://10.0.0.1:8006" };
const NOW = 1_000_000;
const LIFE = 5 * 60_000;

function openCodes(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-codes-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return { codes: new SetupCodes(database), database, folder };
}

test("a code is six letters and digits that cannot be mistaken, and never lies in the database", context => {
  const { codes, folder } = openCodes(context);
  const { code, expires } = codes.issue(HOME, NOW);
  assert.match(code, /^[2-9A-HJKMNP-Z]{6}$/);
  assert.equal(expires, NOW + LIFE);
  assert.ok(!readFileSync(join(folder, "pulse.db")).includes(code));
  assert.ok(!readFileSync(join(folder, "pulse.db-wal")).includes(code));
});

const CASES: [sentence: string, purpose: SetupPurpose, at: number, change: (code: string) => string, good: boolean][] =
  [
    ["at once", HOME, NOW, code => code, true],
    ["in its last millisecond", HOME, NOW + LIFE, code => code, true],
    ["a millisecond later", HOME, NOW + LIFE + 1, code => code, false],
    ["in small letters, with blanks", HOME, NOW, code => ` ${code.toLowerCase()} `, true],
    ["for another host", { ...HOME, host: "https://10.0.0.2:8006" }, NOW, code => code, false],
    ["for another product", { ...HOME, type: "pbs" }, NOW, code => code, false],
    ["a wrong one", HOME, NOW, () => "222222", false],
    ["an empty one", HOME, NOW, () => "", false],
  ];
for (const [sentence, purpose, at, change, good] of CASES)
  test(`a code ${good ? "is good" : "is no good"}: ${sentence}`, context => {
    const { codes } = openCodes(context);
    const { code } = codes.issue(HOME, NOW);
    assert.equal(codes.redeem(change(code), purpose, at), good);
  });

test("a code is good once, also when it was shown for something else", context => {
  const { codes } = openCodes(context);
  const { code } = codes.issue(HOME, NOW);
  assert.equal(codes.redeem(code, HOME, NOW), true);
  assert.equal(codes.redeem(code, HOME, NOW), false);
  const other = codes.issue(HOME, NOW);
  assert.equal(codes.redeem(other.code, { ...HOME, type: "pmg" }, NOW), false);
  assert.equal(codes.redeem(other.code, HOME, NOW), false);
});

test("a code survives a restart", context => {
  const { codes, database } = openCodes(context);
  const { code } = codes.issue(HOME, NOW);
  assert.equal(new SetupCodes(database).redeem(code, HOME, NOW), true);
});

test("guessing makes the open codes void", context => {
  const { codes } = openCodes(context);
  const { code } = codes.issue(HOME, NOW);
  for (let guess = 0; guess < 10; guess++) codes.redeem(`22222${guess}`, HOME, NOW);
  assert.equal(codes.redeem(code, HOME, NOW), false);
});
