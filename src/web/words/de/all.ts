import type { Catalogue } from "../words.ts";
import { ALERTS } from "./alerts.ts";
import { CHANGES } from "./changes.ts";
import { CHANNELS } from "./channels.ts";
import { COMMON } from "./common.ts";
import { DETAILS } from "./details.ts";
import { HELP } from "./help.ts";
import { HINTS } from "./hints.ts";
import { OVERVIEW } from "./overview.ts";
import { PALETTE } from "./palette.ts";
import { SECURITY } from "./security.ts";
import { SETTINGS } from "./settings.ts";
import { TABLES } from "./tables.ts";
import { THRESHOLDS } from "./thresholds.ts";

/** German, a file an area of the page. What is said in several stands in common. */
export const PARTS = {
  alerts: ALERTS,
  changes: CHANGES,
  channels: CHANNELS,
  common: COMMON,
  details: DETAILS,
  help: HELP,
  overview: OVERVIEW,
  palette: PALETTE,
  security: SECURITY,
  settings: SETTINGS,
  tables: TABLES,
  thresholds: THRESHOLDS,
} as const;

/** German. */
export const DE: Catalogue = Object.assign({}, ...Object.values(PARTS), HINTS);
