import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import type { Instant } from "../kit/units.ts";
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
  assert.equal(takeOver(folder, 1), null, "nothing came");
  for (const stamp of [1, 2]) {
    await lay(t, folder);
    assert.deepEqual(takeOver(folder, stamp), { aside: `pulse.db.replaced-${stamp}` });
    assert.deepEqual(contents(folder), { notes: ["theirs"], audit: stamp === 1 ? ["ours"] : ["ours", "later"] });
  }
  assert.deepEqual(
    readdirSync(folder).filter(name => name.includes("replaced-")),
    ["pulse.db.replaced-2"],
    "one is set aside",
  );
});

/** An alert that began then, and that the channel "hook" was told of. */
function tell(database: Database, alert: string, began: Instant, over: Instant | null = null): void {
  const snapshot = JSON.stringify({ id: alert, message: `It is about ${alert}`, startTime: began });
  database.run(
    "INSERT INTO alert_episode (alert_id, resource_id, type, worst, began, alert) VALUES (?, '', 'cpu', 'warning', ?, ?)",
    ...[alert, began, snapshot],
  );
  database.run(
    `INSERT INTO notification (channel, name, service, address, reason, group_key, dedup, title, status, queued)
     VALUES ('hook', 'Hook', 'generic', 'host', 'firing', 'g', ?, '', 'delivered', ?)`,
    ...[`key-${alert}`, began],
  );
  database.run(
    "INSERT INTO notification_told VALUES ('hook', ?, ?, 'warning', ?, 1, ?, NULL)",
    ...[alert, began, over, `key-${alert}`],
  );
}

test("the end is queued of what people were told of by the memory that is replaced, and the other knows nothing of", async t => {
  const folder = folderOf(t);
  {
    using database = Database.open(folder, "now");
    tell(database, "unknown", 10);
    tell(database, "known", 10);
    tell(database, "over", 10, 20);
    tell(database, "again", 10);
  }
  {
    using database = Database.open(folderOf(t), "now");
    tell(database, "known", 10);
    // It began at another time there.
    tell(database, "again", 15);
    await database.backup(join(folder, COMING_FILE));
  }
  assert.deepEqual(takeOver(folder, 30), { aside: "pulse.db.replaced-30" });
  using database = Database.open(folder, "now");
  const queued = database.all(
    `SELECT channel, name, service, address, reason, group_key, dedup, title, due, alert, snapshot ->> 'startTime' AS began
     FROM notification JOIN notification_alert ON notification = id WHERE status = 'waiting' ORDER BY alert`,
  );
  const end = (alert: string) => ({
    ...{ channel: "hook", name: "Hook", service: "generic", address: "host", reason: "resolved" },
    ...{ group_key: `left ${alert}`, dedup: `key-${alert}`, title: `It is about ${alert}`, due: 30, alert, began: 10 },
  });
  assert.deepEqual(
    queued.map(row => ({ ...row })),
    [end("again"), end("unknown")],
  );
  const told = database.all("SELECT alert, at FROM notification_told WHERE over IS NULL ORDER BY alert");
  assert.deepEqual(
    told.map(({ alert, at }) => [alert, at]),
    [
      ["again", 15],
      ["known", 10],
      ["unknown", 10],
    ],
    "the channel knows of them",
  );
});

test("a server that has nothing yet gets none of the other's own", async t => {
  const folder = folderOf(t);
  await lay(t, folder);
  assert.deepEqual(takeOver(folder, 1), { aside: null });
  assert.deepEqual(contents(folder), { notes: ["theirs"], audit: [] });
});

test("what is no database, or another version's, is removed and changes nothing", async t => {
  const folder = folderOf(t);
  {
    using database = Database.open(folder, "now");
    note(database, "ours");
  }
  writeFileSync(join(folder, COMING_FILE), "no database at all");
  assert.match(JSON.stringify(takeOver(folder, 1)), /cannot be used/);
  await lay(t, folder);
  {
    const other = new DatabaseSync(join(folder, COMING_FILE));
    other.exec("PRAGMA user_version = 1");
    other.close();
  }
  assert.match(JSON.stringify(takeOver(folder, 1)), /another version/);
  assert.equal(takeOver(folder, 1), null);
  assert.deepEqual(contents(folder).notes, ["ours"]);
});
