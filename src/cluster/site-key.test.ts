import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import type { InstanceSettings } from "../model/instance-settings.ts";
import { fingerprintOf, isPublicKey, type Purpose, SiteKey, sealFor } from "./site-key.ts";

const SETTINGS: InstanceSettings = {
  name: "home",
  title: "Home",
  type: "pve",
  host: "https://10.0.0.1:8006",
  credentials: { kind: "token", id: "pulse@pve!monitor", secret: "" },
  trust: { kind: "fingerprint", sha256: "AA:BB" },
  interval: null,
};
const NORTH: Purpose = { site: "north", settings: SETTINGS };
const SECRET = "a secret, größer als ein Byte";

const key = new SiteKey(randomBytes(32));
const sealed = sealFor([key.publicKey], SECRET, NORTH);

test("what is sealed for several keys each of them opens, and no other", () => {
  const second = new SiteKey(randomBytes(32));
  const boxes = sealFor([key.publicKey, second.publicKey, key.publicKey], SECRET, NORTH);
  assert.equal(boxes.length, 2, "each key once");
  assert.equal(key.open(boxes, NORTH), SECRET);
  assert.equal(second.open(boxes, NORTH), SECRET);
  assert.equal(new SiteKey(randomBytes(32)).open(boxes, NORTH), null);
});

test("one that says it is for another key does not open by that", () => {
  const stranger = new SiteKey(randomBytes(32));
  assert.equal(stranger.open([{ key: stranger.publicKey, box: sealed[0]?.box ?? "" }], NORTH), null);
});

const other = (change: Partial<InstanceSettings>): Purpose => ({ ...NORTH, settings: { ...SETTINGS, ...change } });
const WRONG: readonly [says: string, purpose: Purpose][] = [
  ["at another site", { ...NORTH, site: "south" }],
  ["under another name", other({ name: "office" })],
  ["for another product", other({ type: "pbs" })],
  ["for another address", other({ host: "https://evil.example.com:8006" })],
  ["where another certificate is pinned", other({ trust: { kind: "fingerprint", sha256: "AA:CC" } })],
  ["where any certificate will do", other({ trust: { kind: "any" } })],
  ["where an authority is trusted", other({ trust: { kind: "ca", ca: null } })],
  ["for another token", other({ credentials: { kind: "token", id: "pulse@pve!other", secret: "" } })],
  ["as a password", other({ credentials: { kind: "password", user: "pulse@pve!monitor", password: "" } })],
];
for (const [says, purpose] of WRONG)
  test(`it does not open ${says}`, () => assert.equal(key.open(sealed, purpose), null));

test("what it is called on the page, and how often it is looked at, may change", () => {
  assert.equal(key.open(sealed, other({ title: "Office", interval: 5000 })), SECRET);
});

test("no byte of it may be another one, and none missing", () => {
  const box = Buffer.from(sealed[0]?.box ?? "", "base64");
  for (let at = 0; at < box.length; at++) {
    const damaged = Buffer.from(box);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal(key.open([{ key: key.publicKey, box: damaged.toString("base64") }], NORTH), null, `byte ${at}`);
    const short = box.subarray(0, at).toString("base64");
    assert.equal(key.open([{ key: key.publicKey, box: short }], NORTH), null, `${at} bytes`);
  }
});

test("the same secret is never sealed alike, and stands nowhere in what is sealed", () => {
  assert.notEqual(sealFor([key.publicKey], SECRET, NORTH)[0]?.box, sealed[0]?.box);
  assert.equal(Buffer.from(sealed[0]?.box ?? "", "base64").includes(SECRET), false);
});

test("the same private part has the same public one", () => {
  const seed = Buffer.alloc(32, 7);
  assert.equal(new SiteKey(seed).publicKey, new SiteKey(seed).publicKey);
  assert.match(fingerprintOf(key.publicKey), /^([0-9A-F]{4} ){7}[0-9A-F]{4}$/);
});

const NONE: readonly unknown[] = [
  null,
  "",
  "x",
  5,
  Buffer.alloc(31).toString("base64"),
  Buffer.alloc(32).toString("base64"),
];
for (const none of NONE) test(`${JSON.stringify(none)} is no public key`, () => assert.equal(isPublicKey(none), false));
test("a public key is one", () => assert.equal(isPublicKey(key.publicKey), true));
