import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { Database } from "./database.ts";
import { COMING_FILE, takeOver } from "./take-over.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-take-over-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const note = (database: Database, guest: string) => database.run("INSERT INTO guest_note VALUES (?, '{}')", guest);
const audited = (database: Database, action: string) =>
  database.run("INSERT INTO audit (at, action, outcome, hash) VALUES (1, ?, 'done', '')", action);
const contents = (folder: string) => {
  using database = Database.open(folder, "now");
  const audit = database.all("SELECT action FROM audit").map(({ action }) => action);
  audited(database, "later");
  assert.throws(() => database.run("DELETE FROM audit"), /only added to/);
  return { notes: database.all("SELECT guest FROM guest_note").map(({ guest }) => guest), audit };
};

/** Lays a database there, as another server's, that has noted "theirs". */
async function lay(t: TestContext, folder: string): Promise<void> {
  using database = Database.open(folderOf(t), "now");
  note(database, "theirs");
  audited(database, "theirs");
  await database.backup(join(folder, COMING_FILE));
}

test("what another server remembers takes the place of what is here, but for what is this one's own", async t => {
  const folder = folderOf(t);
  {
    using database = Database.open(folder, "now");
    note(database, "ours");
    audited(database, "ours");
  }
  assert.equal(takeOver(folder, "1"), null, "nothing came");
  for (const stamp of ["1", "2"]) {
    await lay(t, folder);
    assert.deepEqual(takeOver(folder, stamp), { aside: `pulse.db.replaced-${stamp}` });
    assert.deepEqual(contents(folder), { notes: ["theirs"], audit: stamp === "1" ? ["ours"] : ["ours", "later"] });
  }
  assert.deepEqual(
    readdirSync(folder).filter(name => name.includes("replaced-")),
    ["pulse.db.replaced-2"],
    "one is set aside",
  );
});

test("a server that has nothing yet gets none of the other's own", async t => {
  const folder = folderOf(t);
  await lay(t, folder);
  assert.deepEqual(takeOver(folder, "1"), { aside: null });
  assert.deepEqual(contents(folder), { notes: ["theirs"], audit: [] });
});

test("what is no database, or another version's, is removed and changes nothing", async t => {
  const folder = folderOf(t);
  {
    using database = Database.open(folder, "now");
    note(database, "ours");
  }
  writeFileSync(join(folder, COMING_FILE), "no database at all");
  assert.match(JSON.stringify(takeOver(folder, "1")), /cannot be used/);
  await lay(t, folder);
  {
    const other = new DatabaseSync(join(folder, COMING_FILE));
    other.exec("PRAGMA user_version = 1");
    other.close();
  }
  assert.match(JSON.stringify(takeOver(folder, "1")), /another version/);
  assert.equal(takeOver(folder, "1"), null);
  assert.deepEqual(contents(folder).notes, ["ours"]);
});
