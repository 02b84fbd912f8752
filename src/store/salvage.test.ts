import assert from "node:assert/strict";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DATABASE_FILE, Database } from "./database.ts";
import { salvage } from "./salvage.ts";

const ROWS = 2000;

/** A folder whose database has members of a cluster, and frames of history in 2,000 rows. */
function folderFor(context: TestContext): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), "pulse-salvage-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  using database = Database.open(folder, "a");
  database.transaction(() => {
    for (const node of ["pve1", "pve2"])
      database.run("INSERT INTO member VALUES ('home', ?, 'https://10.0.0.1:8006', NULL)", node);
    for (let slot = 1; slot <= ROWS; slot++)
      database.run("INSERT INTO history_raw_frame VALUES (?, ?)", slot, Buffer.from(`frame ${slot} `.repeat(20)));
  });
  return { folder, path: join(folder, DATABASE_FILE) };
}

test("of a database that is damaged in the middle of a table, all the rest is saved", context => {
  const { folder, path } = folderFor(context);
  const at = readFileSync(path).indexOf("frame 1000 ");
  writeSync(openSync(path, "r+"), Buffer.alloc(2048, 0x5a), 0, 2048, Math.floor(at / 1024) * 1024);
  const saved = salvage(folder, "7");
  assert.equal(saved?.aside, `${path}.broken-7`);
  assert.ok(existsSync(saved.aside));
  assert.deepEqual(saved.lost, ["history_raw_frame"]);
  using database = Database.open(folder, "a");
  const count = (table: string) => Number(database.all(`SELECT count(*) AS n FROM ${table}`)[0]?.n);
  assert.equal(count("member"), 2);
  const frames = count("history_raw_frame");
  assert.ok(frames < ROWS && frames > ROWS - 50, `${frames} frames`);
  assert.equal(saved.rows, frames + 2);
});

test("what is no database at all is set aside, and a new one begun", context => {
  const { folder, path } = folderFor(context);
  writeFileSync(path, "no database at all, ".repeat(500));
  assert.deepEqual(salvage(folder, "7"), { aside: `${path}.broken-7`, rows: 0, lost: ["all"] });
  using database = Database.open(folder, "a");
  assert.equal(database.all("SELECT * FROM member").length, 0);
});

test("a sound one stays where it is", context => {
  const { folder, path } = folderFor(context);
  assert.equal(salvage(folder, "7"), null);
  assert.ok(existsSync(path));
});
