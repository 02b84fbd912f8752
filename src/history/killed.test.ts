import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { DAY } from "../kit/units.ts";
import { Database } from "../store/database.ts";
import { History } from "./history.ts";
import { TICK } from "./tiers.ts";

const START = Math.ceil(Date.UTC(2026, 0, 1) / (16 * DAY)) * 16 * DAY;
const RESOURCES = Array.from({ length: 150 }, (_, at) => `home:node:${at}`);
const valueAt = (tick: number, resource: number) => (tick * (resource + 3)) % 101;

/** More than any test waits for: a child that nobody kills ends by itself. */
const MOST = 20_000;

/** What the child does: it writes ticks as fast as it can, and says of each that it is written. */
async function writeTicks(folder: string): Promise<void> {
  const history = new History(Database.open(folder, "a"));
  for (let tick = 0; tick < MOST; tick++) {
    const samples = RESOURCES.map((resource, at) => ({
      kind: "node" as const,
      resource,
      values: [valueAt(tick, at), null, null],
    }));
    history.record(START + tick * TICK, samples);
    process.stdout.write(`${tick}\n`);
    // What the pipe could not take at once goes out between two turns.
    await nextTurn();
  }
}

const [folderToFill] = process.argv.slice(2);
if (folderToFill !== undefined) await writeTicks(folderToFill);
else
  for (const enough of [0, 5, 180, 359, 362, 722, 1500])
    test(`a process killed after ${enough} ticks has lost none that it said it had written`, async context => {
      const folder = mkdtempSync(join(tmpdir(), "pulse-history-"));
      context.after(() => rmSync(folder, { recursive: true, force: true }));
      const written = await writeUntil(folder, enough);
      using database = Database.open(folder, "a");
      assert.equal(database.setAside, null);
      const history = new History(database);
      const end = START + (written + 1) * TICK;
      for (const [at, resource] of RESOURCES.entries())
        assert.deepEqual(
          history.range(resource, "cpu", START, end, written + 1)?.map(({ mean }) => mean),
          Array.from({ length: written + 1 }, (_, tick) => valueAt(tick, at)),
        );
    });

/** Lets a child write until it has said `enough`, kills it, and answers the last tick that it said it had written. */
async function writeUntil(folder: string, enough: number): Promise<number> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let last = -1;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", line => {
    last = Number(line);
    if (last >= enough) child.kill("SIGKILL");
  });
  await once(lines, "close");
  return last;
}
