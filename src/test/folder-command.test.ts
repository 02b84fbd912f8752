import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { runOnDataFolder, toFolderCommand } from "../folder-command.ts";
import { systemClock } from "../kit/clock.ts";
import { startSupervised } from "./supervised.ts";

const PASSPHRASE = "a long passphrase";

function newFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-folder-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Types a command on the machine of the server. */
function typing(dataDir: string) {
  return async (typed: string, passphrase: string | null = null) => {
    const command = toFolderCommand(typed.split(" "), passphrase);
    return typeof command === "string" ? { ok: false, text: command } : runOnDataFolder(dataDir, command, systemClock);
  };
}

/** The data folder of an older version, written to the description of it. */
function legacyFolder(context: TestContext) {
  const folder = newFolder(context);
  const key = randomBytes(32);
  const seal = (value: unknown, with_ = key) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", with_, nonce);
    return Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]);
  };
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  const node = {
    Name: "lab",
    Host: "https://127.0.0.9:8006",
    TokenName: "a@pam!b",
    TokenValue: "s3cret",
    VerifySSL: false,
  };
  write(".encryption.key", `${key.toString("base64")}\n`);
  write("nodes.enc", seal({ pveInstances: [node], pbsInstances: [], pmgInstances: null }));
  write(
    "webhooks.enc",
    seal([
      {
        id: "w",
        name: "Chat",
        url: "https://discord.com/api/webhooks/1/a",
        method: "POST",
        headers: null,
        enabled: true,
        service: "discord",
      },
    ]),
  );
  write("system.json", JSON.stringify({ pbsPollingInterval: 90, theme: "light", backendPort: 0 }));
  write("guest_metadata.json", JSON.stringify({ "pve1-100": { id: "pve1-100", customUrl: "https://x.example" } }));
  return { folder, write, seal };
}

test("the data folder of an older version is told, then taken over", async context => {
  const pulse = await startSupervised(context);
  const type = typing(pulse.folder);
  const { folder } = legacyFolder(context);
  const told = await type(`import ${folder} --dry-run`);
  assert.equal(
    told.text,
    `An import would do this:
  adds "lab" (https://127.0.0.9:8006)
  adds webhook "Chat"
  sets pbsPollingInterval to 90
  sets theme to "light"
  notes something of guest "lab:guest:100"`,
  );
  assert.match((await type(`import ${folder}`)).text, /^Imported:\n {2}adds "lab"/);
  await pulse.until<{ id: string }[]>("/api/config/nodes", nodes => nodes.map(({ id }) => id).join() === "lab");
  assert.equal((await type(`import ${folder}`)).text, "Everything is so already.");
});

const SPOILED: [sentence: string, spoil: (legacy: ReturnType<typeof legacyFolder>) => void, problem: RegExp][] = [
  [
    "without its key",
    ({ folder }) => rmSync(join(folder, ".encryption.key")),
    /nodes\.enc: is sealed, and \.encryption\.key is not/,
  ],
  [
    "with another key",
    ({ write }) => write(".encryption.key", randomBytes(32).toString("base64")),
    /nodes\.enc: cannot be opened/,
  ],
  ["with half a file", ({ write }) => write("system.json", '{"theme":'), /system\.json: is no JSON$/],
];
test("a folder that is spoiled changes nothing", async context => {
  const pulse = await startSupervised(context);
  for (const [sentence, spoil, problem] of SPOILED) {
    const legacy = legacyFolder(context);
    spoil(legacy);
    const outcome = await typing(pulse.folder)(`import ${legacy.folder}`);
    assert.equal(outcome.ok, false, sentence);
    assert.match(outcome.text, problem, sentence);
  }
  const empty = await typing(pulse.folder)(`import ${newFolder(context)}`);
  assert.match(empty.text, /holds no configuration of an older Pulse/);
  assert.deepEqual(await pulse.until<unknown[]>("/api/config/nodes", () => true), []);
});

test("an export by the command line is read by it again, on another server", async context => {
  const [from, to] = [await startSupervised(context), await startSupervised(context)];
  const file = join(newFolder(context), "pulse.export");
  await typing(from.folder)(`import ${legacyFolder(context).folder}`);
  await from.until<unknown[]>("/api/config/nodes", ({ length }) => length === 1);
  assert.match((await typing(from.folder)(`export ${file}`)).text, /give a passphrase of 12/);
  assert.equal((await typing(from.folder)(`export ${file} --passphrase-stdin`, PASSPHRASE)).ok, true);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.doesNotMatch(readFileSync(file, "utf8"), /s3cret/);
  assert.match((await typing(from.folder)(`export ${file} --passphrase-stdin`, PASSPHRASE)).text, /is there already$/);
  assert.match(
    (await typing(to.folder)(`import ${file} --passphrase-stdin`, "another passphrase")).text,
    /^passphrase: /,
  );
  assert.equal((await typing(to.folder)(`import ${file} --passphrase-stdin`, PASSPHRASE)).ok, true);
  await to.until<unknown[]>("/api/config/nodes", ({ length }) => length === 1);
});

test("a backup is made while the server runs, and restored while it does not; what is no backup changes nothing", async context => {
  const pulse = await startSupervised(context);
  const type = typing(pulse.folder);
  const backups = newFolder(context);
  const file = join(backups, "pulse.db");
  await pulse.send("POST", "/api/system/settings/update", { theme: "dark" });
  const made = await type(`backup ${file}`);
  assert.match(made.text, /^Backed up to .*\nThe key of its secrets, pulse\.key, is not in it/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match((await type(`backup ${file}`)).text, /is there already$/);
  assert.match((await type(`restore ${file}`)).text, /^Pulse is running/);
  await pulse.send("POST", "/api/system/settings/update", { theme: "light" });
  await pulse.supervisor[Symbol.asyncDispose]();

  writeFileSync(join(backups, "other"), "not a database at all".repeat(100));
  assert.match((await type(`restore ${join(backups, "other")}`)).text, /is no sound database; nothing was changed$/);
  assert.match((await type(`restore ${join(backups, "none")}`)).text, /^There is no/);
  assert.match(
    (await type(`restore ${file}`)).text,
    /^Restored from .*; what was there before is .*pulse\.db\.before-\d+$/,
  );
  const fresh = newFolder(context);
  assert.equal((await typing(fresh)(`restore ${file}`)).ok, true);
  assert.ok(existsSync(join(fresh, "pulse.db")));
  const { Database } = await import("../store/database.ts");
  for (const folder of [pulse.folder, fresh]) {
    using database = Database.open(folder, "0");
    assert.deepEqual(
      database.all("SELECT value FROM system_setting WHERE field = 'theme'").map(({ value }) => value),
      ['"dark"'],
    );
  }
});

test("going back to this version from a newer one: the database is put back only where this one cannot use it", async context => {
  const pulse = await startSupervised(context);
  const [folder, backups] = [newFolder(context), newFolder(context)];
  const [file, type] = [join(backups, "before.db"), typing(folder)];
  assert.equal((await typing(pulse.folder)(`backup ${file}`)).ok, true);
  const there = join(folder, "pulse.db");
  copyFileSync(file, there);
  assert.match((await type(`restore ${file} --if-needed`)).text, /can use: nothing was changed$/);
  const migrate = (path: string) => {
    const newer = new DatabaseSync(path);
    newer.exec("PRAGMA user_version = 9999; CREATE TABLE of_the_newer (one)");
    newer.close();
  };
  migrate(there);
  mkdirSync(join(folder, "mock"));
  copyFileSync(file, join(folder, "mock/pulse.db"));
  migrate(join(folder, "mock/pulse.db"));
  assert.match((await type(`restore ${file}x --if-needed`)).text, /^There is no/);
  const restored = await type(`restore ${file} --if-needed`);
  assert.match(
    restored.text,
    /^Restored from .*; what was there before is .*pulse\.db\.before-\d+\nIts secrets are sealed/,
  );
  assert.match((await type(`restore ${file} --if-needed`)).text, /nothing was changed$/);
  assert.ok(!existsSync(join(folder, "mock")));
  // What the newer one has broken is of no use either.
  writeFileSync(there, "no database at all, ".repeat(500));
  assert.equal((await type(`restore ${file} --if-needed`)).ok, true);
  assert.match((await type(`restore ${file} --if-needed`)).text, /nothing was changed$/);
});

test("backups of the data folder are made, listed and restored by name, whether the server runs or not", async context => {
  const pulse = await startSupervised(context);
  const type = typing(pulse.folder);
  assert.match((await type("backups")).text, /^There are no backups in /);
  await pulse.send("POST", "/api/system/settings/update", { theme: "dark" });
  const made = await type("backup");
  assert.match(
    made.text,
    /^Backed up to .*\/backups\/pulse-manual-.*Z\.db \(\d+ bytes\), and found sound\.\n.*pulse\.key/,
  );
  const name = /pulse-manual-[^ ]*/.exec(made.text)?.[0] ?? "";
  assert.match((await type("backups")).text, new RegExp(`newest first:\\n${name}  \\d{4}-.* MiB$`));
  assert.match((await type("restore latest")).text, /^Pulse is running/);
  assert.match((await type("restore pulse-manual-none")).text, /^There is no .*; try: pulse backups$/);
  await pulse.send("POST", "/api/system/settings/update", { theme: "light" });
  await pulse.supervisor[Symbol.asyncDispose]();

  assert.match((await type("backups")).text, new RegExp(name));
  rmSync(join(pulse.folder, "pulse.key"));
  assert.match(
    (await type(`restore ${name}`)).text,
    /^Restored from .*\nIts secrets are sealed with the pulse\.key of then/,
  );
  const { Database } = await import("../store/database.ts");
  using database = Database.open(pulse.folder, "0");
  assert.deepEqual(database.all("SELECT value FROM system_setting WHERE field = 'theme'"), [
    { __proto__: null, value: '"dark"' },
  ]);
  database[Symbol.dispose]();
  assert.match((await type("backup")).text, /^Backed up to /);
});
