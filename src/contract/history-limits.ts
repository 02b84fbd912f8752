import { DAY, HOUR, MINUTE, type Millis } from "../kit/units.ts";

// Apart from the routes, so that the web UI can have them without the schemas.

/** The ranges that charts can be asked for, by name. */
export const CHART_RANGES = {
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "30m": 30 * MINUTE,
  "1h": HOUR,
  "4h": 4 * HOUR,
  "12h": 12 * HOUR,
  "24h": DAY,
  "7d": 7 * DAY,
  "30d": 30 * DAY,
  "90d": 90 * DAY,
  "1y": 365 * DAY,
  "2y": 2 * 365 * DAY,
  "5y": 5 * 365 * DAY,
} as const satisfies Record<string, Millis>;

/** How many points `/api/history` gives unless told otherwise, and at the most. */
export const USUAL_POINTS = 300;
export const MOST_POINTS = 50_000;

/** What `/api/trends` gives: so many spans of that length, of so many resources at the most. */
export const TREND_SPANS = 60;
export const TREND_STEP: Millis = MINUTE;
export const MOST_TRENDS = 200;
