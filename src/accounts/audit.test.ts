import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { DATABASE_FILE, Database } from "../store/database.ts";
import { AuditLog } from "./audit.ts";

/** A log of five entries whose file `tamper` has changed; and what a check of it says then. */
function checkAfter(context: TestContext, tamper: string) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-audit-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const clock = new FakeClock();
  {
    using database = Database.open(folder, "0");
    const log = new AuditLog(database, clock);
    for (let index = 1; index <= 5; index += 1)
      log.append({ actor: `a${index}`, address: null, action: "login", target: null, outcome: "ok", detail: null });
    assert.throws(() => database.run("DELETE FROM audit WHERE number = 2"), /only added to/);
    assert.throws(() => database.run("UPDATE audit SET actor = 'x' WHERE number = 2"), /only added to/);
  }
  const file = new DatabaseSync(join(folder, DATABASE_FILE));
  file.exec(`DROP TRIGGER audit_stays; DROP TRIGGER audit_remains; ${tamper}`);
  file.close();
  using database = Database.open(folder, "0");
  return new AuditLog(database, clock).verify();
}

const TAMPERING: [sentence: string, sql: string, brokenAt: number | null][] = [
  ["a log that nobody touched is whole", "", null],
  ["an entry that was changed shows", "UPDATE audit SET actor = 'x' WHERE number = 3", 3],
  ["an entry that was taken out shows", "DELETE FROM audit WHERE number = 3", 3],
  ["a beginning that was taken out shows", "DELETE FROM audit WHERE number < 3", 1],
  [
    "entries that changed places show",
    "UPDATE audit SET number = 9 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 4; UPDATE audit SET number = 4 WHERE number = 9",
    3,
  ],
  ["a time that was changed shows", "UPDATE audit SET at = at + 1 WHERE number = 5", 5],
];
for (const [sentence, sql, brokenAt] of TAMPERING)
  test(sentence, context => {
    const { ok, brokenAt: found } = checkAfter(context, sql);
    assert.deepEqual([ok, found], [brokenAt === null, brokenAt]);
  });
