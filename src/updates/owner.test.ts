import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readOf, removeOf } from "./owner.ts";

const ROOT = { uid: 0, gid: 0 };
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A folder that anybody may enter, with a secret that only this user may read. */
function folderFor(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "pulse-owner-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "closed"), { mode: 0o700 });
  writeFileSync(join(folder, "closed/paper"), "secret", { mode: 0o600 });
  return folder;
}

test("a plain file is read; what is larger, a folder or a link is not", context => {
  const folder = folderFor(context);
  const paper = join(folder, "closed/paper");
  symlinkSync(paper, join(folder, "link"));
  assert.equal(String(readOf(ROOT, paper, 6)), "secret");
  assert.equal(readOf(ROOT, join(folder, "nothing"), 6), null);
  assert.throws(() => readOf(ROOT, paper, 5), /larger than 5 bytes/);
  assert.throws(() => readOf(ROOT, join(folder, "closed"), 1e6), /no plain file/);
  assert.throws(() => readOf(ROOT, join(folder, "link"), 6), /ELOOP/);
});

const asRoot = { skip: process.getuid?.() !== 0 && "only root can have less rights for a moment" };
test("in a folder of somebody else, no link leads to where its owner may not go", asRoot, context => {
  const folder = folderFor(context);
  symlinkSync(join(folder, "closed"), join(folder, "updates"));
  const paper = join(folder, "updates/paper");
  assert.equal(String(readOf(ROOT, paper, 6)), "secret");
  assert.throws(() => readOf(NOBODY, paper, 6), /EACCES/);
  assert.throws(() => removeOf(NOBODY, paper), /EACCES/);
  assert.deepEqual([process.geteuid?.(), process.getegid?.()], [0, process.getgid?.()]);
  assert.equal(String(readOf(ROOT, paper, 6)), "secret");
});
