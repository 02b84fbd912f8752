import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { InstanceInput } from "../model/instance-input.ts";
import type { InstanceSettings } from "../model/instance-settings.ts";
import { Database } from "../store/database.ts";
import { BadInput, InstanceBook, toSettings } from "./instance-book.ts";

const FINGERPRINT = Array.from({ length: 32 }, () => "AB").join(":");
const GIVEN: InstanceInput = { type: "pve", name: "My PVE Node", host: "10.0.0.1", user: "root", password: "pw" };
const { name: _, ...UNNAMED } = GIVEN;
const HOME: InstanceSettings = {
  name: "My-PVE-Node",
  title: "My PVE Node",
  type: "pve",
  host: "https://10.0.0.1:8006",
  credentials: { kind: "password", user: "root@pam", password: "pw" },
  trust: { kind: "ca", ca: null },
  interval: null,
};
const TOKEN: InstanceSettings = { ...HOME, credentials: { kind: "token", id: "a@pve!b", secret: "s" } };
const PINNED: InstanceSettings = { ...HOME, trust: { kind: "fingerprint", sha256: FINGERPRINT } };

const NEW: [sentence: string, input: InstanceInput, expected: Partial<InstanceSettings>][] = [
  ["all of it", GIVEN, HOME],
  [
    "a name becomes an id, whatever it is",
    { ...GIVEN, name: "Büro / 2. OG" },
    { name: "Buro-2.-OG", title: "Büro / 2. OG" },
  ],
  ["a name without a letter", { ...GIVEN, name: "日本" }, { name: "instance", title: "日本" }],
  ["without a name, the host's", UNNAMED, { name: "10.0.0.1", title: "10.0.0.1" }],
  ["a name that is taken gets a number", { ...GIVEN, name: "taken" }, { name: "taken-2", title: "taken" }],
  [
    "a Backup Server has its own port and realm",
    { ...GIVEN, type: "pbs" },
    { host: "https://10.0.0.1:8007", credentials: { kind: "password", user: "root@pbs", password: "pw" } },
  ],
  [
    "a port that is given stays",
    { ...GIVEN, host: "https://pve.example.com:443/" },
    { host: "https://pve.example.com" },
  ],
  ["an IPv6 address", { ...GIVEN, host: "[fd00::10]" }, { host: "https://[fd00::10]:8006" }],
  [
    "a token, whole",
    { type: "pve", host: "h", tokenName: "a@pve!b", tokenValue: "s" },
    { credentials: { kind: "token", id: "a@pve!b", secret: "s" } },
  ],
  [
    "a token, pasted with the end of its line",
    { type: "pve", host: "h", tokenName: "a@pve!b ", tokenValue: " s\n" },
    { credentials: { kind: "token", id: "a@pve!b", secret: "s" } },
  ],
  [
    "a token, its user apart",
    { type: "pve", host: "h", user: "a@pve", tokenName: "b", tokenValue: "s" },
    { credentials: { kind: "token", id: "a@pve!b", secret: "s" } },
  ],
  [
    "a certificate to be pinned",
    { ...GIVEN, fingerprint: FINGERPRINT.replaceAll(":", "").toLowerCase(), verifySSL: false },
    { trust: { kind: "fingerprint", sha256: FINGERPRINT } },
  ],
  ["any certificate", { ...GIVEN, verifySSL: false }, { trust: { kind: "any" } }],
  ["an interval", { ...GIVEN, interval: 30 }, { interval: 30_000 }],
  ["the usual interval", { ...GIVEN, interval: null }, { interval: null }],
];

test("a new instance", () => {
  for (const [sentence, input, expected] of NEW) {
    const settings = toSettings(input, null, ["taken"]);
    assert.deepEqual({ ...settings, ...expected }, settings, sentence);
  }
});

const CHANGES: [
  sentence: string,
  before: InstanceSettings,
  input: InstanceInput,
  expected: Partial<InstanceSettings>,
][] = [
  ["nothing changes nothing", HOME, {}, {}],
  ["nothing changes nothing of a token either", TOKEN, {}, {}],
  ["an empty password keeps the old one", HOME, { user: "root@pam", password: "" }, {}],
  ["an empty token value keeps the old one", TOKEN, { tokenName: "a@pve!b", tokenValue: "" }, {}],
  ["another name keeps the id", HOME, { name: "Other" }, { title: "Other" }],
  ["another host", HOME, { host: "10.0.0.2" }, { host: "https://10.0.0.2:8006" }],
  [
    "another password",
    HOME,
    { password: "new" },
    { credentials: { kind: "password", user: "root@pam", password: "new" } },
  ],
  ["from password to token", HOME, { tokenName: "a@pve!b", tokenValue: "s" }, { credentials: TOKEN.credentials }],
  ["from token to password", TOKEN, { user: "root@pam", password: "pw" }, { credentials: HOME.credentials }],
  ["a pinned certificate stays pinned", PINNED, { verifySSL: false }, {}],
  ["until it is emptied", PINNED, { fingerprint: "" }, { trust: { kind: "ca", ca: null } }],
  ["or null", PINNED, { fingerprint: null, verifySSL: false }, { trust: { kind: "any" } }],
];

test("a change leaves alone what it does not name", () => {
  for (const [sentence, before, input, expected] of CHANGES)
    assert.deepEqual(toSettings(input, before, []), { ...before, ...expected }, sentence);
});

const WRONG: [sentence: string, input: InstanceInput, before: InstanceSettings | null, message: RegExp][] = [
  ["no type", { host: "h" }, null, /^type: missing/],
  ["another type", { type: "pbs" }, HOME, /^type: cannot be changed from "pve"/],
  ["no host", { type: "pve" }, null, /^host: missing/],
  ["a host that is none", { ...GIVEN, host: "ftp://x" }, null, /^host: "ftp:\/\/x" is no address/],
  ["a host with a path", { ...GIVEN, host: "https://x/y" }, null, /^host: /],
  ["an empty name", { ...GIVEN, name: " " }, null, /^name: empty/],
  ["no credentials", { type: "pve", host: "h" }, null, /^user: missing/],
  ["no password", { type: "pve", host: "h", user: "root" }, null, /^password: missing/],
  ["another user without a password", { user: "other" }, HOME, /^password: missing/],
  ["a token without its secret", { type: "pve", host: "h", tokenName: "a@pve!b" }, null, /^tokenValue: missing/],
  ["another token without its secret", { tokenName: "a@pve!c" }, TOKEN, /^tokenValue: missing/],
  ["a token that is none", { type: "pve", host: "h", tokenName: "b", tokenValue: "s" }, null, /^tokenName: /],
  [
    "a secret with what is not seen in it, as pages have it",
    { type: "pve", host: "h", tokenName: "a@pve!b", tokenValue: "s\u200bs" },
    null,
    /^tokenValue: holds a character that cannot be sent/,
  ],
  [
    "a token's name with it",
    { type: "pve", host: "h", tokenName: "a@pve!b\u200b", tokenValue: "s" },
    null,
    /^tokenName: holds a character that cannot be sent/,
  ],
  [
    "a token for a Mail Gateway",
    { type: "pmg", host: "h", tokenName: "a@pmg!b", tokenValue: "s" },
    null,
    /^tokenName: Proxmox Mail Gateway has no API tokens/,
  ],
  ["half a fingerprint", { ...GIVEN, fingerprint: "AA:BB" }, null, /^fingerprint: /],
];

test("what cannot be used is named", () => {
  for (const [sentence, input, before, message] of WRONG)
    assert.throws(
      () => toSettings(input, before, []),
      (error: unknown) => error instanceof BadInput && message.test(error.message),
      sentence,
    );
});

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-book-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("instances are there after a restart, in their order, and no secret lies in the database", context => {
  const folder = folderFor(context);
  const secret = "a-secret-nobody-should-see";
  {
    using database = Database.open(folder, "a");
    const book = new InstanceBook(database, folder);
    book.add({ ...HOME, name: "z" });
    book.add({ ...TOKEN, name: "a", credentials: { kind: "token", id: "a@pve!b", secret } });
    book.add({ ...HOME, name: "gone" });
    book.replace({ ...HOME, name: "z", host: "https://10.0.0.9:8006" });
    book.remove("gone");
  }
  using database = Database.open(folder, "a");
  const { all } = new InstanceBook(database, folder);
  assert.deepEqual(
    all.map(({ name, host }) => [name, host]),
    [
      ["z", "https://10.0.0.9:8006"],
      ["a", HOME.host],
    ],
  );
  assert.deepEqual(all[1]?.credentials, { kind: "token", id: "a@pve!b", secret });
  assert.ok(!readFileSync(join(folder, "pulse.db")).includes(secret));
});

test("without the key that sealed them, Pulse does not start, and nothing is lost", context => {
  const folder = folderFor(context);
  using database = Database.open(folder, "a");
  new InstanceBook(database, folder).add(HOME);
  rmSync(join(folder, "pulse.key"));
  assert.throws(() => new InstanceBook(database, folder), /pulse\.key: missing/);
  assert.equal(database.all("SELECT id FROM instance").length, 1);
});
