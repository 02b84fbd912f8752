import type { History } from "./history/history.ts";
import type { Together } from "./http/server.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
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
  seal: Seal;
}

/** What feeds the picture in the place of sources of this process's own, and says when to judge it. */
export interface Hand extends Together, AsyncDisposable {
  /** Those that others watch: the list grows and shrinks as they say. Credentials are without their secrets. */
  readonly instances: readonly WatchedInstance[];
  /** Makes of what sends a message one that sends what no other process has sent. */
  once(dispatch: Dispatch): Dispatch;
  /** Begins to feed. */
  start(rooms: HandRooms): void;
  /** Called every second: the time goes by for what is shown. */
  age(now: Instant): void;
}

/** Why instances cannot be changed where another hand feeds. */
export const WATCHED_ELSEWHERE = "Edges watch the instances: name them in the pulse.yaml of an edge";

export type OpenHand = (given: { database: Database; clock: Clock; log: Log }) => Hand;
