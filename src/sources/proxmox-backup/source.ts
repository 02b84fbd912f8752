import type { Clock } from "../../kit/clock.ts";
import { every } from "../../kit/every.ts";
import { type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { BackupServer } from "../../model/backup-server.ts";
import { namespaceId } from "../../model/ids.ts";
import type { InstanceSettings } from "../../model/instance-settings.ts";
import type { Whole } from "../../model/observation.ts";
import { ProxmoxClient } from "../proxmox/client.ts";
import { FaultNotes } from "../proxmox/fault-notes.ts";
import { Patience } from "../proxmox/patience.ts";
import { LookFailed, type Observe, type Source } from "../source.ts";
import { type DatastoreDetails, toDatastore, toNodeStatus, toUsage, type Usage } from "./datastores.ts";
import { NO_DETAILS, readDetails, type ServerDetails } from "./details.ts";
import { toSnapshots } from "./snapshots.ts";

const DETAILS_INTERVAL: Millis = MINUTE;
/** How often the snapshots of a namespace are listed: what a verification found shows that soon. */
const SNAPSHOTS_INTERVAL: Millis = 5 * MINUTE;
/** To list snapshots, the server reads a file of each. */
const SNAPSHOTS_DEADLINE: Millis = MINUTE;
/** Listing is hard work for its disks: one namespace after the other. */
const CHECK_INTERVAL: Millis = MINUTE;

export interface BackupServerSourceOptions {
  settings: InstanceSettings;
  clock: Clock;
  deadline?: Millis;
}

/**
 * One Backup Server. Three schedules, none waiting for another: how full it is and how it does, at the configured interval; jobs, tasks and
 * namespaces, every minute; the snapshots of each namespace, every five. What fails or is not allowed is told as that part's fault.
 */
export class BackupServerSource implements Source {
  readonly #options: BackupServerSourceOptions;
  readonly #client: ProxmoxClient;
  readonly #patience = new Patience();
  readonly #notes = new FaultNotes();
  #details: ServerDetails = NO_DETAILS;
  #usage: readonly Usage[] = [];
  /** By the id of a namespace: where it is, and when its snapshots were last listed. */
  readonly #listed = new Map<string, { store: string; path: string; at: Instant }>();

  constructor(options: BackupServerSourceOptions) {
    this.#options = options;
    this.#client = new ProxmoxClient({ ...options, members: [] });
  }

  async run(observe: Observe, signal: AbortSignal): Promise<void> {
    const { settings, clock } = this.#options;
    await using client = this.#client;
    void client;
    const detailed = Promise.withResolvers<void>();
    const lookAtDetails = async (at: Instant) => {
      if (!this.#patience.refused) await this.#lookAtDetails(at, signal);
      detailed.resolve();
    };
    const lookAtSnapshots = async () => {
      await detailed.promise;
      await this.#lookAtSnapshots(observe, signal);
    };
    await Promise.all([
      every(
        () => this.#patience.pause(settings.interval),
        at => this.#look(at, observe, signal),
        clock,
        signal,
      ),
      every(DETAILS_INTERVAL, lookAtDetails, clock, signal),
      every(CHECK_INTERVAL, lookAtSnapshots, clock, signal),
    ]);
  }

  async #look(at: Instant, observe: Observe, signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const common = { instance: settings.name, scope: "resources", at, interval: settings.interval } as const;
    const endpoints = () => this.#client.endpoints();
    try {
      const server = await this.#readServer(at, signal);
      this.#patience.note(null);
      const lists = { pbs: [server] };
      const took = clock.now() - at;
      const seen = { nodes: [], guests: [], storages: [], lists, endpoints: endpoints() };
      if (!signal.aborted) observe({ kind: "seen", ...common, took, ...seen });
      const { version } = server;
      const cluster = { clusterName: null, quorate: null, version, endpoints: endpoints() };
      if (!signal.aborted) observe({ kind: "seen", ...common, scope: "cluster", took, ...cluster });
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      this.#patience.note(error.fault.kind);
      const took = clock.now() - at;
      if (!signal.aborted) observe({ kind: "missed", ...common, took, fault: error.fault, endpoints: endpoints() });
    }
  }

  /** The server as it is known now. Rejects with LookFailed when neither how full it is nor how it does can be read. */
  async #readServer(at: Instant, signal: AbortSignal): Promise<Whole<BackupServer>> {
    const { name, host } = this.#options.settings;
    const read = (path: string) => this.#client.get(path, signal);
    let usageFault: unknown = null;
    const usage = await this.#notes.reading("datastores", async () => {
      try {
        return toUsage(await read("/status/datastore-usage"));
      } catch (error) {
        usageFault = error;
        throw error;
      }
    });
    const node = await this.#notes.reading("node", async () => toNodeStatus(await read("/nodes/localhost/status")));
    if (usage === null && node === null) throw usageFault;
    this.#usage = usage ?? this.#usage;
    const { version, jobs } = this.#details;
    const unknown = { cpu: null, memory: null, memoryUsed: null, memoryTotal: null, uptime: null };
    return {
      id: name,
      name,
      instance: name,
      host,
      status: "online",
      version,
      ...(node ?? unknown),
      datastores: this.#usage.map(store => toDatastore(name, store, this.#detailsOf(store.name), at)),
      ...jobs,
      connectionHealth: "healthy",
      faults: this.#notes.toRecord(),
    };
  }

  #detailsOf(store: string): DatastoreDetails {
    const { maintenance, namespaces, factors } = this.#details;
    return {
      maintenance: maintenance.get(store) ?? null,
      namespaces: namespaces.get(store) ?? [],
      deduplicationFactor: factors.get(store) ?? null,
      fault: this.#notes.toRecord()[`namespaces of ${store}`] ?? null,
    };
  }

  /** A fault of the whole server is told by the look at how full it is. */
  async #lookAtDetails(at: Instant, signal: AbortSignal): Promise<void> {
    const read = (path: string) => this.#client.get(path, signal);
    try {
      this.#details = await readDetails(this.#details, read, this.#notes, at);
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
    }
  }

  async #lookAtSnapshots(observe: Observe, signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const there = new Set<string>();
    for (const [store, namespaces] of this.#details.namespaces)
      for (const { path } of namespaces) {
        const part = namespaceId(settings.name, store, path);
        there.add(part);
        const last = this.#listed.get(part)?.at ?? Number.NEGATIVE_INFINITY;
        if (signal.aborted || this.#patience.refused || clock.now() - last < SNAPSHOTS_INTERVAL) continue;
        await this.#list(part, store, path, observe, signal);
      }
    for (const part of this.#listed.keys()) if (!there.has(part)) this.#end(part, observe);
  }

  async #list(part: string, store: string, path: string, observe: Observe, signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const at = clock.now();
    const common = { instance: settings.name, scope: "namespace", part, at, interval: SNAPSHOTS_INTERVAL } as const;
    const query = path === "" ? "" : `?ns=${encodeURIComponent(path)}`;
    const call = `/admin/datastore/${encodeURIComponent(store)}/snapshots${query}`;
    try {
      const data = await this.#client.get(call, signal, { deadline: SNAPSHOTS_DEADLINE });
      const pbsBackups = toSnapshots(data, settings.name, store, path);
      this.#listed.set(part, { store, path, at });
      if (!signal.aborted) observe({ kind: "seen", ...common, took: clock.now() - at, lists: { pbsBackups } });
    } catch (error) {
      if (!(error instanceof LookFailed)) throw error;
      if (!signal.aborted) observe({ kind: "missed", ...common, took: clock.now() - at, fault: error.fault });
    }
  }

  /** A namespace that is no longer there ends with an empty list. */
  #end(part: string, observe: Observe): void {
    const { clock, settings } = this.#options;
    this.#listed.delete(part);
    const common = { instance: settings.name, at: clock.now(), took: 0, interval: SNAPSHOTS_INTERVAL };
    observe({ kind: "seen", scope: "namespace", part, ...common, lists: { pbsBackups: [] } });
  }
}
