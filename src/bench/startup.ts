/**
 * How long a server with a year of history takes to start: the built one as `npm start` runs it, on a simulated cluster of 200 guests, whose
 * data folder is filled as a year leaves it. From the start of the process until the first answer about its health, the first overview,
 * the first with guests in it, and how long the first year's chart takes. Cold: the system has forgotten the database and the bundle, and
 * Node what it had compiled; warm: the fourth start. Killed: after the process was killed in the middle.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DAY, MIB } from "../kit/units.ts";
import type { State } from "../model/state.ts";
import { DATABASE_FILE } from "../store/database.ts";
import { makeFolder, startEstate, startPulseIn } from "../test/server-process.ts";
import { growFolder } from "./parts/grown-folder.ts";
import type { Entity } from "./parts/idle-estate.ts";

/** What Node has compiled is kept where an installed Pulse keeps it. */
const run = { env: { NODE_COMPILE_CACHE: "" } };
await using estate = await startEstate({ clusters: 1, nodes: 10, guests: 200, latency: 0 });
const folder = makeFolder(estate);
try {
  const from = performance.now();
  const entities = await growFolder(folder);
  const size = statSync(join(folder, DATABASE_FILE)).size / MIB;
  process.stdout.write(
    `startup folder entities=${entities.length} file=${size.toFixed(0)}MiB made in ${Math.round((performance.now() - from) / 1000)}s\n`,
  );
  forget(folder);
  process.stdout.write(`startup cold: ${await measure(entities)}\n`);
  for (let start = 1; start < 3; start++) await measure(entities);
  process.stdout.write(`startup warm: ${await measure(entities)}\n`);
  await measure(entities, "SIGKILL");
  process.stdout.write(`startup killed: ${await measure(entities)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Lets the system forget the files that a start reads. */
function forget(folder: string): void {
  const files = [folder, "dist"].flatMap(of =>
    readdirSync(of, { withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(({ name }) => join(of, name)),
  );
  for (const file of files) spawnSync("dd", [`if=${file}`, "iflag=nocache", "count=0"], { stdio: "ignore" });
  rmSync(join(folder, "cache"), { recursive: true, force: true });
}

async function measure(entities: readonly Entity[], end: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<string> {
  const from = performance.now();
  const since = (time: number) => `${Math.round(performance.now() - time)}ms`;
  await using pulse = await startPulseIn(folder, run);
  const listens = `${since(from)} cpu=${Math.round(pulse.cpu() * 1000)}ms`;
  await (await fetch(`${pulse.url}/api/health`)).json();
  const healthy = since(from);
  let state = (await (await fetch(`${pulse.url}/api/state`)).json()) as State;
  const overview = since(from);
  const guest = entities.find(({ kind }) => kind === "guest")?.resource ?? "";
  const asked = performance.now();
  const answer = await fetch(
    `${pulse.url}/api/history?resource=${encodeURIComponent(guest)}&metric=cpu&from=${Date.now() - 365 * DAY}&points=500`,
  );
  const { points } = (await answer.json()) as { points: unknown[] };
  const chart = since(asked);
  while (state.vms.length === 0) state = (await (await fetch(`${pulse.url}/api/state`)).json()) as State;
  const seen = since(from);
  pulse.child.kill(end);
  return `listens=${listens} healthy=${healthy} overview=${overview} guests=${seen} a year's chart (${points.length} points)=${chart}`;
}
