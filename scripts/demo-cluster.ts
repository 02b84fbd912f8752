import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, relative, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type NatsUsers, natsConfig } from "../src/cluster/nats-config.ts";
import { systemClock } from "../src/kit/clock.ts";
import { SECOND } from "../src/kit/units.ts";
import type { InstanceInfo } from "../src/simulator/estate.ts";
import { freePorts, natsServer } from "../src/test/cluster/nats-servers.ts";

// npm run demo:cluster: three nats-servers, three cores and the edges of two sites on this machine, watching a made-up estate, until Ctrl-C.
// What they keep lies in data/demo-cluster, or in PULSE_DATA_DIR.

const FOLDER = resolve(process.env.PULSE_DATA_DIR?.trim() || "data/demo-cluster");
/** The instances of the demo's estate, by the site that they stand at. */
const SITES = { north: ["home", "attic", "vault"], south: ["office", "mail"] } as const;
/** The first core is where `npm run demo` would be, where that is free. */
const PORT = 7655;
const CORES = ["core-1", "core-2", "core-3"];
/** Its servers have other addresses each time, so it runs from the beginning to the end. */
const ESTATE = "estate";

interface Part {
  name: string;
  command: readonly string[];
  env: NodeJS.ProcessEnv;
  child: ChildProcess;
}
const parts = new Map<string, Part>();
let isEnding = false;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Starts a process whose log lies beside its folder; whoever looks is told when it ends. */
function start(name: string, command: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const [program = "", ...args] = command;
  const log = openSync(join(FOLDER, `${name}.log`), "a", 0o600);
  // A group of its own: Ctrl-C comes to this process alone, which ends them in order.
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", log],
    detached: true,
  });
  child.once("exit", (code, signal) => {
    if (isEnding) return;
    say(`${name} (pid ${child.pid}) has ended: ${signal ?? `exit code ${code}`}. Its log: ${logOf(name)}`);
    say(
      name === ESTATE
        ? "  There is nothing to be watched any more: end it all by Ctrl-C, and begin anew."
        : `  To start it again, type ${name} and press Enter.`,
    );
  });
  parts.set(name, { name, command, env, child });
  return child;
}

/** What somebody may kill, and start again. */
const killable = () => [...parts.keys()].filter(name => name !== ESTATE);
/** As it is shortest to type. */
const told = (path: string) => (path.startsWith(resolve("data")) ? relative("", path) : path);
const logOf = (name: string) => told(join(FOLDER, `${name}.log`));
const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** The first line that a process says; rejects when it ends before that. */
async function firstLine(name: string, child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const ended = once(child, "exit").then(() => {
    throw new Error(`${name} did not start; its log: ${logOf(name)}`);
  });
  const [line] = (await Promise.race([once(lines, "line"), ended])) as [string];
  return line;
}

function pulse(name: string, command: "core" | "edge", env: NodeJS.ProcessEnv, config: object): ChildProcess {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "pulse.yaml"), JSON.stringify(config, null, 2), { mode: 0o600 });
  return start(name, [process.execPath, ...production.flags, "dist/pulse.js", command], {
    ...production.env,
    ...{ PULSE_NAME: name, PULSE_DATA_DIR: folder, PULSE_NATS_URL: natsUrl, ...env },
  });
}

/** In the order in which they are to end. Resolves when all are gone. */
async function end(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const part = parts.get(name);
    if (part && !isOver(part.child)) part.child.kill("SIGTERM");
  }
  await Promise.all(
    names.map(name => parts.get(name)?.child).map(child => child && !isOver(child) && once(child, "exit")),
  );
}

async function endAll(): Promise<void> {
  isEnding = true;
  const [servers, others] = [
    [...parts.keys()].filter(name => name === ESTATE || name.startsWith("nats")),
    [...parts.keys()],
  ];
  await end(others.filter(name => !servers.includes(name)));
  await end(servers);
}

/** Resolves on Ctrl-C and its like; a second one ends everything at once. */
const stopped = new Promise<void>(asked => {
  let times = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      asked();
      if (++times > 1) for (const { child } of parts.values()) child.kill("SIGKILL");
    });
});

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  await new Promise(closed => server.close(closed));
  return true;
}

/** The same for every start, as what is sealed with it is kept. */
function keptKey(): string {
  const file = join(FOLDER, "key");
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600 });
  return readFileSync(file, "utf8");
}

/**
 * A token for the agents of Docker hosts, made as a person would make one, as soon as the cores agree on it; the same for every start. null:
 * somebody has set up sign-in meanwhile.
 */
async function agentToken(core: string): Promise<string | null> {
  const file = join(FOLDER, "agent-token");
  for (let tries = 0; !existsSync(file) && tries < 100; tries++) {
    const answer = await fetch(`${core}/api/security/tokens`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Docker hosts of the demo", scopes: ["agent"] }),
    });
    if (answer.status === 401) return null;
    if (answer.ok) writeFileSync(file, ((await answer.json()) as { token: string }).token, { mode: 0o600 });
    else await systemClock.sleep(SECOND);
  }
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Starts what somebody names who has seen it end. */
function startAgain(name: string): string {
  const part = parts.get(name);
  if (!part || name === ESTATE) return `There is no "${name}"; there are ${killable().join(", ")}`;
  if (!isOver(part.child)) return `${name} runs (pid ${part.child.pid})`;
  const { pid } = start(name, part.command, part.env);
  return `${name} is started again (pid ${pid})`;
}

if (spawnSync(process.execPath, ["scripts/get-nats-server.ts"], { stdio: "inherit" }).status !== 0) process.exit(1);
mkdirSync(FOLDER, { recursive: true });
const production = JSON.parse(readFileSync("scripts/production.json", "utf8")) as {
  env: Record<string, string>;
  flags: string[];
};
const word = () => randomBytes(18).toString("base64url");
const users: NatsUsers = { core: word(), routes: word(), edges: { north: word(), south: word() } };
const ports = await freePorts(3 * CORES.length);
const near = ports.slice(CORES.length).map(port => `127.0.0.1:${port}`);
const natsUrl = near
  .slice(0, CORES.length)
  .map(at => `nats://${at}`)
  .join(",");

try {
  say("Starting three nats-servers, three cores and two edges…");
  for (const at of CORES.keys()) {
    const name = `nats-${at + 1}`;
    const config = natsConfig(users, {
      name,
      listen: near[at] ?? "",
      cluster: near[CORES.length + at] ?? "",
      routes: near.slice(CORES.length),
      folder: join(FOLDER, name),
    });
    writeFileSync(join(FOLDER, `${name}.conf`), JSON.stringify(config, null, 2), { mode: 0o600 });
    start(name, [natsServer(), "-c", join(FOLDER, `${name}.conf`)]);
  }
  const estate = start(ESTATE, [process.execPath, "dist/simulator.js", "--preset", "demo", "--exit-with-parent"]);
  const { instances } = JSON.parse(await firstLine(ESTATE, estate)) as { instances: InstanceInfo[] };
  const entries = instances.map(({ name, type, endpoints: [first], tokenId, tokenSecret, user, password }) => ({
    ...{ name, type, host: first?.url, fingerprint: first?.fingerprint },
    ...(tokenId === "" ? { user, password } : { token: `${tokenId}=${tokenSecret}` }),
  }));
  for (const [site, names] of Object.entries(SITES)) {
    const env = {
      PULSE_SITE: site,
      PULSE_NATS_USER: site,
      PULSE_NATS_PASSWORD: users.edges[site],
    };
    const watched = entries.filter(({ name }) => (names as readonly string[]).includes(name));
    pulse(`edge-${site}`, "edge", env, { instances: watched });
  }
  const urls: string[] = [];
  for (const [at, name] of CORES.entries()) {
    const env = {
      BIND_HOST: "127.0.0.1",
      FRONTEND_PORT: String((await isFree(PORT + at)) ? PORT + at : ports[at]),
      PULSE_ENCRYPTION_KEY: keptKey(),
      PULSE_NATS_USER: "core",
      PULSE_NATS_PASSWORD: users.core,
    };
    urls.push((await firstLine(name, pulse(name, "core", env, {}))).replace(/^.*(?=http)/, ""));
  }
  const token = await agentToken(urls[0] ?? "");
  // Each agent reports to all cores, as a real one with several targets does: any of them can be lost.
  if (token !== null) estate.stdin?.write(`${JSON.stringify(urls.map(url => ({ url, token })))}\n`);
  const pid = (name: string) => parts.get(name)?.child.pid;
  const list = killable().map(name => `  ${name.padEnd(10)} pid ${pid(name)}`);
  say(`
Three cores show the same; the edges need some seconds to see their sites:
${urls.map((url, at) => `  ${CORES[at]}     ${url}`).join("\n")}

What runs:
${list.join("\n")}

What to try, with the pages open side by side:
  Acknowledge an alert, or change a threshold, on one core: the others have it.
  kill -9 ${pid("core-1")}    core-1 is lost: the other two go on, and have all of it; Docker hosts report to them, too
  kill -9 ${pid("edge-north")}    the site north is seen by nobody: it grows stale, and south does not
  kill -9 ${pid("nats-1")}    one nats-server of three is lost: nothing stops
  kill -9 ${pid("nats-2")}    two are lost: pages stay and grow stale, nothing can be changed until one is back
  Whatever has ended starts again when you type its name here and press Enter.

Everything lies in ${told(FOLDER)}. Ctrl-C ends it all.`);
  createInterface({ input: process.stdin }).on("line", line => say(startAgain(line.trim())));
  await stopped;
  say("Ending…");
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
} finally {
  await endAll();
  process.stdin.destroy();
}
