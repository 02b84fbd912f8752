import { join } from "node:path";
import type { Deployment } from "./deployment.ts";
import type { UpdateDesk } from "./http/update-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import { MINUTE } from "./kit/units.ts";
import type { Arch } from "./model/release.ts";
import type { SystemSettings } from "./model/system-settings.ts";
import type { UpdateEvent, UpdateStatus } from "./model/update.ts";
import type { EnvironmentSettings } from "./settings/environment.ts";
import type { VersionChange, VersionLog } from "./settings/version-log.ts";
import type { Database } from "./store/database.ts";
import { AutoUpdates } from "./updates/auto-updates.ts";
import type { Address } from "./updates/papers.ts";
import { type Attempt, UpdateBook } from "./updates/update-book.ts";
import { toUpdateFault } from "./updates/update-fault.ts";
import { Updater } from "./updates/updater.ts";

export interface UpdatingOptions {
  database: Database;
  clock: Clock;
  log: Log;
  environment: EnvironmentSettings;
  deployment: Deployment;
  /** The one that runs. */
  version: string;
  versions: VersionLog;
  /** The port that the server will have after a restart; 0: any that is free. */
  port: () => number;
  tell: (status: UpdateStatus) => void;
  /** The system settings as they are now. */
  settings: () => SystemSettings;
}

const ARCHES: Readonly<Record<string, Arch>> = { x64: "amd64", arm64: "arm64" };
const ANY_PORT = "FRONTEND_PORT is 0, so nobody knows where this Pulse answers after a restart: set a port";

/** Introduces updates to the database, the settings and the stream. */
export function openUpdating(options: UpdatingOptions): { desk: UpdateDesk; auto: AutoUpdates } & AsyncDisposable {
  const { database, clock, log, environment, deployment, version, versions, port, tell, settings } = options;
  const book = new UpdateBook(database);
  const { url = null, key = null } = environment.updates ?? {};
  const updater = new Updater({
    ...{ book, clock, log, tell, current: version, dataDir: environment.dataDir, root: deployment.root },
    url: url === null ? null : new URL(url),
    key: key ?? (deployment.root && join(deployment.root, "release-key.pub")),
    arch: (process.platform === "linux" && ARCHES[process.arch]) || null,
    backup: path => database.backup(path),
    address: () => addressOf(environment, port()),
  });
  const hindrance = () => deployment.hindrance ?? (port() === 0 ? ANY_PORT : null);
  const auto = new AutoUpdates({ ...{ updater, book, hindrance, clock, log }, settings, current: version });
  const { unitsNote } = deployment;
  const desk: UpdateDesk = {
    deployment: deployment.type,
    hindrance,
    unitsNote,
    known: channel => updater.known(channel),
    status: () => updater.status,
    events: () => {
      const events = eventsOf(book.all(), versions.changes(), deployment.type);
      const note = (event: UpdateEvent) => unitsNote !== null && event === events.find(isDoneTo(`v${version}`));
      return events.map(event => (note(event) ? { ...event, note: unitsNote ?? "" } : event));
    },
    async look(channel) {
      try {
        const { offer, downloadUrl, isMajor, laterMajor, checkedAt } = await updater.look(channel);
        if (!offer) return { offer, laterMajor, checkedAt };
        const { release, asset } = offer;
        const { notes, published } = release;
        const told = { version: release.version, notes, published, url: downloadUrl, size: asset.size, isMajor };
        return { offer: told, laterMajor, checkedAt };
      } catch (error) {
        return toUpdateFault(error).message;
      }
    },
    async apply(wish) {
      try {
        return await updater.apply(wish);
      } catch (error) {
        return { refused: "unknown", message: toUpdateFault(error).message };
      }
    },
  };
  return {
    desk,
    auto,
    async [Symbol.asyncDispose]() {
      await auto[Symbol.asyncDispose]();
      await updater[Symbol.asyncDispose]();
    },
  };
}

/** Whether an event is the one that brought a version. */
const isDoneTo = (version: string) => (event: UpdateEvent) =>
  event.status === "completed" && event.version_to === version;

/** Where this server answers on this machine. */
function addressOf({ bindHost, security }: EnvironmentSettings, port: number): Address {
  const anywhere = bindHost === null || bindHost === "0.0.0.0" || bindHost === "localhost" || bindHost === "::";
  return {
    host: anywhere ? "127.0.0.1" : bindHost.replace(/^\[|\]$/g, ""),
    port,
    tls: (security?.tls ?? null) !== null,
  };
}

/** A version may have been noted a moment after the update that brought it had ended. */
const SLACK = MINUTE;

/** Updates that were asked for here, and versions that came another way, the newest first. */
export function eventsOf(
  attempts: readonly Attempt[],
  changes: readonly VersionChange[],
  deployment: UpdateEvent["deployment_type"],
): UpdateEvent[] {
  const isOurs = ({ at }: VersionChange) =>
    attempts.some(({ began, ended }) => at >= began && at <= (ended ?? Number.POSITIVE_INFINITY) + SLACK);
  const ours = attempts.map(attempt => ({ at: attempt.began, event: toEvent(attempt, deployment) }));
  const others = changes
    .filter(change => !isOurs(change))
    .map(change => ({ at: change.at, event: toOutside(change, deployment) }));
  return [...ours, ...others].sort((a, b) => b.at - a.at).map(({ event }) => event);
}

function toEvent(attempt: Attempt, deployment: UpdateEvent["deployment_type"]): UpdateEvent {
  const { id, began, ended, channel, from, to, by, via, status, backup, fault } = attempt;
  return {
    event_id: id,
    timestamp: new Date(began).toISOString(),
    action: "update",
    channel,
    version_from: `v${from}`,
    version_to: `v${to}`,
    deployment_type: deployment,
    initiated_by: by,
    initiated_via: via,
    status,
    duration_ms: ended === null ? null : ended - began,
    ...(backup === null ? {} : { backup_path: backup }),
    ...(fault === null ? {} : { error: fault }),
  };
}

function toOutside({ id, at, from, to }: VersionChange, deployment: UpdateEvent["deployment_type"]): UpdateEvent {
  return {
    event_id: id,
    timestamp: new Date(at).toISOString(),
    action: "update",
    channel: to.includes("-") ? "rc" : "stable",
    version_from: `v${from}`,
    version_to: `v${to}`,
    deployment_type: deployment,
    initiated_by: null,
    initiated_via: "outside",
    status: "completed",
    duration_ms: null,
  };
}
