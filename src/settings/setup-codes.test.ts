import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Database } from "../store/database.ts";
import { SetupCodes, type SetupPurpose } from "./setup-codes.ts";

/** As the server does: a code is found, then used up. */
function redeem(codes: SetupCodes, code: string, purpose: SetupPurpose, from: string, now: number): string {
  const found = codes.find(code, purpose, from, now);
  if (typeof found === "string") return found;
  return codes.perform(found, now).site === null ? "wrong" : "good";
}

function issue(codes: SetupCodes, purpose: SetupPurpose & { site?: string }, now: number) {
  const { code, deed } = codes.draw(purpose, now);
  codes.perform(deed, now);
  return { code, expires: deed.do === "keep" ? deed.expires : 0 };
}

const HOME: SetupPurpose = { type: "pve", host: "https://10.0.0.1:8006" };
const NOW = 1_000_000;
const LIFE = 5 * 60_000;
const FROM = "192.0.2.1";

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
  const { code, expires } = issue(codes, HOME, NOW);
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
    const { code } = issue(codes, HOME, NOW);
    assert.equal(redeem(codes, change(code), purpose, FROM, at), good ? "good" : "wrong");
  });

test("a code is good once, also when it was shown for something else", context => {
  const { codes } = openCodes(context);
  const { code } = issue(codes, HOME, NOW);
  assert.equal(redeem(codes, code, HOME, FROM, NOW), "good");
  assert.equal(redeem(codes, code, HOME, FROM, NOW), "wrong");
  const other = issue(codes, HOME, NOW);
  assert.equal(redeem(codes, other.code, { ...HOME, type: "pmg" }, FROM, NOW), "wrong");
  assert.equal(redeem(codes, other.code, HOME, FROM, NOW), "wrong");
});

test("a code survives a restart", context => {
  const { codes, database } = openCodes(context);
  const { code } = issue(codes, HOME, NOW);
  assert.equal(redeem(new SetupCodes(database), code, HOME, FROM, NOW), "good");
});

test("who guesses is stopped for as long as a code lives, and spoils nobody else's", context => {
  const { codes } = openCodes(context);
  const { code } = issue(codes, HOME, NOW);
  for (let guess = 0; guess < 10; guess++) assert.equal(redeem(codes, `22222${guess}`, HOME, FROM, NOW), "wrong");
  assert.equal(redeem(codes, code, HOME, FROM, NOW), "too-many");
  assert.equal(redeem(codes, "222222", HOME, FROM, NOW + LIFE), "too-many");
  assert.equal(redeem(codes, code, HOME, "192.0.2.2", NOW + LIFE), "good");
  const later = NOW + LIFE + 1;
  assert.equal(redeem(codes, issue(codes, HOME, later).code, HOME, FROM, later), "good");
});

test("the addresses that are counted are bounded", context => {
  const { codes } = openCodes(context);
  for (let guess = 0; guess < 10; guess++) redeem(codes, "222222", HOME, FROM, NOW);
  for (let other = 0; other < 10_000; other++) redeem(codes, "222222", HOME, `2001:db8::${other.toString(16)}`, NOW);
  assert.equal(redeem(codes, "222222", HOME, FROM, NOW), "wrong", "forgotten");
});

test("a code says for which site it is, and of two who use it at once only the first one may", context => {
  const { codes } = openCodes(context);
  const { code } = issue(codes, { ...HOME, site: "north" }, NOW);
  const found = codes.find(code, HOME, FROM, NOW);
  assert.ok(typeof found === "object");
  assert.deepEqual([codes.perform(found, NOW), codes.perform(found, NOW)], [{ site: "north" }, { site: null }]);
});
