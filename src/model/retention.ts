import type { Bytes, Millis } from "../kit/units.ts";

/** How long history is kept at each resolution: samples of 10 s, then what 1 min, 30 min and 6 h were at the least, on average and most. */
export interface Retention {
  raw: Millis;
  minute: Millis;
  "half-hour": Millis;
  "quarter-day": Millis;
}

/** What the operator chose of history; what is absent is as usual. */
export interface HistorySettings {
  keep?: Partial<Retention>;
  /** The most that the whole database may hold; beyond it the oldest goes. */
  limit?: Bytes;
}
