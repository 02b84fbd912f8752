import { toGerman } from "../../model/german/german.ts";
import { ALERTS } from "./de/alerts.ts";
import { CHANGES } from "./de/changes.ts";
import { CHANNELS } from "./de/channels.ts";
import { COMMON } from "./de/common.ts";
import { DETAILS } from "./de/details.ts";
import { OVERVIEW } from "./de/overview.ts";
import { PALETTE } from "./de/palette.ts";
import { SECURITY } from "./de/security.ts";
import { SETTINGS } from "./de/settings.ts";
import { TABLES } from "./de/tables.ts";
import { THRESHOLDS } from "./de/thresholds.ts";
import type { Catalogue, Speech } from "./words.ts";

/** German, a file an area of the page. What is said in several stands in common. */
export const PARTS = {
  alerts: ALERTS,
  changes: CHANGES,
  channels: CHANNELS,
  common: COMMON,
  details: DETAILS,
  overview: OVERVIEW,
  palette: PALETTE,
  security: SECURITY,
  settings: SETTINGS,
  tables: TABLES,
  thresholds: THRESHOLDS,
} as const;

/** German. */
export const DE: Catalogue = Object.assign({}, ...Object.values(PARTS));

/** How a page speaks German. */
export const GERMAN: Speech = { texts: DE, told: toGerman };
