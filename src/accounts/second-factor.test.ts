import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Secret, TOTP } from "otpauth";
import { FakeClock } from "../kit/clock.ts";
import { MINUTE } from "../kit/units.ts";
import { Database } from "../store/database.ts";
import { type Sealing, SecondFactor } from "./second-factor.ts";

/** Not what is looked at here. */
const OPEN: Sealing = { close: secret => Buffer.from(secret), open: sealed => Buffer.from(sealed).toString() };

/** Anna's second factor, on a database that can be made to refuse every write. */
function factorFor(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-factor-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const database = Database.open(folder, "a");
  context.after(() => database[Symbol.dispose]());
  database.run("INSERT INTO account (name, role, password, created, changed) VALUES ('anna', 'admin', 'x', 0, 0)");
  const clock = new FakeClock();
  const open = () => new SecondFactor(database, OPEN, clock);
  const factor = open();
  const { secret } = factor.offer("anna");
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const code = () => totp.generate({ timestamp: clock.now() });
  const confirmed = factor.confirm("anna", code());
  assert.ok(confirmed);
  factor.on("anna", confirmed.factor);
  const recovery = confirmed.codes;
  clock.set(clock.now() + MINUTE);
  const refuse = (is: boolean) => database.run(`PRAGMA query_only = ${is ? "ON" : "OFF"}`);
  return { factor, open, clock, code, recovery, refuse };
}

/** As at a sign-in: whether it is good; it is used up by that. */
function check(factor: SecondFactor, code: string): boolean {
  const use = factor.judge("anna", code);
  return use !== null && factor.use("anna", use);
}

test("while the disk takes nothing a code lets in, once; and it is used up for the next start, too", context => {
  const { factor, open, code, recovery, refuse } = factorFor(context);
  const [first = "", second = ""] = recovery;
  refuse(true);
  const used = code();
  assert.deepEqual([check(factor, used), check(factor, used)], [true, false]);
  assert.deepEqual([check(factor, first), check(factor, first)], [true, false]);
  assert.equal(check(factor, second), true, "the others are still good");
  factor.flush();
  refuse(false);
  factor.flush();
  const next = open();
  assert.deepEqual(
    [used, first, second].map(each => check(next, each)),
    [false, false, false],
  );
  assert.equal(check(next, recovery[2] ?? ""), true);
});

test("what was used up before it is switched off and on again is nothing to the new one", context => {
  const { factor, clock, code, refuse } = factorFor(context);
  refuse(true);
  assert.equal(check(factor, code()), true);
  refuse(false);
  factor.off("anna");
  factor.flush();
  assert.equal(factor.isOn("anna"), false);
  const { secret } = factor.offer("anna");
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const confirmed = factor.confirm("anna", totp.generate({ timestamp: clock.now() }));
  assert.equal(confirmed?.codes.length, 10);
  factor.on("anna", confirmed.factor);
  clock.set(clock.now() + MINUTE);
  assert.equal(check(factor, totp.generate({ timestamp: clock.now() })), true);
});
