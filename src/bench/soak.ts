/**
 * Whether a server that runs for days and is used keeps its size: the built one, whose clock goes sixty times as fast, on a simulated
 * estate whose guests come, go and move, with faults of every kind, instances and pages that come and go, people who sign in and search,
 * strangers, and Docker hosts that report. `npm run bench -- soak 30` is thirty minutes, thirty hours of the server's; ten unless told.
 * It begins with the data of a year, so that whatever is kept for a time goes as fast as it comes: a fresh database grows for days until it
 * has what it keeps, and writes more the more of it there is. One line a minute; in the end each figure's middle of the second half over
 * that of the first: near 1 is flat; what each table has grown by; and what of all that was done failed, in the server's words. The heap is
 * measured after everything that nobody holds was collected. In what the first hour writes is Pulse's backup of its own database.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { MIB, MINUTE } from "../kit/units.ts";
import { DATABASE_FILE, Database } from "../store/database.ts";
import { randomNumbers } from "../test/random-numbers.ts";
import { makeFolder, startEstate, startPulseIn } from "../test/server-process.ts";
import type { Vitals } from "./parts/fast-time.ts";
import { growFolder, sizesOf } from "./parts/grown-folder.ts";
import { USER, Visitors } from "./parts/visitors.ts";

const SPEED = 60;
const TOKEN = "a-token-for-the-soak-of-forty-characters";
const minutes = Number(process.argv[2] ?? 10);
const flags = [`--import=${join(import.meta.dirname, "parts/fast-time.ts")}`];
const fast = { PULSE_BENCH_SPEED: String(SPEED) };

interface Line {
  rss: number;
  heap: number;
  files: number;
  delay: number;
  written: number;
  database: number;
}

const port = await freePort();
await using estate = await startEstate({ clusters: 2, nodes: 4, guests: 120, latency: 0 }, { env: fast, flags });
const folder = makeFolder(estate);
try {
  const from = performance.now();
  await growFolder(folder);
  const before = sizesOf(folder);
  process.stdout.write(
    `soak folder database=${mib(sum(before.values()))} made in ${Math.round((performance.now() - from) / 1000)}s\n`,
  );
  await soak();
  process.stdout.write(`soak grew ${growth(before, sizesOf(folder))}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function soak(): Promise<void> {
  const lines: Line[] = [];
  let visitors: Visitors;
  {
    const secured = { PULSE_AUTH_USER: USER.username, PULSE_AUTH_PASS: USER.password, API_TOKEN: TOKEN };
    await using pulse = await startPulseIn(folder, {
      env: { ...fast, ...secured, FRONTEND_PORT: String(port) },
      flags: ["--expose-gc", ...flags],
    });
    await using _hosts = startDockerHosts(pulse.url);
    using coming = new Visitors(pulse.url, estate, TOKEN, randomNumbers(11));
    visitors = coming;
    visitors.start();
    let before = pulse.written();
    for (let minute = 1; minute <= minutes; minute++) {
      await new Promise(done => setTimeout(done, MINUTE));
      const answer = once(pulse.child, "message") as Promise<[Vitals]>;
      const rss = pulse.memory();
      pulse.child.send("how are you");
      const [{ heap, external, delay, longest, resources }] = await answer;
      const written = pulse.written();
      const line = {
        ...{ rss, heap, delay, written: written - before },
        files: readdirSync(`/proc/${pulse.child.pid}/fd`).length,
        database: statSync(join(folder, DATABASE_FILE)).size,
      };
      before = written;
      lines.push(line);
      process.stdout.write(
        `soak hour=${minute} rss=${mib(rss)} heap=${mib(heap)} external=${mib(external)} files=${line.files} ` +
          `delay99=${delay.toFixed(0)}ms longest=${longest.toFixed(0)}ms written=${mib(line.written)} ` +
          `database=${mib(line.database)} timers=${resources.Timeout ?? 0}\n`,
      );
    }
  }
  process.stdout.write(`soak done=${JSON.stringify(visitors.done)}\n`);
  process.stdout.write(`soak failed=${sum(Object.values(visitors.failed))} ${JSON.stringify(visitors.failed)}\n`);
  process.stdout.write(`soak rows ${rows()}\n`);
  process.stdout.write(`soak later/earlier ${ratios(lines)}\n`);
}

/** Two Docker hosts whose reports come to the server, in a process of their own. */
function startDockerHosts(url: string): AsyncDisposable {
  const args = ["--nodes", "1", "--guests", "1", "--docker-hosts", "2", "--report-to", url];
  const child = spawn(process.execPath, [...flags, "dist/simulator.js", ...args], {
    env: { ...process.env, ...fast, PULSE_TOKEN: TOKEN },
    stdio: "ignore",
  });
  return {
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, "exit");
    },
  };
}

function rows(): string {
  using database = Database.open(folder, "a");
  const tables = database.all("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
  return tables
    .map(({ name }) => [name, Number(database.all(`SELECT count(*) AS count FROM ${name}`)[0]?.count)] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name}=${count}`)
    .join(" ");
}

function ratios(lines: readonly Line[]): string {
  const half = Math.ceil(lines.length / 2);
  const middle = (of: readonly Line[], name: keyof Line) =>
    of.map(line => line[name]).sort((one, other) => one - other)[Math.floor(of.length / 2)] ?? 0;
  return (["rss", "heap", "files", "delay", "written", "database"] as const)
    .map(
      name =>
        `${name}=${(middle(lines.slice(half), name) / Math.max(1, middle(lines.slice(0, half), name))).toFixed(2)}`,
    )
    .join(" ");
}

/** By how much each table is larger than before, the most first. */
function growth(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string {
  const grown = [...after].map(([name, size]) => [name, size - (before.get(name) ?? 0)] as const);
  const told = grown.filter(([, by]) => Math.abs(by) >= MIB / 20).sort(([, one], [, other]) => other - one);
  return [["all", sum(grown.map(([, by]) => by))] as const, ...told]
    .map(([name, by]) => `${name}=${mib(by)}`)
    .join(" ");
}

function sum(numbers: Iterable<number>): number {
  return [...numbers].reduce((total, number) => total + number, 0);
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)}MiB`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
