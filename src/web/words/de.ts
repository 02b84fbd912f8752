import { ALERTS } from "./de/alerts.ts";
import { CHANNELS } from "./de/channels.ts";
import { COMMON } from "./de/common.ts";
import { DETAILS } from "./de/details.ts";
import { OVERVIEW } from "./de/overview.ts";
import { SECURITY } from "./de/security.ts";
import { SETTINGS } from "./de/settings.ts";
import { THRESHOLDS } from "./de/thresholds.ts";
import type { Catalogue } from "./words.ts";

/** German, a file an area of the page. What is said in several stands in common. */
export const PARTS = {
  alerts: ALERTS,
  channels: CHANNELS,
  common: COMMON,
  details: DETAILS,
  overview: OVERVIEW,
  security: SECURITY,
  settings: SETTINGS,
  thresholds: THRESHOLDS,
} as const;

/** German. */
export const DE: Catalogue = Object.assign({}, ...Object.values(PARTS));
