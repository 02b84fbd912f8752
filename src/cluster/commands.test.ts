import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { Database } from "../store/database.ts";
import { Commands } from "./commands.ts";
import type { Reached } from "./line.ts";

test("what the disk of a core refuses is done in its turn as soon as it is taken, before all that follows; a fault of a command is not waited for", async context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-commands-"));
  using database = Database.open(folder, "a");
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const stored = ["one", "two", "three", "four"].map((name, at) => ({
    data: Buffer.from(JSON.stringify({ id: name, name, ask: null })),
    time: new Date(1000 + at),
  }));
  const streams = {
    info: async () => ({ created: "2026-01-01T00:00:00Z", state: { last_seq: stored.length } }),
    getMessage: async (_: string, { seq }: { seq: number }) => stored[seq - 1] ?? null,
  };
  const reached = { manager: { streams } } as unknown as Reached;
  const [done, said]: string[][] = [[], []];
  let isFull = false;
  const commands = new Commands({
    database,
    seal: () => ({ close: text => Buffer.from(text), open: sealed => Buffer.from(sealed).toString() }),
    async perform({ name }) {
      if (isFull) throw Object.assign(new Error("full"), { code: "ERR_SQLITE_ERROR", errcode: 13 });
      done?.push(name);
      if (name === "three") throw new Error("It is not what it should be");
    },
    atTime: (_, work) => work(),
    clock: new FakeClock(),
    log: (_, message) => void said?.push(message),
  });
  await commands.open(reached);
  await commands.applyTo(1, reached);
  isFull = true;
  await commands.applyTo(2, reached);
  await commands.applyTo(3, reached);
  await commands.applyOwed(reached);
  assert.deepEqual([done, commands.applied, commands.doneAt, commands.isOwing], [["one"], 1, 1000, true]);
  isFull = false;
  await commands.applyOwed(reached);
  assert.deepEqual([commands.applied, commands.isOwing], [3, false]);
  await commands.applyTo(4, reached);
  assert.deepEqual(done, ["one", "two", "three", "four"]);
  assert.deepEqual(said, [
    "What is changed counts here once the database of this core can be written",
    "What was changed while the database of this core could not be written counts here, too",
  ]);
});
