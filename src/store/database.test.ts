import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

test("a file that somebody removes is put back, with all that was written until the end", context => {
  const folder = folderFor(context);
  const path = join(folder, DATABASE_FILE);
  {
    using database = Database.open(folder, "a");
    insert(database, "pve1");
    assert.equal(database.wasRemoved(), false);
    rmSync(path);
    assert.equal(database.wasRemoved(), true);
    assert.ok(existsSync(path));
    insert(database, "pve2");
  }
  using again = Database.open(folder, "a");
  assert.deepEqual(
    again.all("SELECT node FROM member").map(row => row.node),
    ["pve1", "pve2"],
  );
});

test("a file that somebody puts in the place of ours is left alone", context => {
  const folder = folderFor(context);
  const path = join(folder, DATABASE_FILE);
  {
    using database = Database.open(folder, "a");
    rmSync(path);
    writeFileSync(path, "another");
    assert.equal(database.wasRemoved(), true);
  }
  assert.deepEqual(readFileSync(path, "utf8"), "another");
});

const SHELTERED = [
  { table: "notification", rows: "status = 'waiting'" },
  { table: "notification_alert", rows: "notification IN (SELECT id FROM main.notification WHERE status = 'waiting')" },
];
const put = (database: Database, title: string) =>
  Number(
    database.all(
      `INSERT INTO notification (channel, name, service, address, reason, group_key, dedup, title, status, queued)
       VALUES ('a', 'a', 'a', '', 'firing', '', '', ?, 'waiting', 0) RETURNING id`,
      title,
    )[0]?.id,
  );
const titles = (database: Database) =>
  database.all("SELECT title FROM notification ORDER BY id").map(({ title }) => String(title));

test("sheltered tables go on in memory, under numbers of their own, and are back in the file afterwards", context => {
  const folder = folderFor(context);
  {
    using database = Database.open(folder, "a");
    const first = put(database, "sent while sheltered");
    database.run("INSERT INTO notification_alert VALUES (?, 'x', NULL)", first);
    database.run("UPDATE notification SET status = 'delivered' WHERE id = ?", put(database, "long ago"));
    database.shelter(SHELTERED);
    assert.deepEqual(titles(database), ["sent while sheltered"]);
    database.run("UPDATE notification SET status = 'delivered' WHERE id = ?", first);
    const third = put(database, "new");
    assert.equal(third, first + 2);
    database.run("INSERT INTO notification_alert VALUES (?, 'y', NULL)", third);
    assert.throws(() =>
      database.transaction(() => {
        database.leaveShelter();
        put(database, "rolled back");
        throw new RangeError("refused again");
      }),
    );
    assert.deepEqual(titles(database), ["sent while sheltered", "new"]);
    database.transaction(() => database.leaveShelter());
    database.leftShelter();
    assert.equal(put(database, "later"), third + 1);
  }
  using again = Database.open(folder, "a");
  assert.deepEqual(titles(again), ["sent while sheltered", "long ago", "new", "later"]);
  assert.deepEqual(
    again.all("SELECT status FROM notification ORDER BY id").map(({ status }) => status),
    ["delivered", "delivered", "waiting", "waiting"],
  );
  assert.equal(again.all("SELECT * FROM notification_alert").length, 2);
});
