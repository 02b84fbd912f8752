import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, globSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NodeConnectionOptions } from "@nats-io/transport-node";
import { rightsOfEdges } from "../../cluster/edge-rights.ts";
import { systemClock } from "../../kit/clock.ts";
import { type Bytes, GIB } from "../../kit/units.ts";
import { type Link, openLink } from "./link.ts";

/** Who may do what, in the words of nats-server's configuration. */
export interface NatsUser {
  user: string;
  password: string;
  permissions?: object;
}

/** Cores, and the edges of the sites "north" and "south", each with the rights that are theirs. */
export const TWO_SITES: readonly NatsUser[] = [
  { user: "core", password: "of-cores" },
  { user: "north", password: "of-north", permissions: rightsOfEdges("north") },
  { user: "south", password: "of-south", permissions: rightsOfEdges("south") },
];

export interface NatsServersOptions {
  /** How many form the cluster; one alone stands for itself. Default 3. */
  servers?: number;
  /** Left out: anybody gets in, and may do everything. */
  users?: readonly NatsUser[];
  /** How much each may store. Default 16 GiB. */
  room?: Bytes;
  /** More of nats-server's configuration. */
  config?: object;
  /** How to be let in, where it is neither by a user nor as anybody. */
  letIn?: NodeConnectionOptions;
  /** They reach each other by lines that can be cut. */
  byLinks?: boolean;
}

/** One nats-server in a process of its own; its port stays the same when it is started again. */
export interface NatsServer {
  readonly url: string;
  /** null: it does not run. */
  child(): ChildProcess | null;
  /** Ends at once, as a power cut would; what it had stored stays. */
  kill(): Promise<void>;
  /** As `kill`, and what it had stored is gone, too. */
  lose(): Promise<void>;
  /** Keeps aside what it has stored; it must not run. */
  save(): void;
  /** As `kill`, and what it had stored is what was kept aside. */
  restore(): Promise<void>;
  /** SIGSTOP: it is there, and does not answer. */
  halt(): void;
  goOn(): void;
  /** Starts it again, on what it had stored. */
  start(): void;
}

/** Real nats-servers with JetStream on loopback, a cluster of their own, on folders that go with them. */
export interface NatsServers extends AsyncDisposable {
  readonly servers: readonly NatsServer[];
  /** For PULSE_NATS_URL: all of them. */
  readonly url: string;
  /** Where they store, and log. */
  readonly folder: string;
  /** With `byLinks`: the lines from and to a server. */
  linesOf(server: number): readonly Link[];
  /** Resolves when JetStream answers; rejects after two minutes with what the servers logged. */
  ready(): Promise<void>;
}

/** NATS_SERVER, or the binary that `scripts/get-nats-server.ts` fetches when there is none. Throws, saying what is missing. */
export function natsServer(): string {
  const find = () => process.env.NATS_SERVER ?? globSync("dist/.nats-server/*/nats-server").sort().at(-1);
  if (find() === undefined) spawnSync(process.execPath, ["scripts/get-nats-server.ts"], { stdio: "inherit" });
  const path = find();
  if (path === undefined || !existsSync(path))
    throw new Error("There is no nats-server: run node scripts/get-nats-server.ts, or name one in NATS_SERVER");
  return resolve(path);
}

export async function startNats({
  servers: count = 3,
  users,
  room = 16 * GIB,
  config: more = {},
  letIn = users?.[0] ? { user: users[0].user, pass: users[0].password } : {},
  byLinks = false,
}: NatsServersOptions = {}): Promise<NatsServers> {
  const binary = natsServer();
  const folder = mkdtempSync(join(tmpdir(), "pulse-nats-"));
  const ports = await freePorts(2 * count);
  const routes = ports.slice(count).map(port => `nats://127.0.0.1:${port}`);
  const lines = byLinks ? await linesBetween(routes) : [];
  const routesOf = (server: number) =>
    byLinks ? lines.flatMap(({ from, link }) => (from === server ? link.url : [])) : routes;
  const servers = ports.slice(0, count).map((port, at) => {
    const home = join(folder, `nats-${at}`);
    const config = {
      server_name: `nats-${at}`,
      listen: `127.0.0.1:${port}`,
      jetstream: { store_dir: home, max_memory_store: 64 << 20, max_file_store: room },
      ...(users ? { authorization: { users } } : {}),
      ...more,
      ...(count > 1
        ? {
            cluster: {
              name: "test",
              listen: `127.0.0.1:${ports[count + at]}`,
              routes: routesOf(at),
              no_advertise: true,
            },
          }
        : {}),
    };
    writeFileSync(`${home}.conf`, JSON.stringify(config));
    return openServer(binary, home, `nats://127.0.0.1:${port}`);
  });
  for (const server of servers) server.start();
  const logged = () => servers.map((_, at) => readFileSync(join(folder, `nats-${at}.log`), "utf8")).join("\n");
  const all = servers.map(({ url }) => url).join(",");
  return {
    servers,
    url: all,
    folder,
    linesOf: server => lines.flatMap(({ from, to, link }) => (from === server || to === server ? link : [])),
    ready: () =>
      untilReady(
        servers.map(({ url }) => url),
        letIn,
        logged,
      ),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map(server => server.kill()));
      await Promise.all(lines.map(({ link }) => link[Symbol.asyncDispose]()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** From each server to each other one. */
async function linesBetween(routes: readonly string[]): Promise<{ from: number; to: number; link: Link }[]> {
  const pairs = routes.flatMap((_, from) => routes.flatMap((route, to) => (from === to ? [] : { from, to, route })));
  return await Promise.all(pairs.map(async ({ from, to, route }) => ({ from, to, link: await openLink(route) })));
}

function openServer(binary: string, home: string, url: string): NatsServer {
  let child: ChildProcess | null = null;
  const kill = async () => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null) return;
    running.kill("SIGKILL");
    await once(running, "exit");
  };
  return {
    url,
    child: () => child,
    kill,
    async lose() {
      await kill();
      rmSync(home, { recursive: true, force: true });
    },
    save() {
      rmSync(`${home}.saved`, { recursive: true, force: true });
      cpSync(home, `${home}.saved`, { recursive: true });
    },
    async restore() {
      await kill();
      rmSync(home, { recursive: true, force: true });
      cpSync(`${home}.saved`, home, { recursive: true });
    },
    start() {
      if (child !== null) return;
      const log = openSync(`${home}.log`, "a");
      const started = spawn(binary, ["-c", `${home}.conf`], { stdio: ["ignore", log, log] });
      child = started;
    },
    halt: () => void child?.kill("SIGSTOP"),
    goOn: () => void child?.kill("SIGCONT"),
  };
}

const PATIENCE = 120_000;

async function untilReady(servers: string[], letIn: NodeConnectionOptions, logged: () => string): Promise<void> {
  const before = systemClock.now() + PATIENCE;
  for (;;) {
    try {
      const connection = await connect({ servers, timeout: 1000, reconnect: false, ...letIn });
      try {
        await (await jetstreamManager(connection, { timeout: 1000 })).getAccountInfo();
        return;
      } finally {
        await connection.close();
      }
    } catch (cause) {
      if (systemClock.now() > before) throw new Error(`JetStream does not answer:\n${logged()}`, { cause });
      await systemClock.sleep(50);
    }
  }
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map(server => once(server, "listening")));
  const ports = servers.map(server => (server.address() as { port: number }).port);
  await Promise.all(servers.map(server => new Promise(closed => server.close(closed))));
  return ports;
}
