import type { History } from "./history/history.ts";
import type { Edge } from "./http/edge.ts";
import type { SystemDesk } from "./http/system-handlers.ts";
import type { LogLevel } from "./kit/log.ts";
import { DAY, MIB, SECOND } from "./kit/units.ts";
import type { InstanceSettings, WatchedInstance } from "./model/instance-settings.ts";
import type { HistorySettings } from "./model/retention.ts";
import { type SystemSettings, toList } from "./model/system-settings.ts";
import { BadInput } from "./settings/instance-book.ts";
import { LockedField, type SystemBook } from "./settings/system-book.ts";
import type { UserBook } from "./settings/user-book.ts";
import { addressesOf, BadNetwork } from "./sources/discovery.ts";

/** What system settings take effect in while the server runs. */
export interface Governed {
  edge: Edge;
  history: History;
  /** Left out: the log stays as it is. */
  setLogLevel?: ((level: LogLevel) => void) | undefined;
  /** Watches these instances anew, as the settings say now. */
  watchAgain: (which: (settings: InstanceSettings) => boolean) => Promise<void>;
  /** Tells open pages that the theme of those who chose none is another one. */
  showTheme: (theme: string) => void;
}

export interface SystemDeskOptions {
  book: SystemBook;
  users: UserBook;
  usual: SystemSettings;
  governed: Governed;
  canRestart: boolean;
}

/** Keeps settings, and makes them count. */
export function openSystemDesk({ book, users, usual, governed, canRestart }: SystemDeskOptions): SystemDesk {
  /** Those that the server was started with. */
  const started = book.settings;
  return {
    canRestart,
    usual: () => usual,
    settings: () => book.settings,
    lockedBy: () => book.lockedBy,
    async change(change) {
      const before = book.settings;
      try {
        checkNetwork(change.discoverySubnet);
        book.change(change);
      } catch (error) {
        if (error instanceof LockedField) return { refused: "locked", message: error.message };
        if (error instanceof BadInput) return { refused: "bad-input", message: error.message };
        throw error;
      }
      await apply(book.settings, before, governed);
      return { restartRequired: book.settings.frontendPort === started.frontendPort ? [] : ["frontendPort"] };
    },
    userSettings: who => users.of(who, book.settings.theme || "system"),
    changeUser: (who, change) => users.change(who, change),
  };
}

/** Throws BadInput for a network that is never scanned. */
function checkNetwork(subnet: unknown): void {
  if (typeof subnet !== "string" || subnet === "" || subnet === "auto") return;
  try {
    addressesOf(subnet);
  } catch (error) {
    if (error instanceof BadNetwork) throw new BadInput("discoverySubnet", error.message);
    throw error;
  }
}

/** Makes what has changed count. What is asked for at each use (discovery, update channel) needs nothing. */
async function apply(now: SystemSettings, before: SystemSettings, governed: Governed): Promise<void> {
  govern(now, governed);
  if (now.theme !== before.theme) governed.showTheme(now.theme);
  const otherTimeout = now.connectionTimeout !== before.connectionTimeout;
  const isOther = (settings: InstanceSettings) =>
    toWatched(settings, now).interval !== toWatched(settings, before).interval;
  await governed.watchAgain(settings => otherTimeout || isOther(settings));
}

/** What only has to be told to its room, at the start and at each change. */
export function govern(
  settings: SystemSettings,
  { edge, history, setLogLevel }: Omit<Governed, "watchAgain" | "showTheme">,
): void {
  const { allowEmbedding, allowedEmbedOrigins, allowedOrigins, logLevel } = settings;
  edge.open(toList(allowedOrigins), allowEmbedding ? ["'self'", ...toList(allowedEmbedOrigins)] : []);
  history.keepFor(toHistory(settings));
  setLogLevel?.(logLevel);
}

function toHistory(settings: SystemSettings): HistorySettings {
  return {
    keep: {
      raw: settings.historyRawDays * DAY,
      minute: settings.historyMinuteDays * DAY,
      "half-hour": settings.historyHalfHourDays * DAY,
      "quarter-day": settings.historyQuarterDayDays * DAY,
    },
    limit: settings.historyLimitMB * MIB,
  };
}

/** An instance as it is to be watched: with the interval that is usual for its product where it has none of its own. */
export function toWatched(
  settings: InstanceSettings,
  usual: Pick<SystemSettings, "pvePollingInterval" | "pbsPollingInterval" | "pmgPollingInterval">,
): WatchedInstance {
  return { ...settings, interval: settings.interval ?? usual[`${settings.type}PollingInterval`] * SECOND };
}
