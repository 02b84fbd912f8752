import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { DAY, GIB, MIB } from "../kit/units.ts";
import { Database } from "../store/database.ts";
import { soundCheck } from "../store/sound-check.ts";
import { BackupFolder } from "./backup-folder.ts";

const START = Date.UTC(2026, 10, 29);
const GO_ON = new AbortController().signal;

function open(context: TestContext, roomIn?: () => Promise<{ free: number; size: number }>) {
  const dataDir = mkdtempSync(join(tmpdir(), "pulse-backups-"));
  const database = Database.open(dataDir, "");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const folder = new BackupFolder(database, dataDir, ...(roomIn ? [roomIn] : []));
  return { dataDir, database, folder, files: () => readdirSync(folder.path).sort() };
}

/** Rows that take about so many mebibytes. */
function fill(database: Database, mebibytes: number) {
  database.run("CREATE TABLE bulk (number INTEGER PRIMARY KEY, filler BLOB NOT NULL) STRICT");
  database.run(
    `INSERT INTO bulk (filler) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${mebibytes * 1024})
     SELECT randomblob(980) FROM n`,
  );
}

test("a backup stands by itself, for its owner only, and has what was written while it was made, or not, as a whole", async context => {
  const { database, folder, files } = open(context);
  fill(database, 20);
  const made = folder.make("manual", START, GO_ON);
  let pairs = 0;
  const writing = setInterval(() => {
    pairs += 1;
    database.transaction(() => {
      database.run("INSERT INTO guest_note VALUES (?, '{}')", `a${pairs}`);
      database.run("INSERT INTO guest_note VALUES (?, '{}')", `b${pairs}`);
    });
  }, 1);
  const backup = await made;
  clearInterval(writing);
  assert.deepEqual(files(), ["pulse-manual-2026-11-29T00-00-00Z.db"]);
  assert.deepEqual(folder.list(), [backup]);
  const path = folder.find(backup.name) ?? "";
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(folder.path).mode & 0o777, 0o700);
  assert.ok(backup.size > 20 * MIB && pairs > 0);
  using copy = new DatabaseSync(path, { readOnly: true });
  const [{ rows }] = copy.prepare("SELECT count(*) AS rows FROM bulk").all() as [{ rows: number }];
  const [{ notes }] = copy.prepare("SELECT count(*) AS notes FROM guest_note").all() as [{ notes: number }];
  assert.equal(rows, 20 * 1024);
  assert.equal(notes % 2, 0);
});

test("of those that the clock made so many stay, of those that a person made all, and the last one always", async context => {
  const { folder } = open(context);
  for (let day = 0; day < 4; day += 1) await folder.make("scheduled", START + day * DAY, GO_ON);
  await folder.make("manual", START, GO_ON);
  assert.deepEqual(folder.prune(2), [
    "pulse-scheduled-2026-11-30T00-00-00Z.db",
    "pulse-scheduled-2026-11-29T00-00-00Z.db",
  ]);
  assert.deepEqual(folder.prune(0), ["pulse-scheduled-2026-12-01T00-00-00Z.db"]);
  assert.deepEqual(
    folder.list().map(({ name }) => name),
    ["pulse-scheduled-2026-12-02T00-00-00Z.db", "pulse-manual-2026-11-29T00-00-00Z.db"],
  );
  assert.equal(folder.remove("pulse-manual-2026-11-29T00-00-00Z.db"), true);
  assert.equal(folder.remove("../pulse.db"), false);
});

test("without room there is no backup, and nothing is left of it; some room is spared", async context => {
  let free = 3 * MIB;
  const { database, folder, files } = open(context, async () => ({ free, size: 100 * GIB }));
  fill(database, 4);
  await assert.rejects(folder.make("scheduled", START, GO_ON), {
    name: "BackupFailed",
    message: /^there is not enough room: 1,029 MiB are needed, 3 MiB are free$/,
  });
  free = GIB;
  await assert.rejects(folder.make("scheduled", START, GO_ON), /not enough room/);
  assert.deepEqual(files(), []);
  free = GIB + 5 * MIB;
  await folder.make("scheduled", START, GO_ON);
  assert.equal(files().length, 1);
});

test("one that is broken off leaves nothing, and what an earlier one left is cleared away", async context => {
  const { database, folder, files } = open(context);
  fill(database, 20);
  const stop = new AbortController();
  const made = folder.make("scheduled", START, stop.signal);
  setTimeout(() => stop.abort(), 5);
  await assert.rejects(made, { name: "AbortError" });
  assert.deepEqual(files(), []);
  for (const ending of [".unchecked", ".unchecked.partial", ".unchecked-journal"])
    writeFileSync(join(folder.path, `pulse-scheduled-2026-11-01T00-00-00Z.db${ending}`), "x");
  await folder.make("scheduled", START, GO_ON);
  assert.deepEqual(files(), ["pulse-scheduled-2026-11-29T00-00-00Z.db"]);
});

test("a folder that cannot be made is told, and no bug", async context => {
  const { dataDir, folder } = open(context);
  writeFileSync(join(dataDir, "backups"), "in the way");
  await assert.rejects(folder.make("scheduled", START, GO_ON), { name: "BackupFailed", message: /EEXIST|ENOTDIR/ });
  rmSync(join(dataDir, "backups"));
  mkdirSync(join(dataDir, "backups"));
  await folder.make("scheduled", START, GO_ON);
});

test("the check says what is wrong with a file that is damaged, or none", async context => {
  const { dataDir, database, folder } = open(context);
  fill(database, 2);
  const { name } = await folder.make("manual", START, GO_ON);
  const path = folder.find(name) ?? "";
  assert.equal(await soundCheck(path, GO_ON), null);
  const { openSync, writeSync, closeSync } = await import("node:fs");
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(64 * 1024, 7), 0, 64 * 1024, MIB);
  closeSync(file);
  assert.match(String(await soundCheck(path, GO_ON)), /./);
  const other = join(dataDir, "other");
  writeFileSync(other, "no database at all".repeat(1000));
  assert.match(String(await soundCheck(other, GO_ON)), /not a database/);
});
