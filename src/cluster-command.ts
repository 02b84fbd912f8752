import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CommandOutcome } from "./account-command.ts";
import { askOnce } from "./cluster/ask-once.ts";
import { edgeOfUser, type NatsUsers, natsConfig, userOfEdge, usersOf } from "./cluster/nats-config.ts";
import { unreadOf } from "./cluster/unread.ts";
import { adopt, CannotMove, leave, type Move } from "./cluster-move.ts";
import { systemClock } from "./kit/clock.ts";
import { silent } from "./kit/log.ts";
import { INSTANCE_NAME } from "./model/ids.ts";
import { readCluster } from "./settings/cluster-environment.ts";
import { readEnvironment } from "./settings/environment.ts";

const USAGE = `cluster config FOLDER --sites NAME,NAME [--edges SITE/NAME,SITE/NAME] [--servers HOST,HOST,HOST] [--tls]
cluster adopt FOLDER --site NAME
cluster leave FOLDER --edge EDGES_FOLDER [--edge …] [--without-nats]`;
const SERVERS = "nats-1,nats-2,nats-3";
const NATS_FOLDER = "nats";
const NATS_FILE = "nats.conf";
/** Where the nats-servers have that folder. */
const NATS_HOME = "/etc/nats";
const CORE_FILE = "core.env";
/** What the folder's files of the cluster's own are called, so that no site may be. */
const TAKEN = ["core", NATS_FOLDER];
/** Options that are there or not. */
const FLAGS = ["without-nats", "tls"];

/** What `pulse cluster …` asks for; a sentence when it was not said properly. */
export async function runClusterCommand(args: readonly string[]): Promise<CommandOutcome | string> {
  const asked = toAsked(args);
  if (typeof asked === "string") return asked;
  const { kind, to, options } = asked;
  try {
    if (kind === "config") {
      const [sites, servers] = [toNames(options.sites), toNames(options.servers ?? [SERVERS])];
      const users = toUsers(sites, options.edges);
      return writeCluster(to, { users, servers, isSecure: options.tls !== undefined });
    }
    const { dataDir: from, sealKey = null } = readEnvironment(process.env);
    const move: Move = { from, to, environment: process.env, sealKey, clock: systemClock };
    if (kind === "adopt") {
      const [site = ""] = toNames(options.site);
      return adopt({ ...move, site }, key => putVariables(join(to, CORE_FILE), { PULSE_ENCRYPTION_KEY: key }));
    }
    return await leave({ ...move, edges: (options.edge ?? []).map(folder => resolve(folder)) }, async database => {
      if (options["without-nats"]) return null;
      const settings = readCluster(process.env);
      const answer = await askOnce(settings, { name: "core" }, { clock: systemClock, log: silent }, async reached => ({
        problem: await unreadOf(database, reached),
      }));
      return answer
        ? answer.problem
        : `NATS does not answer at ${settings.servers.join(", ")}; --without-nats goes without`;
    });
  } catch (error) {
    if (error instanceof CannotMove) return { ok: false, text: error.message };
    throw error;
  }
}

type Options = Readonly<Record<string, string[] | undefined>>;

interface Asked {
  kind: "config" | "adopt" | "leave";
  to: string;
  options: Options;
}

/** Which options each takes; those that end with "!" must be there. */
const OPTIONS = {
  config: ["sites!", "edges", "servers", "tls"],
  adopt: ["site!"],
  leave: ["edge!", "without-nats"],
} as const;

function toAsked([, kind, folder, ...rest]: readonly string[]): Asked | string {
  if ((kind !== "config" && kind !== "adopt" && kind !== "leave") || !folder || folder.startsWith("--")) return USAGE;
  const options: Record<string, string[]> = {};
  const known: readonly string[] = OPTIONS[kind].map(name => name.replace("!", ""));
  for (let at = 0; at < rest.length; at++) {
    const name = rest[at]?.replace(/^--/, "") ?? "";
    if (!rest[at]?.startsWith("--") || !known.includes(name)) return `Unknown option "${rest[at]}"\n${USAGE}`;
    const value = FLAGS.includes(name) ? "yes" : rest[++at];
    if (value === undefined) return USAGE;
    options[name] = [...(options[name] ?? []), value];
  }
  if (OPTIONS[kind].some(name => name.endsWith("!") && !options[name.slice(0, -1)])) return USAGE;
  return { kind, to: resolve(folder), options };
}

/** Throws CannotMove for what cannot be a name. */
function toNames(lists: readonly string[] = []): string[] {
  const names = lists.flatMap(list => list.split(",")).flatMap(name => name.trim() || []);
  for (const name of names)
    if (!INSTANCE_NAME.test(name) || TAKEN.includes(name))
      throw new CannotMove(
        `"${name}" cannot be a name here: letters, digits, ".", "_" and "-", and not "core" or "nats"`,
      );
  if (names.length === 0) throw new CannotMove(USAGE);
  return names;
}

/** A user for each edge that is named, and for all edges of each site of which none is. Throws CannotMove for what cannot be one. */
function toUsers(sites: readonly string[], lists: readonly string[] = []): string[] {
  const edges = lists.flatMap(list => list.split(",")).flatMap(edge => edge.trim() || []);
  const named = edges.map(edge => {
    const [site = "", name = "", ...rest] = edge.split("/");
    if (!sites.includes(site) || rest.length > 0)
      throw new CannotMove(`"${edge}" is no edge: it is called as one of the sites, "/" and its PULSE_NAME`);
    toNames([name]);
    return { site, name };
  });
  return sites.flatMap(site => {
    const own = named.filter(edge => edge.site === site);
    return own.length === 0 ? site : own.map(({ name }) => userOfEdge(site, name));
  });
}

interface Plan {
  /** Of NATS: see `NatsUsers.edges`. */
  users: readonly string[];
  /** Hosts of the nats-servers. */
  servers: readonly string[];
  isSecure: boolean;
}

/**
 * Writes what nats-servers, cores and edges are started with. Words and the key that are there already stay, so that it can be done again
 * for a further site; those of a site that is not named any more go.
 */
function writeCluster(to: string, { users: wanted, servers, isSecure }: Plan): CommandOutcome {
  mkdirSync(join(to, NATS_FOLDER), { recursive: true, mode: 0o700 });
  const file = join(to, NATS_FOLDER, NATS_FILE);
  const there = existsSync(file) ? usersOf(readJson(file)) : null;
  if (existsSync(file) && !there)
    throw new CannotMove(`"${file}" is there already, and not of this command: nothing was changed`);
  const word = () => randomBytes(24).toString("base64url");
  const users: NatsUsers = {
    core: there?.core ?? word(),
    routes: there?.routes ?? word(),
    edges: Object.fromEntries(wanted.map(user => [user, there?.edges[user] ?? word()])),
  };
  const url = servers.map(host => `${isSecure ? "tls" : "nats"}://${host}:4222`).join(",");
  putFile(
    file,
    `${JSON.stringify(
      natsConfig(users, {
        listen: "0.0.0.0:4222",
        cluster: "0.0.0.0:6222",
        routes: servers.map(host => `${host}:6222`),
        folder: "/data",
        ...(isSecure ? { tls: { cert_file: `${NATS_HOME}/tls.crt`, key_file: `${NATS_HOME}/tls.key` } } : {}),
      }),
      null,
      2,
    )}\n`,
  );
  const core = join(to, CORE_FILE);
  const key = variablesOf(core).PULSE_ENCRYPTION_KEY ?? randomBytes(32).toString("base64");
  putVariables(core, {
    ...{ PULSE_NATS_URL: url, PULSE_NATS_USER: "core", PULSE_NATS_PASSWORD: users.core },
    PULSE_ENCRYPTION_KEY: key,
  });
  for (const [user, password] of Object.entries(users.edges)) {
    const { site, edge } = edgeOfUser(user);
    putVariables(join(to, `${user}.env`), {
      ...{ PULSE_NATS_URL: url, PULSE_NATS_USER: user, PULSE_NATS_PASSWORD: password },
      ...{ PULSE_SITE: site, ...(edge === null ? {} : { PULSE_NAME: edge }) },
    });
  }
  const gone = Object.keys(there?.edges ?? {}).filter(user => !wanted.includes(user));
  const lines = [
    `${file}: for each nats-server, which has the folder as ${NATS_HOME} and gets its name by --name`,
    ...(isSecure
      ? [`Beside it belong tls.crt and tls.key; PULSE_NATS_CA names their authority to cores and edges`]
      : []),
    `${core}: the environment of each core; PULSE_NAME must be another for each`,
    ...wanted.map(user => `${join(to, `${user}.env`)}: the environment of ${toWhom(user)}`),
    ...gone.map(user => `The user of ${toWhom(user)} is let in no longer`),
  ];
  return { ok: true, text: lines.join("\n") };
}

function toWhom(user: string): string {
  const { site, edge } = edgeOfUser(user);
  return edge === null ? `the edges of site "${site}"` : `the edge "${edge}" of site "${site}"`;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/** Of a file of lines like NAME=VALUE; none when there is no file. */
function variablesOf(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  const lines = readFileSync(file, "utf8").split("\n");
  return Object.fromEntries(lines.filter(line => /^\w+=/.test(line)).map(line => line.split(/=(.*)/s).slice(0, 2)));
}

/** Sets variables in such a file; the others stay. */
function putVariables(file: string, variables: Readonly<Record<string, string>>): void {
  const all = Object.entries({ ...variablesOf(file), ...variables });
  putFile(file, all.map(([name, value]) => `${name}=${value}\n`).join(""));
}

/** For its owner only, and whole at any moment. */
function putFile(file: string, text: string): void {
  writeFileSync(`${file}.partial`, text, { mode: 0o600 });
  renameSync(`${file}.partial`, file);
}
