import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";
import type { CommandOutcome } from "./account-command.ts";
import { readLists } from "./cluster/entered-list.ts";
import { SiteKey } from "./cluster/site-key.ts";
import { FILE_JUDGES } from "./file-judges.ts";
import type { Clock } from "./kit/clock.ts";
import { SECOND } from "./kit/units.ts";
import type { EnteredList } from "./model/entered-instance.ts";
import { type InstanceSettings, withSecret } from "./model/instance-settings.ts";
import { USUAL_SETTINGS } from "./model/system-settings.ts";
import { CONFIG_FILE, readConfigFile } from "./settings/config-file.ts";
import type { Environment } from "./settings/environment.ts";
import { besides, InstanceBook } from "./settings/instance-book.ts";
import type { PulseConfig } from "./settings/pulse-yaml.ts";
import { type GivenKey, KEY_FILE, keyText } from "./settings/seal.ts";
import { readSiteKey } from "./settings/site-key-file.ts";
import { SystemBook } from "./settings/system-book.ts";
import { writeInstances } from "./settings/written-instances.ts";
import { copyDatabase } from "./store/copy.ts";
import { DATABASE_FILE, Database } from "./store/database.ts";

/** From where to where a Pulse goes over. */
export interface Move {
  /** The data folder that is read, and stays as it is. */
  from: string;
  /** The folder that is written into. */
  to: string;
  environment: Environment;
  sealKey: GivenKey | null;
  clock: Clock;
}

/** Something would be lost, or cannot be done; the message says what. */
export class CannotMove extends Error {
  override name = "CannotMove";
}

/** By which an edge looks as the single Pulse did. */
const OF_LOOKS = ["pvePollingInterval", "pbsPollingInterval", "pmgPollingInterval", "connectionTimeout"] as const;
/** What no single Pulse knows. */
const OF_CORES = ["cluster_position", "cluster_command", "cluster_instance", "cluster_entered"] as const;
/** Where the parts of a cluster are laid before they are there. */
const PARTIAL = ".partial";

/**
 * Makes of a single Pulse, which does not run, what a cluster begins with: `core`, the data folder of each core, and one named like `site`
 * for the edge there, which has the instances with their credentials. `keepKey` gets the key that the secrets in it are sealed with.
 */
export function adopt(move: Move & { site: string }, keepKey: (key: string) => void): CommandOutcome {
  const { from, to, site, environment, sealKey } = move;
  const [core, edge] = [join(to, "core"), join(to, site)];
  for (const folder of [core, edge])
    if (existsSync(folder)) throw new CannotMove(`"${folder}" is there already: nothing was changed`);
  if (!existsSync(join(from, DATABASE_FILE)))
    throw new CannotMove(`There is no Pulse in "${from}": set PULSE_DATA_DIR to its data folder`);
  const key = keyText(from, sealKey);
  const config = readConfigFile(from, environment, FILE_JUDGES);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const [newCore, newEdge] = [emptyFolder(core), emptyFolder(edge)];
  try {
    copyDatabase(from, newCore);
    const { instances, system, shadowed } = takeInstances(newCore, config, move, key);
    writeConfig(newCore, configText(from), document => {
      if (document.has("instances")) document.delete("instances");
    });
    writeWithInstances(newEdge, "", instances, document => {
      for (const [field, value] of Object.entries(system)) document.setIn(["system", field], value);
    });
    checkSame(readConfigFile(newEdge, environment, FILE_JUDGES).instances, instances);
    checkRest(newCore, config, environment);
    keepKey(key);
    renameSync(newEdge, edge);
    renameSync(newCore, core);
    return {
      ok: true,
      text: [
        `${core} is the data folder for each core: give every core a copy of its own.`,
        `${edge} is the one for the edge of site "${site}": ${counted(instances)}, with their credentials.`,
        ...shadowed.map(
          name => `Not carried over: the instance "${name}" that was entered besides; ${CONFIG_FILE} has it, too.`,
        ),
        `"${from}" is as it was: keep it until the cluster is what you want, and do not start Pulse on it meanwhile.`,
      ].join("\n"),
    };
  } catch (error) {
    for (const folder of [newCore, newEdge]) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Takes the instances out of the core's database, where their secrets lie. */
function takeInstances(folder: string, { instances: given, system }: PulseConfig, { from, clock }: Move, key: string) {
  using database = Database.open(folder, String(clock.now()));
  if (database.all("SELECT 1 FROM cluster_position").length > 0)
    throw new CannotMove(`"${from}" is the data folder of a core already`);
  const book = new InstanceBook(database, from, { text: key });
  const entered = besides(given, book.all);
  const shadowed = book.all.filter(one => !entered.includes(one)).map(({ name }) => name);
  for (const { name } of book.all) database.run("DELETE FROM instance WHERE id = ?", name);
  const { settings } = new SystemBook(database, USUAL_SETTINGS, system);
  const other = OF_LOOKS.filter(field => settings[field] !== USUAL_SETTINGS[field]);
  return {
    ...{ instances: [...given, ...entered], shadowed },
    system: Object.fromEntries(other.map(field => [field, settings[field]])),
  };
}

/** Throws CannotMove when pulse.yaml says something else where it lies now, but for the instances. */
function checkRest(folder: string, { instances: _, ...before }: PulseConfig, environment: Environment): void {
  const { instances: __, ...now } = readConfigFile(folder, environment, FILE_JUDGES);
  if (!isDeepStrictEqual(now, before))
    throw new CannotMove(
      `${CONFIG_FILE} says something else in another folder: name the files in it by their whole path`,
    );
}

/** What of an edge is read when its site becomes a single Pulse's again. */
interface EdgeFolder {
  folder: string;
  instances: readonly InstanceSettings[];
}

/**
 * The way back: makes of a core, which does not run, and of the data folders of the edges, the data folder of a single Pulse in `to`. Throws
 * CannotMove when an instance would not be watched any more, or there is what this core has not kept. `unread`: what of that lies in NATS.
 */
export async function leave(
  move: Move & { edges: readonly string[] },
  unread: (database: Database) => Promise<string | null>,
): Promise<CommandOutcome> {
  const { from, to, edges, environment, sealKey, clock } = move;
  if (existsSync(to)) throw new CannotMove(`"${to}" is there already: nothing was changed`);
  if (!sealKey) throw new CannotMove("PULSE_ENCRYPTION_KEY: missing; the one of the cores");
  if (!existsSync(join(from, DATABASE_FILE)))
    throw new CannotMove(`There is no core in "${from}": set PULSE_DATA_DIR to its data folder`);
  const single = emptyFolder(to);
  try {
    const read = edges.map(folder => readEdgeFolder(folder, move));
    copyDatabase(from, single);
    const { known, lists } = await forgetCluster(single, clock, unread);
    const given = together(read);
    const instances = [...given, ...openEntered(lists, edges, given)];
    const lost = known.filter(name => !instances.some(one => one.name === name));
    if (lost.length > 0)
      throw new CannotMove(
        `No edge's folder has ${lost.map(name => `"${name}"`).join(", ")}, which would not be watched any more: name its edge's, or forget it (pulse edge forget)`,
      );
    writeWithInstances(single, configText(from), instances);
    checkSame(readConfigFile(single, environment, FILE_JUDGES).instances, instances);
    checkRest(single, readConfigFile(from, environment, FILE_JUDGES), environment);
    writeFileSync(join(single, KEY_FILE), `${keyText(from, sealKey)}\n`, { mode: 0o600 });
    renameSync(single, to);
    return {
      ok: true,
      text: `"${to}" is the data folder of a single Pulse now: ${counted(instances)}. Those of the core and the edges are as they were.`,
    };
  } catch (error) {
    rmSync(single, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a database one of a single Pulse; the instances that edges watched. */
async function forgetCluster(
  folder: string,
  clock: Clock,
  unread: (database: Database) => Promise<string | null>,
): Promise<{ known: string[]; lists: ReadonlyMap<string, EnteredList> }> {
  using database = Database.open(folder, String(clock.now()));
  if (database.all("SELECT 1 FROM cluster_position").length === 0)
    throw new CannotMove("It is no core's data folder: it has read no stream");
  const problem = await unread(database);
  if (problem !== null) throw new CannotMove(problem);
  const known = database.all("SELECT name FROM cluster_instance ORDER BY name").map(({ name }) => String(name));
  const lists = readLists(database);
  for (const table of OF_CORES) database.run(`DELETE FROM ${table}`);
  return { known, lists };
}

/** Those that were entered on a page, of which an edge has the key; what a pulse.yaml has as well stands as it is there. */
function openEntered(
  lists: ReadonlyMap<string, EnteredList>,
  edges: readonly string[],
  given: readonly InstanceSettings[],
): InstanceSettings[] {
  const keys = edges.flatMap(folder => readSiteKey(folder) ?? []).map(seed => new SiteKey(seed));
  return [...lists].flatMap(([site, { instances }]) =>
    instances.flatMap(({ settings, sealed }) => {
      if (given.some(({ name }) => name === settings.name)) return [];
      const secret = keys.map(key => key.open(sealed, { site, settings })).find(opened => opened !== null);
      return secret == null ? [] : [withSecret(settings, secret)];
    }),
  );
}

function readEdgeFolder(folder: string, { environment, clock }: Move): EdgeFolder {
  const { instances, system } = readConfigFile(folder, environment, FILE_JUDGES);
  if (existsSync(join(folder, DATABASE_FILE))) {
    using database = Database.open(folder, String(clock.now()));
    const waiting = database.all("SELECT 1 FROM cluster_outbox").length;
    if (waiting > 0)
      throw new CannotMove(
        `${waiting} looks of the edge in "${folder}" have reached no core: start the cores, and it, until they have`,
      );
  }
  // What its file sets for all of its instances goes with each of them.
  const usual = (one: InstanceSettings) => system[`${one.type}PollingInterval`]?.value;
  return {
    folder,
    instances: instances.map(one => {
      const seconds = usual(one);
      return one.interval === null && typeof seconds === "number" ? { ...one, interval: seconds * SECOND } : one;
    }),
  };
}

/** Two edges of a site have the same file. */
function together(edges: readonly EdgeFolder[]): InstanceSettings[] {
  const found = new Map<string, { one: InstanceSettings; folder: string }>();
  for (const { folder, instances } of edges)
    for (const one of instances) {
      const other = found.get(one.name);
      if (other && !isDeepStrictEqual(other.one, one))
        throw new CannotMove(`"${one.name}" is another in "${folder}" than in "${other.folder}": make them the same`);
      found.set(one.name, { one, folder });
    }
  return [...found.values()].map(({ one }) => one);
}

type YamlDocument = ReturnType<typeof parseDocument>;

function configText(folder: string): string {
  const path = join(folder, CONFIG_FILE);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Comments and what is not changed stay as they were. Secrets may stand in it: for its owner only. */
function writeConfig(folder: string, text: string, change: (document: YamlDocument) => void): void {
  const document = parseDocument(text);
  change(document);
  const isEmpty = Object.keys((document.toJS() as object | null) ?? {}).length === 0;
  if (!isEmpty) writeFileSync(join(folder, CONFIG_FILE), document.toString(), { mode: 0o600 });
}

function writeWithInstances(
  folder: string,
  text: string,
  instances: readonly InstanceSettings[],
  change: (document: YamlDocument) => void = () => {},
): void {
  const { entries, files } = writeInstances(instances);
  for (const [name, pem] of files) writeFileSync(join(folder, name), pem, { mode: 0o600 });
  writeConfig(folder, text, document => {
    change(document);
    document.set("instances", entries);
  });
}

function checkSame(written: readonly InstanceSettings[], instances: readonly InstanceSettings[]): void {
  if (isDeepStrictEqual([...written], [...instances])) return;
  const wrong = instances.find((one, at) => !isDeepStrictEqual(one, written[at]));
  throw new CannotMove(`Instance "${wrong?.name}" cannot be written to ${CONFIG_FILE} as it is`);
}

function emptyFolder(path: string): string {
  const partial = path + PARTIAL;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o700 });
  return partial;
}

function counted({ length }: readonly unknown[]): string {
  return length === 1 ? "1 instance" : `${length} instances`;
}
