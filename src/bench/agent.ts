/**
 * What the built Docker agent costs the host it runs on: against a stand-in engine with 100 containers and a stand-in server, in real time.
 * `npm run bench -- agent 10 500 5` measures ten minutes of 500 containers every five seconds; three minutes of 100 every 30 unless told.
 *
 * CPU is read half an interval after a report, so between two readings lies one report with all that follows it, and the figure is the same
 * however long it is measured. What was used before the first reading is the start: loading, two looks and the first report.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { MIB, MINUTE, SECOND } from "../kit/units.ts";
import { EXECUTABLE, startAgent } from "../test/agent-process.ts";
import { cpuOf, memoryOf } from "../test/process-load.ts";
import { openStandInEngine } from "../test/stand-in-engine.ts";
import { openStandInServer } from "../test/stand-in-server.ts";

const [minutes = 3, count = 100, interval = 30] = process.argv.slice(2).map(Number);
const reports = Math.max(1, Math.round((minutes * MINUTE) / (interval * SECOND)));

// One that is left over from other sources would be measured in its place.
execFileSync(process.execPath, ["scripts/setup.mjs", "build:agent-here"], { stdio: "inherit" });
await using engine = await openStandInEngine({
  containers: Array.from({ length: count }, (_, index) => ({
    name: `app-${index}`,
    labels: {
      "com.docker.compose.project": "site",
      "com.docker.compose.service": `app-${index}`,
      maintainer: "somebody",
    },
    health: "healthy",
  })),
});
await using server = await openStandInServer();
await using agent = startAgent({
  socket: engine.socket,
  args: ["--url", server.url, "--interval", `${interval}s`],
  env: { PULSE_TOKEN: "the-token" },
});
await server.until(() => server.reports.length > 0);
const memory: number[] = [];
await until(performance.now() + (interval * SECOND) / 2);
const [began, taken] = [performance.now(), server.reports.length];
const start = cpuOf(agent.child);
const stolenBefore = readStolen();
const used: number[] = [];
for (let report = 1, before = start; report <= reports; report++) {
  await until(began + report * interval * SECOND);
  const now = cpuOf(agent.child);
  used.push(now - before);
  before = now;
}
const seen = server.reports.length - taken;
if (seen !== reports) throw new Error(`${seen} reports came where ${reports} were due`);
const sum = used.reduce((all, one) => all + one, 0);
process.stdout.write(
  [
    `agent containers=${count} interval=${interval}s reports=${reports}`,
    `rss=${(memory.reduce((all, one) => all + one, 0) / memory.length / MIB).toFixed(1)}MiB`,
    `rss-most=${(Math.max(...memory) / MIB).toFixed(1)}MiB`,
    `cpu=${((sum / (reports * interval)) * 100).toFixed(2)}%`,
    `cpu/report=${toMillis(sum / reports)} least=${toMillis(Math.min(...used))} most=${toMillis(Math.max(...used))}`,
    `start=${start.toFixed(2)}s stolen=${toPercent(readStolen(), stolenBefore)}`,
    `bytes/report=${server.lastSize} executable=${EXECUTABLE.split("/").at(-1)}\n`,
  ].join(" "),
);

/** Looks at the memory each second until then. */
async function until(then: number): Promise<void> {
  while (performance.now() < then) {
    await new Promise(done => setTimeout(done, Math.min(SECOND, then - performance.now())));
    memory.push(memoryOf(agent.child));
  }
}

/** Ticks of all processors and those that a hypervisor gave to others. Much of the latter makes every program look dearer than it is. */
function readStolen(): { all: number; stolen: number } {
  const [, ...ticks] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").trim().split(/\s+/);
  const counts = ticks.slice(0, 8).map(Number);
  return { all: counts.reduce((all, one) => all + one, 0), stolen: counts[7] ?? 0 };
}

function toPercent(now: ReturnType<typeof readStolen>, before: ReturnType<typeof readStolen>): string {
  return `${(((now.stolen - before.stolen) / Math.max(1, now.all - before.all)) * 100).toFixed(1)}%`;
}

function toMillis(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}
