import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Packed, writeTarGz } from "./tar-file.ts";

const LONG = `pulse-1.2.3/${"folder/".repeat(14)}a-file-with-a-long-name.js`;
const FILES: readonly Packed[] = [
  { path: "pulse-1.2.3/lib/b.js", content: "b" },
  { path: LONG, content: Buffer.alloc(1024, "x") },
  { path: "pulse-1.2.3/bin/pulse", content: "#!/bin/sh\nexit 7\n", executable: true },
];

test("an archive is what tar unpacks, and the same bytes each time", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-tar-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "one.tar.gz");
  const told = await writeTarGz(path, FILES, 1_700_000_000);
  const again = await writeTarGz(join(folder, "two.tar.gz"), [...FILES].reverse(), 1_700_000_000);
  assert.deepEqual(again, told);
  assert.equal(told.size, statSync(path).size);
  assert.equal(told.sha256, createHash("sha256").update(readFileSync(path)).digest("hex"));
  assert.equal(spawnSync("tar", ["-xzf", path, "-C", folder]).status, 0);
  assert.equal(readFileSync(join(folder, LONG), "utf8"), "x".repeat(1024));
  assert.equal(spawnSync(join(folder, "pulse-1.2.3/bin/pulse")).status, 7);
  assert.equal(statSync(join(folder, "pulse-1.2.3/lib/b.js")).mtimeMs, 1_700_000_000_000);
});

test("a path that no header can tell is refused", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-tar-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const files = [{ path: `pulse/${"x".repeat(101)}`, content: "" }];
  await assert.rejects(writeTarGz(join(folder, "a.tar.gz"), files, 0), /too long/);
});
