import type { ArchiveShare } from "./archive-desk.ts";
import type { DeskSurroundings } from "./core-instance-desk.ts";
import type { History } from "./history/history.ts";
import type { InstanceDesk } from "./http/instance-handlers.ts";
import type { Together } from "./http/server.ts";
import type { InstanceWatch } from "./instance-desk.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
import type { ClusterReport } from "./model/cluster-report.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import type { Observation } from "./model/observation.ts";
import type { Patch } from "./model/picture.ts";
import type { Dispatch } from "./notify/dispatch.ts";
import type { Seal } from "./settings/seal.ts";
import type { Database } from "./store/database.ts";

/** The rooms that a hand feeds. */
export interface HandRooms {
  inventory: Inventory;
  history: History;
  /** Judges the picture and keeps it. `beside`: what else is written in the transaction that does. */
  judge: (at: Instant, beside: () => void) => void;
  log: Log;
  ingest: (seen: Observation) => void;
  publish: (patch: Patch | null) => void;
  /** Of what went on some is lost: what does not last is not to be relied on. */
  missed: () => void;
  seal: Seal;
  /** Opens everything anew. */
  reopen: () => void;
}

/** What feeds the picture in the place of sources of this process's own, and says when to judge it. */
export interface Hand extends Together, AsyncDisposable {
  /** Those that others watch: the list grows and shrinks as they say. Credentials are without their secrets. */
  readonly instances: readonly WatchedInstance[];
  /**
   * Has every process do a deed, in the same order among all else; resolves with what it comes to here, and with null where they cannot agree
   * on it now. `lasting`: false: one that comes a day later need not hear of it.
   */
  agree(kind: string, deed: object, lasting: boolean): Promise<unknown>;
  /** What does deeds of a kind: those that others were asked for, and those that this one was. */
  does(kind: string, elsewhere: (deed: object) => unknown, here: (deed: object) => unknown): void;
  /** Makes of what sends a message one that sends what no other process has sent. */
  once(dispatch: Dispatch): Dispatch;
  /** Who of them all sends samples to an archive, and how far that is. */
  readonly archive: ArchiveShare;
  /** Keeps what is entered for others to watch. */
  openInstanceDesk(surroundings: DeskSurroundings): InstanceDesk & InstanceWatch;
  /** How all of them fare. */
  report(): Promise<ClusterReport>;
  /** One of them is gone for good; `site`: null: it was one such as this. Rejects with what is to be answered. */
  dismiss(site: string | null, name: string): Promise<"done" | "unknown" | "there">;
  /** Begins to feed. */
  start(rooms: HandRooms): void;
  /** Called every second: the time goes by for what is shown. */
  age(now: Instant): void;
}

/** Does a deed, where several Pulses serve as one at each of them; null: they cannot agree on it now. */
export type Agree<D extends object, T> = (deed: D, lasting?: boolean) => Promise<T | null>;

/** `work` as all of several do it, or this one alone. `elsewhere`: what the others do, whom nobody asked. */
export function agreed<D extends object, T>(
  hand: Hand | null,
  kind: string,
  work: (deed: D) => T,
  elsewhere: (deed: D) => unknown = work,
): Agree<D, T> {
  if (!hand) return async deed => work(deed);
  hand.does(kind, elsewhere as (deed: object) => unknown, work as (deed: object) => unknown);
  return (deed, lasting = true) => hand.agree(kind, deed, lasting) as Promise<T | null>;
}

export type OpenHand = (given: { version: string; database: Database; clock: Clock; log: Log }) => Hand;
