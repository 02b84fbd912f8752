import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { Accounts } from "./accounts/accounts.ts";
import { PING_INTERVAL, RAW_INTERVAL } from "./contract/live.ts";
import { openDiscoveryDesk } from "./discovery-desk.ts";
import { History } from "./history/history.ts";
import { untilTick } from "./history/tiers.ts";
import { buildHandlers } from "./http/handlers.ts";
import { Live } from "./http/live.ts";
import { PictureView } from "./http/picture-view.ts";
import { buildServer } from "./http/server.ts";
import { SocketIo } from "./http/socket-io.ts";
import { openInstanceDesk } from "./instance-desk.ts";
import { Inventory } from "./inventory/inventory.ts";
import { toState } from "./inventory/state.ts";
import { historyKeeper } from "./keep-history.ts";
import type { Clock } from "./kit/clock.ts";
import { every } from "./kit/every.ts";
import type { Log } from "./kit/log.ts";
import { SECOND } from "./kit/units.ts";
import type { Instance } from "./model/instance.ts";
import type { InstanceSettings } from "./model/instance-settings.ts";
import type { Observation } from "./model/observation.ts";
import type { Patch } from "./model/picture.ts";
import { openRegistrationDesk } from "./registration-desk.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { GuestNotes } from "./settings/guest-notes.ts";
import { InstanceBook } from "./settings/instance-book.ts";
import { membersOf, rememberMembers } from "./settings/members.ts";
import { SetupCodes } from "./settings/setup-codes.ts";
import { MailGatewaySource } from "./sources/mail-gateway/source.ts";
import { BackupServerSource } from "./sources/proxmox-backup/source.ts";
import { PveSource } from "./sources/proxmox-ve/source.ts";
import type { Source } from "./sources/source.ts";
import { Database } from "./store/database.ts";
import { Watch } from "./watch.ts";

export interface AppOptions {
  environment: EnvironmentSettings;
  instances: readonly InstanceSettings[];
  clock: Clock;
  log: Log;
  build: { version: string; development: boolean; docker: boolean };
  /** Where the built web UI lies; null: the API only. */
  webFolder: string | null;
}

/** A running Pulse. Disposing of it stops everything, in reverse order of the start. */
export interface App extends AsyncDisposable {
  /** Where it listens, as a browser on this machine would write it. */
  readonly url: string;
}

/** The rooms that a datum passes through. */
interface Rooms {
  inventory: Inventory;
  history: History;
  live: Live;
  log: Log;
}

/** The whole path of a datum: memory, then the wire. Nothing calls back up, and nothing else writes. */
function ingest(seen: Observation, rooms: Rooms): void {
  publish(rooms.inventory.apply(seen), rooms);
}

function publish(patch: Patch | null, { inventory, live, log }: Rooms): void {
  if (!patch) return;
  live.publish(patch);
  for (const { id, status } of patch.changed.instances ?? [])
    if (status !== undefined && status !== "connecting") logTransition(inventory.picture.instances[id], log);
}

function logTransition(instance: Instance | undefined, log: Log): void {
  if (!instance) return;
  const { name, status, fault } = instance;
  const reason = fault ? { fault: fault.kind, reason: fault.message } : {};
  log(status === "online" ? "info" : "warn", `Instance "${name}" is ${status}`, { instance: name, status, ...reason });
}

/**
 * Builds every room, introduces them to each other and starts the schedules. Throws StoreError when the data folder cannot be used, and
 * the listening socket's error when the port cannot be had; nothing is left running then.
 */
export async function openApp(options: AppOptions): Promise<App> {
  const { environment, clock } = options;
  const recent = keepRecent(options.log, clock);
  const { log } = recent;
  await using opened = new AsyncDisposableStack();
  const database = opened.use(Database.open(environment.dataDir, String(clock.now())));
  if (database.setAside)
    log("error", "The database was unreadable; it was set aside and a new one begun", { file: database.setAside });
  const history = new History(database, environment.history);
  // The simulated estate stays by itself.
  const book = environment.mockMode ? null : new InstanceBook(database, environment.dataDir);
  const accounts = await Accounts.open({ ...environment, demo: environment.demoMode, clock });
  const instances = [...options.instances, ...(book?.all ?? [])];
  const inventory = new Inventory(instances);
  const epoch = randomBytes(6).toString("hex");
  const view = new PictureView({
    epoch,
    version: () => inventory.picture.version,
    json: () => JSON.stringify(toState(inventory.picture, epoch)),
  });
  const live = new Live(view, accounts, `v${options.build.version}`);
  const build = { ...options.build, startedAt: clock.now() };
  const rooms = { inventory, history, live, log };
  const watch = new Watch(seen => ingest(seen, rooms));
  const desk = openInstanceDesk({
    locked: options.instances,
    book,
    picture: inventory.picture,
    clock,
    environment,
    begin: async settings => {
      await watch.stop(settings.name);
      publish(inventory.admit(settings, clock.now()), rooms);
      watch.start(settings.name, openSource(settings, database, clock));
    },
    end: async name => {
      await watch.stop(name);
      publish(inventory.dismiss(name, clock.now()), rooms);
    },
  });
  const codes = new SetupCodes(database);
  const notes = new GuestNotes(database);
  const discovery = opened.use(openDiscoveryDesk(desk, clock));
  const registrations = openRegistrationDesk({ instances: desk, codes, clock });
  let socketIo: SocketIo | null = null;
  const server = await buildServer({
    handlers: buildHandlers({
      view,
      door: accounts,
      instances: desk,
      registrations,
      discovery,
      past: history,
      notes: {
        guests: () => [...Object.values(inventory.picture.vms), ...Object.values(inventory.picture.containers)],
        all: () => notes.all(),
        of: guest => notes.of(guest),
        change: (guest, input) => notes.change(guest, input),
        remove: guest => notes.remove(guest),
      },
      inspection: {
        state: () => toState(inventory.picture, epoch),
        sources: () => watch.reports(),
        streamClients: () => live.size + (socketIo?.size ?? 0),
        errors: () => recent.entries,
      },
      broadcast: frame => {
        live.broadcast(frame);
        socketIo?.broadcast(frame);
        return live.size + (socketIo?.size ?? 0);
      },
      build,
      clock,
    }),
    door: accounts,
    log,
    webFolder: options.webFolder,
    readOnly: environment.demoMode,
  });
  opened.defer(() => server.close());
  live.attach(server.server);
  opened.defer(() => live.close());
  const forOlder = new SocketIo(server.server, {
    door: accounts,
    version: `v${options.build.version}`,
    state: () => toState(inventory.picture, epoch),
  });
  socketIo = forOlder;
  opened.defer(() => forOlder.close());
  const url = await listen(server, environment);
  opened.use(startSchedules(rooms, forOlder, clock));
  opened.use(watch);
  for (const settings of instances) watch.start(settings.name, openSource(settings, database, clock));
  const running = opened.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** How many warnings and errors are kept for who asks what went wrong. */
const RECENT_PROBLEMS = 100;

/** A log that remembers its newest warnings and errors. */
function keepRecent(log: Log, clock: Clock) {
  const entries: { time: number; level: string; message: string }[] = [];
  const keep: Log = (level, message, fields) => {
    if (level === "warn" || level === "error") {
      entries.push({ time: clock.now(), level, message });
      if (entries.length > RECENT_PROBLEMS) entries.shift();
    }
    log(level, message, fields);
  };
  return { log: keep, entries };
}

function openSource(settings: InstanceSettings, database: Database, clock: Clock): Source {
  if (settings.type === "pbs") return new BackupServerSource({ settings, clock });
  if (settings.type === "pmg") return new MailGatewaySource({ settings, clock });
  const members = membersOf(database, settings.name);
  return new PveSource({
    settings,
    clock,
    members,
    remember: found => rememberMembers(database, settings.name, found),
  });
}

/** Everything but the looks that happens by itself. */
function startSchedules(rooms: Rooms, socketIo: SocketIo, clock: Clock): AsyncDisposable {
  const stop = new AbortController();
  const { signal } = stop;
  const { inventory, history, live, log } = rooms;
  const keep = historyKeeper(history, inventory.picture, log);
  const running = Promise.all([
    every(SECOND, at => publish(inventory.age(at), rooms), clock, signal),
    every(() => untilTick(clock.now()), keep, clock, signal),
    every(RAW_INTERVAL, () => publishFull(live, socketIo), clock, signal),
    every(PING_INTERVAL, at => ping(live, socketIo, Math.floor(at / SECOND)), clock, signal),
  ]);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

function publishFull(live: Live, socketIo: SocketIo): void {
  live.publishFull();
  socketIo.publishFull();
}

function ping(live: Live, socketIo: SocketIo, timestamp: number): void {
  live.ping(timestamp);
  socketIo.broadcast({ type: "ping", data: { timestamp } });
}

async function listen(server: FastifyInstance, { port, bindHost }: EnvironmentSettings): Promise<string> {
  await server.listen({ port, host: bindHost ?? "::" }).catch((error: NodeJS.ErrnoException) => {
    if (bindHost !== null || (error.code !== "EAFNOSUPPORT" && error.code !== "EADDRNOTAVAIL")) throw error;
    return server.listen({ port, host: "0.0.0.0" });
  });
  const { address, port: actual, family } = server.server.address() as AddressInfo;
  const anywhere = address === "::" || address === "0.0.0.0";
  const host = anywhere ? "localhost" : family === "IPv6" ? `[${address}]` : address;
  return `http://${host}:${actual}`;
}
