import { Alerts } from "./alerts/alerts.ts";
import { BadAlertConfig } from "./alerts/config-change.ts";
import { GivenConfig, LockedAlertConfig } from "./alerts/given-config.ts";
import type { Trial } from "./alerts/replay.ts";
import { pastOf } from "./alerts/usual.ts";
import type { Changes } from "./changes/changes.ts";
import type { ServerFrame } from "./contract/live.ts";
import type { History } from "./history/history.ts";
import type { AlertDesk } from "./http/alert-handlers.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Clock } from "./kit/clock.ts";
import { toRow } from "./kit/fields.ts";
import type { Log } from "./kit/log.ts";
import { type Instant, SECOND } from "./kit/units.ts";
import type { Alert, Transition } from "./model/alert.ts";
import type { OwnUpdate, Patch } from "./model/picture.ts";
import { shelteredTables } from "./notify/sheltered.ts";
import { CONFIG_FILE } from "./settings/config-file.ts";
import type { Database } from "./store/database.ts";
import { Tick } from "./tick.ts";

export interface AlertingOptions {
  database: Database;
  /** What pulse.yaml sets of the configuration; null: nothing. */
  given: Readonly<Record<string, unknown>> | null;
  /** Of Pulse's own database: see `OwnHealth`. */
  backup: () => string | false | null;
  update: () => OwnUpdate;
  /** See `AlertsOptions`. */
  seamless: boolean;
  history: History;
  changes: Changes;
  inventory: Inventory;
  clock: Clock;
  log: Log;
  /** What follows from transitions, within the transaction that keeps them. */
  follow: (transitions: readonly Transition[], at: Instant) => void;
  /** Why nobody is told of an alert, a sentence each. */
  untold: (alert: Alert) => readonly string[];
  /** Gets each step of the picture. */
  publish: (patch: Patch | null) => void;
  /** Sends a small frame to the clients of the old frames. */
  broadcast: (frame: ServerFrame) => void;
  /** Sends the whole state to them. */
  publishFull: () => void;
}

/** The alerts, what judges them every tick, and who takes what people do to them. */
export interface Alerting extends Disposable {
  alerts: Alerts;
  tick: Tick;
  desk: AlertDesk;
}

/** Puts the alerts to work; those that fired when Pulse ended are in the picture from the start. */
export function openAlerting(options: AlertingOptions): Alerting {
  const { database, history, inventory, clock, log, follow, publish, broadcast } = options;
  const given = options.given && new GivenConfig(options.given, CONFIG_FILE);
  const alerts = new Alerts(database, { now: clock.now(), past: pastOf(history), given, seamless: options.seamless });
  const show = (transitions: readonly Transition[], at: Instant) => {
    publish(inventory.tell(alerts.takeChanges(), at));
    for (const transition of transitions) broadcast(toFrame(transition));
  };
  const tick = new Tick({
    database,
    history,
    alerts,
    changes: options.changes,
    picture: inventory.picture,
    log,
    follow,
    show,
    shelter: shelteredTables,
    backup: options.backup,
    update: options.update,
  });
  show([], clock.now());
  return {
    alerts,
    tick,
    desk: toDesk(alerts, tick, options),
    [Symbol.dispose]() {
      const now = clock.now();
      if (tick.keep(now)) database.transaction(() => alerts.close(now));
    },
  };
}

function toDesk(alerts: Alerts, tick: Tick, options: AlertingOptions): AlertDesk {
  const { clock, publishFull, history, inventory, untold } = options;
  let isTrying = false;
  return {
    config: () => withLocks(alerts),
    configure(change) {
      try {
        // What was read tells what is locked, and may be sent back.
        const { lockedBy: _, ...wanted } = toRow(change) ?? {};
        if (alerts.configure(toRow(change) ? wanted : change)) tick.judge(clock.now());
        return withLocks(alerts);
      } catch (error) {
        if (error instanceof BadAlertConfig) return { refused: "bad-input", message: error.message };
        if (error instanceof LockedAlertConfig) return { refused: "locked", message: error.message };
        throw error;
      }
    },
    active: () => alerts.active(),
    history: query => alerts.history(query, clock.now()),
    clearHistory: () => alerts.clearHistory(),
    transitions: query => alerts.transitions(query),
    fires: id => alerts.firing(id) !== null,
    act(action, ids, user) {
      const now = clock.now();
      for (const id of ids) alerts.act(action, id, user, now);
      const kept = tick.keep(now);
      publishFull();
      return kept ? "done" : "unwritten";
    },
    explain: (resource, type) => alerts.explain({ resource, type, untold }, inventory.picture, clock.now()),
    async tryOut(asked) {
      if (isTrying) return "busy";
      isTrying = true;
      try {
        return await alerts.replay(toTrial(asked), inventory.picture, history, clock.now());
      } catch (error) {
        if (error instanceof BadAlertConfig) return { wrong: error.message };
        throw error;
      } finally {
        isTrying = false;
      }
    },
  };
}

/** The configuration, and what sets what of it cannot be changed here. */
function withLocks({ config, locked }: Alerts): ReturnType<AlertDesk["config"]> {
  if (!locked) return config;
  const lockedBy = Object.fromEntries(locked.paths.map(path => [path.join("."), locked.by]));
  return { ...config, lockedBy };
}

function toTrial({ type, resources, of, tag, thresholds, hold, days }: Parameters<AlertDesk["tryOut"]>[0]): Trial {
  return {
    type,
    resources: resources ?? null,
    of: of ?? "guest",
    tag: tag ?? null,
    thresholds,
    hold: hold === undefined ? null : hold * SECOND,
    days: days ?? 30,
  };
}

/** What clients of the old frames get to know. */
function toFrame({ kind, alert }: Transition): ServerFrame {
  const isOver = kind === "resolved" || kind === "withdrawn" || kind === "cleared";
  return isOver ? { type: "alertResolved", data: { alertId: alert.id } } : { type: "alert", data: alert };
}
