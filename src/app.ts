import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setImmediate as otherWork } from "node:timers/promises";
import { Server as SecureServer } from "node:tls";
import type { FastifyInstance } from "fastify";
import type { AccountCommand, CommandOutcome } from "./account-command.ts";
import type { Deed } from "./accounts/deed.ts";
import { type Alerting, openAlerting } from "./alert-desk.ts";
import { openArchiving } from "./archive-desk.ts";
import { Backups } from "./backup-desk.ts";
import { openCapacityDesk } from "./capacity-desk.ts";
import { Changes } from "./changes/changes.ts";
import { PING_INTERVAL, RAW_INTERVAL } from "./contract/live.ts";
import { openControlSocket } from "./control-socket.ts";
import { dashboardSeries } from "./dashboard-series.ts";
import { type Deployment, deploymentOf } from "./deployment.ts";
import { discoveryWarning, openDiscoveryDesk } from "./discovery-desk.ts";
import { openDockerDesk } from "./docker-desk.ts";
import { type FolderCommand, runFolderCommand } from "./folder-command.ts";
import { agreed, type Hand, type OpenHand } from "./hand.ts";
import { History } from "./history/history.ts";
import { untilTick } from "./history/tiers.ts";
import { buildHandlers } from "./http/handlers.ts";
import { Live } from "./http/live.ts";
import type { MockDesk } from "./http/mock-handlers.ts";
import { PictureView } from "./http/picture-view.ts";
import { MetricsPage } from "./http/prometheus/metrics-page.ts";
import { buildServer } from "./http/server.ts";
import { SocketIo } from "./http/socket-io.ts";
import { openInstanceDesk } from "./instance-desk.ts";
import { twinOf } from "./instance-doubles.ts";
import { Inventory } from "./inventory/inventory.ts";
import { toState } from "./inventory/state.ts";
import { keepPast } from "./keep-history.ts";
import { atMostEvery } from "./kit/at-most-every.ts";
import { calmLog } from "./kit/calm-log.ts";
import type { Clock } from "./kit/clock.ts";
import { every } from "./kit/every.ts";
import { jsonPieces } from "./kit/json-pieces.ts";
import { leapWatch } from "./kit/leaps.ts";
import type { Log, LogLevel } from "./kit/log.ts";
import { type Instant, MINUTE, SECOND } from "./kit/units.ts";
import { type MockCommand, runMockCommand } from "./mock-command.ts";
import type { Instance } from "./model/instance.ts";
import type { InstanceSettings } from "./model/instance-settings.ts";
import type { Observation } from "./model/observation.ts";
import type { Patch } from "./model/picture.ts";
import { snapshotParts } from "./model/snapshot.ts";
import { type SystemSettings, USUAL_SETTINGS } from "./model/system-settings.ts";
import { toWall } from "./model/wall.ts";
import { vapidKeysFrom } from "./notify/vapid-keys.ts";
import { openNotifying } from "./notifying.ts";
import { openSource } from "./open-source.ts";
import { openRegistrationDesk } from "./registration-desk.ts";
import { openSecurity, type Security } from "./security.ts";
import { toAgentScript } from "./settings/agent-script.ts";
import { BackupFolder } from "./settings/backup-folder.ts";
import { DockerHostBook } from "./settings/docker-hosts.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import { GuestNotes } from "./settings/guest-notes.ts";
import { besides, InstanceBook } from "./settings/instance-book.ts";
import { membersOf } from "./settings/members.ts";
import { MOCK_FOLDER } from "./settings/mock-choice.ts";
import type { PulseConfig } from "./settings/pulse-yaml.ts";
import { keyFileOf } from "./settings/seal.ts";
import { type CodeDeed, SetupCodes } from "./settings/setup-codes.ts";
import { SystemBook } from "./settings/system-book.ts";
import { nodesPart } from "./settings/transfer-nodes.ts";
import { notesPart, systemPart } from "./settings/transfer-parts.ts";
import { UserBook } from "./settings/user-book.ts";
import { VersionLog } from "./settings/version-log.ts";
import { runStatusCommand, type StatusCommand } from "./status-command.ts";
import { Database, isDamage, refusalOf } from "./store/database.ts";
import { isSuspect, salvage } from "./store/salvage.ts";
import { takeOver } from "./store/take-over.ts";
import { govern, openSystemDesk, toWatched } from "./system-desk.ts";
import { readTlsFiles, type TlsPair, tlsFollower } from "./tls-files.ts";
import { channelParts } from "./transfer-channels.ts";
import { alertsPart, openTransferDesk } from "./transfer-desk.ts";
import { openUpdating } from "./update-desk.ts";
import { Watch } from "./watch.ts";

/** What the command line may ask of a running server. */
type ControlCommand = AccountCommand | MockCommand | FolderCommand | StatusCommand;

export interface AppOptions {
  /** How it runs; left out: as `build` says. */
  deployment?: Deployment;
  environment: EnvironmentSettings;
  /** What pulse.yaml says; the instances may be those of the simulated estate. */
  config: PulseConfig;
  /** The instances are those of the simulated estate; its data is kept apart. */
  isMock?: boolean;
  /** Where it listens, whatever the settings say. */
  port?: number;
  /** When the process began; left out: now. */
  startedAt?: Instant;
  /** What feeds the picture in the place of sources of this process's own; left out: those do. */
  hand?: OpenHand;
  /** What opens the server anew; left out: nothing does. */
  supervisor?: { mock: MockDesk; reopen: () => void };
  clock: Clock;
  log: Log;
  /** Makes the log say more, or less; left out: it stays as it is. */
  setLogLevel?: (level: LogLevel) => void;
  build: { version: string; development: boolean; docker: boolean };
  /** Where the built web UI lies; null: the API only. */
  webFolder: string | null;
  /** Where the build laid the agent for Docker hosts; left out: nowhere. */
  agentFolder?: string;
  /** How much work a password's hash is (`Passwords`); left out: as much as is right. */
  passwordCost?: number;
  /** Ends the process so that what supervises it starts it again; left out: nothing would. */
  restart?: () => void;
}

/** A running Pulse. Disposing of it stops everything, in reverse order of the start. */
export interface App extends AsyncDisposable {
  /** Where it listens, as a browser on this machine would write it. */
  readonly url: string;
  /** Where the code for the first setup lies; null: it is done. */
  readonly setupFile: string | null;
  /** A token for what this process itself has started, by which it may report as an agent and nothing else, until it is disposed of. */
  lendToken(name: string): { secret: string } & Disposable;
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
  if (seen.kind === "seen" && seen.scope === "past") keepPast(rooms.history, seen, rooms.log);
  else publish(rooms.inventory.apply(seen), rooms);
}

/** The same, of what this process's own sources see: of a long list step by step, with others in between. */
async function ingestInTurns(seen: Observation, rooms: Rooms): Promise<void> {
  if (seen.kind === "seen" && seen.scope === "past") return ingest(seen, rooms);
  for (const patch of rooms.inventory.applying(seen)) {
    publish(patch, rooms);
    await otherWork();
  }
}

function publish(patch: Patch | null, { inventory, live, log }: Rooms): void {
  if (!patch) return;
  live.publish(patch);
  for (const { id, status } of patch.changed.instances ?? [])
    if (status !== undefined && status !== "connecting") logTransition(inventory.picture.instances[id], log);
  for (const { id, endpoints } of patch.changed.instances ?? []) {
    const instance = inventory.picture.instances[id];
    const twin = endpoints && instance ? twinOf(instance, inventory.picture.instances) : null;
    if (twin) log("warn", twin);
  }
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
  const { dataDir } = options.environment;
  const folders = [dataDir, join(dataDir, MOCK_FOLDER)];
  for (const folder of folders.filter(isSuspect)) rescue(folder, options);
  if (options.hand) bringMemory(dataDir, options);
  try {
    return await buildApp(options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    for (const folder of folders) rescue(folder, options);
    return buildApp(options);
  }
}

/** What another one of several remembers, where that was fetched. */
function bringMemory(folder: string, { clock, log }: AppOptions): void {
  const taken = takeOver(folder, clock.now());
  if (!taken) return;
  if ("wrong" in taken) log("error", `What another core remembers is not used: it ${taken.wrong}`);
  else log("info", "This core goes on with what another one remembers", { aside: taken.aside });
}

function rescue(folder: string, { clock, log }: AppOptions): void {
  const saved = salvage(folder, String(clock.now()));
  if (!saved) return;
  const { aside: file, rows, lost } = saved;
  const message = "The database was damaged; it was set aside, and what could be read of it is in a new one";
  log("error", message, { file, rows, lost: lost.join() });
}

async function buildApp(options: AppOptions): Promise<App> {
  const { environment, clock, config, isMock = false } = options;
  const recent = keepRecent(options.log, clock);
  const log = calmLog(recent.log, clock);
  await using opened = new AsyncDisposableStack();
  const openDatabase = (folder: string) => {
    const database = opened.use(Database.open(folder, String(clock.now())));
    if (database.setAside)
      log("error", "The database was unreadable; it was set aside and a new one begun", { file: database.setAside });
    return database;
  };
  /** Who gets in, and the system settings: the same whichever estate is shown. */
  const own = openDatabase(environment.dataDir);
  /** What belongs to the estate that is shown. */
  const database = isMock ? openDatabase(join(environment.dataDir, MOCK_FOLDER)) : own;
  const usual: SystemSettings = {
    ...USUAL_SETTINGS,
    frontendPort: environment.port,
    logLevel: environment.logLevel,
    allowedOrigins: environment.security?.edge.allowedOrigins.join(",") ?? "",
    updateChannel: options.build.version.includes("-") ? "rc" : "stable",
  };
  const system = new SystemBook(own, usual, { ...config.system, ...environment.system });
  const history = new History(database);
  const { keptUntil } = history;
  const changes = new Changes(database, keptUntil);
  const hand: Hand | null =
    (isMock ? null : options.hand?.({ version: options.build.version, database, clock, log })) ?? null;
  const agree = hand && agreed(hand, "accounts", (deed: Deed) => accounts.perform(deed));
  const security = await openSecurity({
    ...(agree ? { agree } : {}),
    ...{ environment, database: own, clock, log },
    users: config.users,
    restart: options.restart ?? null,
    ...(options.passwordCost === undefined ? {} : { passwordCost: options.passwordCost }),
  });
  const { accounts, edge }: Security = security;
  /** The one to listen on, from the next start on. */
  const ownPort = () => (environment.system?.frontendPort ? environment.port : system.settings.frontendPort);
  govern(system.settings, { edge, history, setLogLevel: options.setLogLevel });
  // The simulated estate stays by itself.
  const book = isMock ? null : new InstanceBook(database, environment.dataDir, environment.sealKey);
  const given = hand?.instances ?? config.instances;
  const instances = [...given, ...(hand ? [] : besides(given, book?.all ?? []))];
  for (const { name } of book?.all.filter(one => !instances.includes(one)) ?? [])
    log("warn", "An instance that was added here is not watched: pulse.yaml has it too, and wins", { instance: name });
  const inventory = new Inventory(instances.map(one => toWatched(one, system.settings)));
  const epoch = randomBytes(6).toString("hex");
  const performance = dashboardSeries(history, node => inventory.picture.nodes[node]?.instance ?? null, clock);
  const startedAt = options.startedAt ?? clock.now();
  const state = () => {
    const stats = { version: `v${options.build.version}`, uptime: Math.floor((clock.now() - startedAt) / SECOND) };
    const recentlyResolved = alerting.alerts.recentlyResolved(clock.now());
    return toState(inventory.picture, epoch, { performance: performance(), stats, recentlyResolved });
  };
  const view = new PictureView({
    epoch,
    version: () => inventory.picture.version,
    pieces: () => jsonPieces(state()),
    parts: () => snapshotParts(inventory.picture, epoch),
  });
  const live = new Live(view, accounts, `v${options.build.version}`, edge, () => toWall(state()));
  const build = { ...options.build, startedAt };
  const rooms = { inventory, history, live, log };
  let socketIo: SocketIo | null = null;
  const notifying = opened.use(
    openNotifying({
      ...{ database, clock, log, seal: security.seal },
      alerts: () => alerting.alerts,
      given: isMock ? null : config.channels,
      ...(hand
        ? { once: dispatch => hand.once(dispatch), vapid: vapidKeysFrom(security.seal.derive("vapid", 48)) }
        : {}),
      changeSchedule: schedule => {
        const outcome = alerting.desk.configure({ schedule });
        return "refused" in outcome ? outcome : null;
      },
    }),
  );
  const alerting: Alerting = opened.use(
    openAlerting({
      database,
      given: isMock ? null : config.thresholds,
      seamless: hand !== null,
      backup: () => backups.failure,
      update: () => updating.auto.own,
      history,
      changes,
      inventory,
      clock,
      log,
      follow: (transitions, at) => notifying.notify.enqueue(transitions, at),
      untold: alert => notifying.notify.whyNotTold(alert, clock.now()),
      publish: patch => publish(patch, rooms),
      broadcast: frame => {
        live.broadcast(frame, "full");
        socketIo?.broadcast(frame);
      },
      publishFull: () => publishFull(live, socketIo),
    }),
  );
  const backups = opened.use(
    new Backups({
      folder: new BackupFolder(own, environment.dataDir),
      settings: () => system.settings,
      keyFile: keyFileOf(environment),
      clock,
      log,
    }),
  );
  const archiving = opened.use(
    openArchiving({
      ...{ database, history, clock, log, seal: security.seal },
      given: isMock ? null : (environment.archive ?? config.archive),
      share: hand?.archive ?? null,
    }),
  );
  const watch = new Watch(seen => void ingestInTurns(seen, rooms));
  const source = (settings: InstanceSettings, since: number | null = null) =>
    openSource(toWatched(settings, system.settings), {
      ...{ database, clock, keptUntil: since },
      isPastKnown: resource => history.isPastKnown(resource),
      deadline: system.settings.connectionTimeout * SECOND,
    });
  const about = {
    ...{ picture: inventory.picture, environment },
    signIn: () => ({ passwordAuth: accounts.users.any, apiToken: accounts.tokens.list().length > 0 }),
    deadline: () => system.settings.connectionTimeout * SECOND,
  };
  const usualInterval = (one: InstanceSettings) => toWatched(one, system.settings).interval;
  const desk =
    hand?.openInstanceDesk({ ...about, usual: usualInterval }) ??
    openInstanceDesk({
      ...{ ...about, locked: given, book, isMock, clock },
      members: name => membersOf(database, name),
      begin: async settings => {
        await watch.stop(settings.name);
        publish(inventory.admit(toWatched(settings, system.settings), clock.now()), rooms);
        watch.start(settings.name, source(settings));
      },
      end: async name => {
        await watch.stop(name);
        publish(inventory.dismiss(name, clock.now()), rooms);
      },
    });
  const codes = new SetupCodes(database);
  const notes = new GuestNotes(database);
  const discovery = opened.use(openDiscoveryDesk(desk, clock, () => system.settings));
  const unscannable = discoveryWarning({ ...config.system, ...environment.system }.discoverySubnet);
  if (unscannable !== null) log("warn", unscannable);
  const registrations = openRegistrationDesk({
    ...{ instances: desk, codes, clock, siteOf: desk.siteOf },
    agree: agreed(hand, "setup-codes", (deed: CodeDeed) => codes.perform(deed, clock.now())),
  });
  const versions = new VersionLog(own, options.build.version, clock.now());
  const updating = opened.use(
    openUpdating({
      ...{ database: own, clock, log, environment, versions, version: options.build.version },
      deployment: options.deployment ?? deploymentOf({ ...options.build, folder: "", bySystemd: false }),
      port: ownPort,
      settings: () => system.settings,
      tell: status => {
        const frame = { type: "update:progress", data: status, timestamp: status.updatedAt } as const;
        live.broadcast(frame);
        socketIo?.broadcast(frame);
      },
    }),
  );
  const transfer = openTransferDesk({
    database: own,
    clock,
    parts: book && [
      ...(hand ? [] : [nodesPart(book, config.instances)]),
      alertsPart(alerting.alerts),
      ...channelParts(notifying.channels, clock),
      systemPart(system),
      notesPart(notes),
    ],
    reopen: () => options.supervisor?.reopen(),
    hand,
  });
  const tlsFiles = environment.security?.tls ?? null;
  const tls = tlsFiles && readTlsFiles(tlsFiles);
  const server = await buildServer({
    handlers: buildHandlers({
      view,
      door: accounts,
      instances: desk,
      system: openSystemDesk({
        book: system,
        usual,
        users: new UserBook(own),
        governed: {
          edge,
          history,
          setLogLevel: options.setLogLevel,
          watchAgain: which => desk.watchAgain(which),
          showTheme: theme => live.broadcast({ type: "settingsUpdate", data: { theme } }),
        },
        canRestart: options.restart !== undefined,
      }),
      cluster: hand,
      mock: options.supervisor?.mock ?? null,
      transfer: transfer.desk,
      backups: backups.desk,
      picture: () => inventory.picture,
      capacity: openCapacityDesk(() => inventory.picture, history.range.bind(history), clock),
      updates: updating.desk,
      registrations,
      discovery,
      docker: openDockerDesk({
        inventory,
        book: isMock ? null : new DockerHostBook(database),
        publish: patch => publish(patch, rooms),
        reported: atMostEvery(SECOND, () => publishFull(live, socketIo), clock),
        clock,
        log,
      }),
      agent: { folder: options.agentFolder ?? null, script: toAgentScript },
      metrics: environment.metrics
        ? new MetricsPage({
            picture: () => inventory.picture,
            own: () => ({
              version: options.build.version,
              now: clock.now(),
              sources: watch.reports(),
              streamClients: live.size,
              series: history.size,
              channels: notifying.notify.figures(),
            }),
          })
        : null,
      past: archiving.past,
      archive: archiving.desk,
      alerts: alerting.desk,
      changes: {
        read: query => changes.read(query),
        alerts: (since, resource) => alerting.alerts.countSince(since, resource),
        actions: since => security.audit.countSince(since),
      },
      notifications: notifying.desk,
      silences: notifying.silences,
      security: security.desk,
      notes: {
        guests: () => [...Object.values(inventory.picture.vms), ...Object.values(inventory.picture.containers)],
        all: () => notes.all(),
        of: guest => notes.of(guest),
        change: (guest, input) => notes.change(guest, input),
        remove: guest => notes.remove(guest),
      },
      inspection: {
        state,
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
    edge,
    clock,
    audit: event => security.audit.append(event),
    unsaved,
    tls,
    ...(hand ? { together: hand } : {}),
  });
  opened.defer(() => server.close());
  live.attach(server.server);
  opened.defer(() => live.close());
  const forOlder = new SocketIo(server.server, {
    door: accounts,
    edge: security.edge,
    version: `v${options.build.version}`,
    state,
  });
  socketIo = forOlder;
  opened.defer(() => forOlder.close());
  const answer = async (command: ControlCommand): Promise<CommandOutcome> => {
    switch (command.kind) {
      case "mock":
        return runMockCommand(command, hand ? null : (options.supervisor?.mock ?? null));
      case "status":
        return runStatusCommand(url);
      case "import":
      case "export":
      case "backup":
      case "backups":
      case "restore":
        return runFolderCommand(command, { database: own, backups, transfer });
      default:
        return security.run(command);
    }
  };
  const url = await listen(server, {
    port: options.port ?? ownPort(),
    bindHost: environment.bindHost,
  });
  opened.use(await openControlSocket(environment.dataDir, it => answer(it as ControlCommand), log));
  notifying.notify.start();
  backups.start();
  if (!isMock) archiving.start();
  updating.auto.start();
  const tellChanges = () => {
    const newest = changes.takeNews();
    if (newest !== null) live.broadcast({ type: "changes", data: { newest } }, "patch");
  };
  const judge = (at: Instant, beside: () => void) => {
    alerting.tick.run(at, beside);
    tellChanges();
  };
  const tick = async (at: Instant) => {
    // Others are due at the same time.
    await otherWork();
    alerting.tick.look(at);
    await otherWork();
    alerting.tick.record(at);
    tellChanges();
  };
  opened.use(startSchedules(rooms, { tick, hand }, forOlder, clock));
  opened.use(retryWrites([security.audit, accounts], clock));
  if (tlsFiles && tls) opened.use(followCertificate(server, tlsFiles, tls, clock, log));
  opened.use(watch);
  if (hand) {
    opened.use(hand);
    const feed = {
      ingest: (seen: Observation) => ingest(seen, rooms),
      publish: (it: Patch | null) => publish(it, rooms),
    };
    hand.start({
      ...{ ...rooms, ...feed, judge, seal: security.seal },
      reopen: () => options.supervisor?.reopen(),
      missed: () => void accounts.sessions.endWhere(() => true),
    });
  } else for (const settings of instances) watch.start(settings.name, source(settings, keptUntil));
  const running = opened.move();
  const lendToken = (name: string) => accounts.tokens.lend(name, ["agent"]);
  return { url, setupFile: security.setupFile, lendToken, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** 507 is "Insufficient Storage" (RFC 4918, 11.5). */
function unsaved(error: unknown, isChange: boolean): { status: number; message: string } | null {
  const refusal = refusalOf(error);
  if (!refusal) return null;
  const what = isChange ? "Nothing was saved: the database cannot be written" : "The database cannot be read";
  return { status: refusal.full ? 507 : 503, message: `${what}: ${refusal.reason}` };
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

/** Everything but the looks that happens by itself; another hand says when it is time to judge. */
function startSchedules(
  rooms: Rooms,
  { tick, hand }: { tick: (at: Instant) => Promise<void>; hand: Hand | null },
  socketIo: SocketIo,
  clock: Clock,
): AsyncDisposable {
  const stop = new AbortController();
  const { signal } = stop;
  const { inventory, live, log } = rooms;
  const leap = leapWatch(clock);
  const running = Promise.all([
    every(SECOND, at => (hand ? hand.age(at) : publish(inventory.age(at), rooms)), clock, signal),
    every(
      () => untilTick(clock.now()),
      async at => {
        const leapt = leap();
        if (leapt !== null) log("warn", leapt);
        if (!hand) await tick(at);
      },
      clock,
      signal,
    ),
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

/** What the database refused of the audit log, and of used codes, is written when it can be. */
function retryWrites(rooms: readonly { flush(): void }[], clock: Clock): AsyncDisposable {
  const stop = new AbortController();
  const flush = () => {
    for (const room of rooms) room.flush();
  };
  const running = every(MINUTE, flush, clock, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      flush();
    },
  };
}

/** Takes a new certificate into use when its files change; connections that are open go on. */
function followCertificate(
  server: FastifyInstance,
  files: { certificate: string; key: string },
  first: TlsPair,
  clock: Clock,
  log: Log,
): AsyncDisposable {
  const stop = new AbortController();
  const use = (pair: TlsPair) => {
    (server.server as unknown as SecureServer).setSecureContext({ ...pair, minVersion: "TLSv1.2" });
    log("info", "The new certificate is in use", { file: files.certificate });
  };
  const follow = tlsFollower(files, first, use, problem => log("warn", problem));
  const running = every(MINUTE, follow, clock, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

function publishFull(live: Live, socketIo: SocketIo | null): void {
  live.publishFull();
  socketIo?.publishFull();
}

function ping(live: Live, socketIo: SocketIo, timestamp: number): void {
  live.ping(timestamp);
  socketIo.ping(timestamp);
}

async function listen(
  server: FastifyInstance,
  { port, bindHost }: Pick<EnvironmentSettings, "port" | "bindHost">,
): Promise<string> {
  await server.listen({ port, host: bindHost ?? "::" }).catch((error: NodeJS.ErrnoException) => {
    if (bindHost !== null || (error.code !== "EAFNOSUPPORT" && error.code !== "EADDRNOTAVAIL")) throw error;
    return server.listen({ port, host: "0.0.0.0" });
  });
  const { address, port: actual, family } = server.server.address() as AddressInfo;
  const anywhere = address === "::" || address === "0.0.0.0";
  const host = anywhere ? "localhost" : family === "IPv6" ? `[${address}]` : address;
  return `${server.server instanceof SecureServer ? "https" : "http"}://${host}:${actual}`;
}
