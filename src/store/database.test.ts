import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { DATABASE_FILE, Database, StoreError } from "./database.ts";

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-store-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const insert = (database: Database, node: string) =>
  database.run("INSERT INTO member VALUES ('home', ?, 'https://10.0.0.1:8006', NULL)", node);

test("what a transaction wrote is there after a reopen, what a failed one wrote is not", context => {
  const folder = folderFor(context);
  {
    using database = Database.open(folder, "a");
    database.transaction(() => insert(database, "pve1"));
    assert.throws(() =>
      database.transaction(() => {
        insert(database, "pve2");
        throw new RangeError("stop");
      }),
    );
  }
  using again = Database.open(folder, "a");
  assert.deepEqual(
    again.all("SELECT node FROM member").map(row => row.node),
    ["pve1"],
  );
});

test("a second Pulse on the same data folder is told so", context => {
  const folder = folderFor(context);
  using database = Database.open(folder, "a");
  assert.throws(
    () => Database.open(folder, "a"),
    (error: unknown) => error instanceof StoreError && error.fault === "in-use",
  );
  assert.equal(database.setAside, null);
});

test("a file that is no database is put aside, not deleted, and Pulse starts", context => {
  const folder = folderFor(context);
  writeFileSync(join(folder, DATABASE_FILE), "no database at all, ".repeat(500));
  using database = Database.open(folder, "20260101");
  insert(database, "pve1");
  assert.ok(readdirSync(folder).includes(`${DATABASE_FILE}.broken-20260101`));
});

test("a folder that cannot be made is named", () => {
  assert.throws(() => Database.open("/dev/null/data", "a"), /Cannot write to data folder "\/dev\/null\/data"/);
});

test("a database of a newer Pulse is left alone", context => {
  const folder = folderFor(context);
  const newer = new DatabaseSync(join(folder, DATABASE_FILE));
  newer.exec("PRAGMA user_version = 9999");
  newer.close();
  assert.throws(
    () => Database.open(folder, "a"),
    (error: unknown) => error instanceof StoreError && error.fault === "too-new",
  );
});
