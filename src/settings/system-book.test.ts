import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { USUAL_SETTINGS } from "../model/system-settings.ts";
import { Database } from "../store/database.ts";
import { SystemBook } from "./system-book.ts";
import type { SystemLayer } from "./system-layer.ts";

const LAYER: SystemLayer = { logLevel: { value: "warn", by: "LOG_LEVEL" } };

function openBook(context: TestContext, layer: SystemLayer = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-system-"));
  const database = Database.open(folder, "0");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  });
  const open = (other = layer) => new SystemBook(database, USUAL_SETTINGS, other);
  return { open, database, rows: () => database.all("SELECT field, value FROM system_setting ORDER BY field") };
}

const BAD: [sentence: string, change: Record<string, unknown>, problem: RegExp][] = [
  ["an interval too short", { pbsPollingInterval: 4 }, /^pbsPollingInterval: must be a whole number of seconds, 5 to/],
  ["half a second", { connectionTimeout: 1.5 }, /^connectionTimeout: must be a whole number/],
  ["a text for a number", { pvePollingInterval: "10" }, /^pvePollingInterval: must be a whole number/],
  [
    "a theme of another product",
    { theme: "solarized" },
    /^theme: must be one of empty, system, light, dark, contrast$/,
  ],
  ["null", { logLevel: null }, /^logLevel: must be one of/],
  ["an origin with a path", { allowedOrigins: "https://a.example/x" }, /^allowedOrigins: must be \*/],
  ["an origin that would end the policy", { allowedEmbedOrigins: "https://a;script-src *" }, /^allowedEmbedOrigins: /],
  ["any origin in frames", { allowedEmbedOrigins: "*" }, /^allowedEmbedOrigins: must be origins/],
  ["an hour that no day has", { autoUpdateTime: "24:00" }, /^autoUpdateTime: must be a time/],
  ["a history of nothing", { historyRawDays: 0 }, /^historyRawDays: must be a number of days above 0$/],
  ["a port that is none", { frontendPort: 70_000 }, /^frontendPort: must be a port number, 0 to 65535$/],
  ["a flag in words", { discoveryEnabled: "yes" }, /^discoveryEnabled: must be true or false$/],
  ["one bad field among good ones", { theme: "dark", logLevel: "loud" }, /^logLevel: /],
];
for (const [sentence, change, problem] of BAD)
  test(`${sentence} is refused by name, and nothing is changed`, context => {
    const { open, rows } = openBook(context);
    const book = open();
    assert.throws(() => book.change(change), { name: "BadInput", message: problem });
    assert.deepEqual(book.settings, USUAL_SETTINGS);
    assert.deepEqual(rows(), []);
  });

test("a change changes what it names, and is there after a restart", context => {
  const { open } = openBook(context);
  open().change({ theme: "dark" });
  const book = open();
  book.change({ historyRawDays: 0.5, nonsense: 1 });
  assert.deepEqual(open().settings, { ...USUAL_SETTINGS, theme: "dark", historyRawDays: 0.5 });
});

test("what was read, sent back, changes nothing, and what is usual stays usual", context => {
  const { open, rows } = openBook(context, LAYER);
  const book = open();
  book.change({ theme: "dark" });
  const before = rows();
  book.change({ ...book.settings });
  assert.deepEqual(rows(), before);
  assert.deepEqual(
    before.map(({ field }) => field),
    ["theme"],
  );
});

test("what the environment sets wins, cannot be changed to something else, and is gone with the variable", context => {
  const { open, rows } = openBook(context, LAYER);
  open({}).change({ logLevel: "debug" });
  const book = open();
  assert.equal(book.settings.logLevel, "warn");
  assert.deepEqual(book.lockedBy, { logLevel: "LOG_LEVEL" });
  assert.throws(() => book.change({ theme: "dark", logLevel: "error" }), {
    name: "LockedField",
    message: "logLevel: is set by LOG_LEVEL; change it there",
  });
  assert.deepEqual(
    rows().map(({ field }) => field),
    ["logLevel"],
  );
  assert.equal(open({}).settings.logLevel, "debug");
});

test("what another version kept, and this one cannot use, is passed over", context => {
  const { open, database } = openBook(context);
  database.run("INSERT INTO system_setting VALUES ('theme', '\"mauve\"'), ('warp', '9')");
  assert.deepEqual(open().settings, USUAL_SETTINGS);
});
