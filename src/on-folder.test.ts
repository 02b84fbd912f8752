import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openControlSocket } from "./control-socket.ts";
import { systemClock } from "./kit/clock.ts";
import { silent } from "./kit/log.ts";
import { onFolder } from "./on-folder.ts";
import { Database } from "./store/database.ts";

test("a server that holds the database and does not listen yet is waited for", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-folder-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  using _ = Database.open(folder, "0");
  const asked = onFolder(folder, systemClock, { kind: "question" }, () => ({
    ok: false,
    text: "the database was free",
  }));
  const answer = async (question: unknown) => ({ ok: true, text: JSON.stringify(question) });
  await using __ = await openControlSocket(folder, answer, silent);
  assert.deepEqual(await asked, { ok: true, text: '{"kind":"question"}' });
});
