import type { Clock } from "../../kit/clock.ts";
import type { Instant, Millis } from "../../kit/units.ts";
import type { WatchedInstance } from "../../model/instance-settings.ts";
import type { PartLists } from "../../model/observation.ts";
import type { SourceReport } from "../../model/source-report.ts";
import { LookLog } from "../look-log.ts";
import { type LookFailed, type Observe, toFailure } from "../source.ts";
import { ProxmoxClient } from "./client.ts";
import { FaultNotes } from "./fault-notes.ts";
import { Patience } from "./patience.ts";

export interface ServerOptions {
  settings: WatchedInstance;
  clock: Clock;
  deadline?: Millis;
}

/** The looks at an upstream that is one server to us, not a cluster with guests: Backup Server and Mail Gateway. */
export class ServerLooks implements AsyncDisposable {
  readonly client: ProxmoxClient;
  readonly patience = new Patience();
  /** What could not be read at the last attempts. */
  readonly notes: FaultNotes;
  readonly #log = new LookLog();
  readonly #options: ServerOptions;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.notes = new FaultNotes(options.settings.name);
    this.client = new ProxmoxClient({ ...options, members: [] });
  }

  /** Looks at the server as a whole: whether it is well, and what it is. `read` rejects with LookFailed when that cannot be said. */
  async whole(
    at: Instant,
    read: () => Promise<{ lists: PartLists; version: string | null }>,
    observe: Observe,
    signal: AbortSignal,
  ): Promise<void> {
    const { settings } = this.#options;
    const common = { instance: settings.name, scope: "resources", at, interval: settings.interval } as const;
    try {
      const { lists, version } = await read();
      this.patience.note(null);
      const took = this.#done("resources", settings.interval, at, null);
      if (signal.aborted) return;
      const endpoints = this.client.endpoints();
      observe({ kind: "seen", ...common, took, nodes: [], guests: [], storages: [], lists, endpoints });
      const identity = { clusterName: null, quorate: null, ha: null, version, endpoints };
      observe({ kind: "seen", ...common, scope: "cluster", took, ...identity });
    } catch (error) {
      const failed = toFailure(error, settings.name);
      const { fault } = failed;
      this.patience.note(fault.kind);
      const took = this.#done("resources", settings.interval, at, failed);
      if (!signal.aborted) observe({ kind: "missed", ...common, took, fault, endpoints: this.client.endpoints() });
    }
  }

  /**
   * Reads what changes slowly. A fault of the whole server ends the reading; it is told by the look at the whole. Not done at all while the
   * server refuses us.
   */
  async details(interval: Millis, at: Instant, read: () => Promise<void>): Promise<void> {
    if (this.patience.refused) return;
    let failed: LookFailed | null = null;
    try {
      await read();
    } catch (error) {
      failed = toFailure(error, this.#options.settings.name);
    }
    this.#done("details", interval, at, failed);
  }

  report(): SourceReport {
    const { settings, clock } = this.#options;
    const callsLastMinute = this.client.calls.lastMinute(clock.now());
    return { instance: settings.name, callsLastMinute, stretch: 1, scopes: this.#log.report() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client[Symbol.asyncDispose]();
  }

  #done(scope: string, interval: Millis, at: Instant, failed: LookFailed | null): Millis {
    const took = this.#options.clock.now() - at;
    this.#log.note({ scope, part: "", at, took, interval, fault: failed?.fault ?? null });
    return took;
  }
}
