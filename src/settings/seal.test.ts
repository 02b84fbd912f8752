import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { BadSettings } from "./bad-settings.ts";
import { KeyGone, Seal } from "./seal.ts";

function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-seal-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("what was sealed opens again, after a restart too, and only for what it was sealed for", context => {
  const folder = folderFor(context);
  const sealed = Seal.open(folder, false).close("s3cret äöü", "instance home");
  const again = Seal.open(folder, true);
  assert.equal(again.open(sealed, "instance home"), "s3cret äöü");
  assert.equal(again.open(sealed, "instance office"), null);
  assert.ok(!Buffer.from(sealed).toString("latin1").includes("s3cret"));
});

test("the same secret is never sealed alike", context => {
  const seal = Seal.open(folderFor(context), false);
  assert.notDeepEqual(seal.close("a", "x"), seal.close("a", "x"));
});

test("what was damaged does not open", context => {
  const seal = Seal.open(folderFor(context), false);
  const sealed = seal.close("secret", "x");
  for (let at = 0; at < sealed.length; at++) {
    const damaged = Uint8Array.from(sealed);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    assert.equal(seal.open(damaged, "x"), null, `byte ${at}`);
  }
  for (const length of [0, 1, 12, 28]) assert.equal(seal.open(sealed.subarray(0, length), "x"), null);
});

test("the key is for its owner's eyes only, and is not replaced", context => {
  const folder = folderFor(context);
  Seal.open(folder, false);
  const path = join(folder, "pulse.key");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const key = readFileSync(path, "utf8");
  Seal.open(folder, false);
  assert.equal(readFileSync(path, "utf8"), key);
});

test("a key that went missing, or is none, is told; nothing is written in its place", context => {
  const folder = folderFor(context);
  assert.throws(
    () => Seal.open(folder, true),
    (error: unknown) => error instanceof BadSettings && /pulse\.key: missing/.test(error.message),
  );
  writeFileSync(join(folder, "pulse.key"), "short\n");
  assert.throws(() => Seal.open(folder, true), /is no key of Pulse/);
  assert.equal(readFileSync(join(folder, "pulse.key"), "utf8"), "short\n");
});

test("a key that vanishes, or is replaced, while Pulse runs seals nothing more", context => {
  const folder = folderFor(context);
  const path = join(folder, "pulse.key");
  const seal = Seal.open(folder, false);
  const key = readFileSync(path, "utf8");
  const sealed = seal.close("secret", "x");
  rmSync(path);
  assert.throws(() => seal.close("secret", "x"), KeyGone);
  writeFileSync(path, `${Buffer.alloc(32, 7).toString("base64")}\n`);
  assert.throws(() => seal.close("secret", "x"), /not the key Pulse was started with/);
  assert.equal(seal.open(sealed, "x"), "secret", "what is kept can still be read");
  writeFileSync(path, key);
  assert.equal(seal.open(seal.close("again", "x"), "x"), "again");
});

test("a key may come from elsewhere: as text in hex or base64, or in a file; the data folder then has none", context => {
  const [folder, elsewhere] = [folderFor(context), folderFor(context)];
  const hex = "0123456789abcdef".repeat(4);
  const sealed = Seal.open(folder, false, { text: hex }).close("secret", "x");
  assert.equal(existsSync(join(folder, "pulse.key")), false);
  const base64 = Buffer.from(hex, "hex").toString("base64");
  assert.equal(Seal.open(folder, true, { text: base64 }).open(sealed, "x"), "secret");
  const file = join(elsewhere, "pulse.key");
  assert.throws(() => Seal.open(folder, false, { file }), /pulse\.key: missing/);
  writeFileSync(file, `${hex}\n`);
  const seal = Seal.open(folder, true, { file });
  assert.equal(seal.open(seal.close("more", "x"), "x"), "more");
  assert.throws(() => Seal.open(folder, true, { text: "too short" }), /PULSE_ENCRYPTION_KEY: is no key of Pulse/);
});
