import { every } from "../../kit/every.ts";
import { type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { BackupServer } from "../../model/backup-server.ts";
import type { Whole } from "../../model/observation.ts";
import type { SourceReport } from "../../model/source-report.ts";
import { ServerLooks, type ServerOptions } from "../proxmox/server-looks.ts";
import type { Observe, Source } from "../source.ts";
import { type DatastoreDetails, toDatastore, toNodeStatus, toUsage, type Usage } from "./datastores.ts";
import { NO_DETAILS, readDetails, type ServerDetails } from "./details.ts";
import { SnapshotRounds } from "./snapshot-rounds.ts";

const DETAILS_INTERVAL: Millis = MINUTE;

/**
 * One Backup Server. Three schedules, none waiting for another: how full it is and how it does, at the configured interval; jobs, tasks and
 * namespaces, every minute; the snapshots of each namespace, every five. What fails or is not allowed is told as that part's fault.
 */
export class BackupServerSource implements Source {
  readonly #options: ServerOptions;
  readonly #looks: ServerLooks;
  readonly #rounds: SnapshotRounds;
  #details: ServerDetails = NO_DETAILS;
  #usage: readonly Usage[] = [];

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#looks = new ServerLooks(options);
    this.#rounds = new SnapshotRounds(options, this.#looks);
  }

  async run(observe: Observe, signal: AbortSignal): Promise<void> {
    const { settings, clock } = this.#options;
    await using looks = this.#looks;
    const detailed = Promise.withResolvers<void>();
    const look = async (at: Instant) => {
      const read = async () => ({
        lists: { pbs: [await this.#readServer(at, signal)] },
        version: this.#details.version,
      });
      await looks.whole(at, read, observe, signal);
    };
    const lookAtDetails = async (at: Instant) => {
      await looks.details(DETAILS_INTERVAL, at, () => this.#readDetails(at, signal));
      detailed.resolve();
    };
    const goRound = async () => {
      await detailed.promise;
      await this.#rounds.go(this.#details.namespaces, observe, signal);
    };
    await Promise.all([
      every(() => looks.patience.pause(settings.interval), look, clock, signal),
      every(DETAILS_INTERVAL, lookAtDetails, clock, signal),
      every(DETAILS_INTERVAL, goRound, clock, signal),
    ]);
  }

  report(): SourceReport {
    return this.#looks.report();
  }

  async #readDetails(at: Instant, signal: AbortSignal): Promise<void> {
    const { client, notes } = this.#looks;
    this.#details = await readDetails(this.#details, path => client.get(path, signal), notes, at);
  }

  /** The server as it is known now. Rejects with LookFailed when neither how full it is nor how it does can be read. */
  async #readServer(at: Instant, signal: AbortSignal): Promise<Whole<BackupServer>> {
    const { name, title, host } = this.#options.settings;
    const { client, notes } = this.#looks;
    let reason: unknown = null;
    const usage = await notes.reading("datastores", async () => {
      try {
        return toUsage(await client.get("/status/datastore-usage", signal));
      } catch (error) {
        reason = error;
        throw error;
      }
    });
    const readNode = async () => toNodeStatus(await client.get("/nodes/localhost/status", signal));
    const node = await notes.reading("node", readNode);
    if (usage === null && node === null) throw reason;
    this.#usage = usage ?? this.#usage;
    const { version, jobs } = this.#details;
    const unknown = { cpu: null, memory: null, memoryUsed: null, memoryTotal: null, uptime: null };
    return {
      id: name,
      name: title ?? name,
      instance: name,
      host,
      status: "online",
      version,
      ...(node ?? unknown),
      datastores: this.#usage.map(store => toDatastore(name, store, this.#detailsOf(store.name), at)),
      ...jobs,
      connectionHealth: "healthy",
      faults: notes.toRecord(),
    };
  }

  #detailsOf(store: string): DatastoreDetails {
    const { maintenance, namespaces, factors } = this.#details;
    return {
      maintenance: maintenance.get(store) ?? null,
      namespaces: namespaces.get(store) ?? [],
      deduplicationFactor: factors.get(store) ?? null,
      fault: this.#looks.notes.toRecord()[`namespaces of ${store}`] ?? null,
    };
  }
}
