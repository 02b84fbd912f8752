import { DAY, type Instant, type Millis } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import type { Delivery, DeliveryStatus, NotificationReason } from "../model/notification.ts";
import type { Database } from "../store/database.ts";
import { LEFT } from "../store/take-over.ts";

/** So many may wait for one channel; what comes on top goes with the newest of them. */
const MOST_WAITING = 200;
/** The log is kept so long, and so many lines of it. */
const KEPT_FOR = 90 * DAY;
const MOST_KEPT = 100_000;

/** Receivers of these services close what they know under a key: one message must not speak of two. */
export const CLOSES_BY_KEY: readonly string[] = ["pagerduty"];

/** What a notification says of the channel it is for; it stays in the log when that is gone. */
export interface Addressee {
  channel: string;
  name: string;
  service: string;
  /** Host of a webhook; empty: none. */
  address: string;
}

/** A notification that waits, or is being sent. */
export interface Entry extends Addressee {
  id: number;
  reason: NotificationReason;
  dedup: string;
  queued: Instant;
  attempts: number;
  failures: number;
  duplicate: boolean;
  /** The rest of a mail: its recipients that others got it without, by their bare addresses; null: all. */
  recipients: readonly string[] | null;
  /** The end of what nobody else knows that people were told of: see `takeOver`. */
  isLeft: boolean;
  /** `past`: as it last was, of one that is over. */
  alerts: { id: string; past: Alert | null }[];
}

/** What is put into the outbox for one channel. */
export interface Put extends Addressee {
  reason: NotificationReason;
  key: string;
  /** Under which the receiver knows it already; null: under none. */
  dedup: string | null;
  alert: Alert;
  title: string;
}

export interface LogQuery {
  limit: number;
  before: number | null;
  channel: string | null;
  status: string | null;
  alert: string | null;
}

/** One that others may still join. */
interface Open {
  id: number;
  queued: Instant;
  due: Instant;
}

/** Notifications as rows: what waits, what is being sent, and the log of what was. Writes belong in the caller's transaction. */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** For one round of putting: remembers what it has found and opened, so that thousands of alerts of a group cost a row each and no more. */
  batch(at: Instant): (put: Put, dueOf: (open: { opened: Instant; due: Instant | null }) => Instant) => void {
    const groups = new Map<string, Open>();
    const waiting = new Map<string, number>();
    const newest = new Map<string, Open | null>();
    const toJoin = (put: Put): Open | null => {
      const { channel, reason } = put;
      const count = waiting.get(channel) ?? this.#countWaiting(channel);
      waiting.set(channel, count);
      if (count < MOST_WAITING || CLOSES_BY_KEY.includes(put.service)) return null;
      const name = `${reason} ${channel}`;
      const found = newest.get(name) ?? this.#newest(channel, reason);
      newest.set(name, found);
      return found;
    };
    return (put, dueOf) => {
      const name = JSON.stringify([put.channel, put.reason, put.key]);
      const open = groups.get(name) ?? this.#openFor(put) ?? toJoin(put);
      const due = dueOf({ opened: open?.queued ?? at, due: open?.due ?? null });
      const id = open?.id ?? this.#insert(put, at, due);
      if (open && due < open.due) this.#database.run("UPDATE notification SET due = ? WHERE id = ?", due, id);
      if (!open) waiting.set(put.channel, (waiting.get(put.channel) ?? 0) + 1);
      groups.set(name, { id, queued: open?.queued ?? at, due });
      this.#link(id, put);
    };
  }

  /** The notification of its group that waits and that this can still join. */
  #openFor({ channel, reason, key }: Put): Open | null {
    const [row] = this.#database.all(
      `SELECT id, queued, due FROM notification
       WHERE status = 'waiting' AND channel = ? AND reason = ? AND group_key = ? AND attempts = 0 AND held IS NULL
         AND recipients IS NULL LIMIT 1`,
      ...[channel, reason, key],
    );
    return row ? toOpen(row) : null;
  }

  #countWaiting(channel: string): number {
    const [row] = this.#database.all(
      "SELECT count(*) AS count FROM notification WHERE status = 'waiting' AND channel = ?",
      channel,
    );
    return Number(row?.count);
  }

  #newest(channel: string, reason: string): Open | null {
    const [row] = this.#database.all(
      `SELECT id, queued, due FROM notification
       WHERE status = 'waiting' AND channel = ? AND reason = ? AND recipients IS NULL ORDER BY id DESC LIMIT 1`,
      ...[channel, reason],
    );
    return row ? toOpen(row) : null;
  }

  #insert({ channel, name, service, address, reason, key, dedup, title }: Put, at: Instant, due: Instant): number {
    const [row] = this.#database.all(
      `INSERT INTO notification (channel, name, service, address, reason, group_key, dedup, title, status, queued, due)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?) RETURNING id`,
      ...[channel, name, service, address, reason, key, dedup ?? "", title, at, due],
    );
    const id = Number(row?.id);
    if (dedup === null)
      this.#database.run("UPDATE notification SET dedup = ? WHERE id = ?", `pulse-${at.toString(36)}-${id}`, id);
    return id;
  }

  #link(notification: number, { reason, alert }: Put): void {
    this.#database.run(
      "INSERT OR REPLACE INTO notification_alert VALUES (?, ?, ?)",
      ...[notification, alert.id, reason === "resolved" ? JSON.stringify(alert) : null],
    );
  }

  /** Takes an alert out of what waits with one of these reasons; what is left without any is cancelled. */
  withdraw(alert: string, reasons: readonly NotificationReason[], why: string): void {
    const rows = this.#database.all(
      `SELECT id FROM notification JOIN notification_alert ON notification = id
       WHERE alert = ? AND status = 'waiting' AND reason IN (SELECT value FROM json_each(?))`,
      ...[alert, JSON.stringify(reasons)],
    );
    for (const { id } of rows) this.drop(Number(id), [alert], why);
  }

  /** Takes alerts out of a notification; without any left it is cancelled, and keeps them for the log. */
  drop(id: number, alerts: readonly string[], why: string): void {
    const gone = JSON.stringify(alerts);
    const [rest] = this.#database.all(
      `SELECT 1 FROM notification_alert
       WHERE notification = ? AND alert NOT IN (SELECT value FROM json_each(?)) LIMIT 1`,
      ...[id, gone],
    );
    if (!rest) {
      this.finish(id, "cancelled", { error: why });
      return;
    }
    this.#database.run(
      "DELETE FROM notification_alert WHERE notification = ? AND alert IN (SELECT value FROM json_each(?))",
      ...[id, gone],
    );
  }

  /** Lets alerts of a notification wait until then, apart from the rest of it: with others of the channel that wait as long for the same. */
  hold(entry: Entry, alerts: readonly string[], until: Instant, why: string): void {
    const isWhole = alerts.length === entry.alerts.length;
    const [other] = this.#database.all(
      `SELECT id FROM notification
       WHERE status = 'waiting' AND channel = ?1 AND reason = ?2 AND due = ?3 AND held = ?4 AND id <> ?5
         AND recipients IS ?8 AND (dedup = ?6 OR service NOT IN (SELECT value FROM json_each(?7))) LIMIT 1`,
      ...[entry.channel, entry.reason, until, why, entry.id, entry.dedup, JSON.stringify(CLOSES_BY_KEY)],
      entry.recipients && JSON.stringify(entry.recipients),
    );
    if (isWhole && !other) {
      this.#database.run("UPDATE notification SET due = ?, held = ? WHERE id = ?", until, why, entry.id);
      return;
    }
    const target = other ? Number(other.id) : this.#copy(entry.id, until, why);
    this.#database.run(
      `INSERT OR REPLACE INTO notification_alert SELECT ?, alert, snapshot FROM notification_alert
       WHERE notification = ? AND alert IN (SELECT value FROM json_each(?))`,
      ...[target, entry.id, JSON.stringify(alerts)],
    );
    this.drop(entry.id, alerts, `It is told with number ${target}`);
  }

  #copy(id: number, due: Instant, held: string | null): number {
    const [row] = this.#database.all(
      `INSERT INTO notification (channel, name, service, address, reason, group_key, dedup, title, status, queued, due, held,
         failures, duplicate, recipients)
       SELECT channel, name, service, address, reason, group_key, dedup, title, 'waiting', queued, ?, ?, failures, duplicate, recipients
       FROM notification WHERE id = ? RETURNING id`,
      ...[due, held, id],
    );
    return Number(row?.id);
  }

  /** What has gone to the others is still to go to these, as a notification of its own; its number. `failures`: tries that did not reach them. */
  owe({ id, alerts }: Entry, recipients: readonly string[], due: Instant, { failures, error }: Again): number {
    const rest = this.#copy(id, due, null);
    this.#database.run(
      `INSERT INTO notification_alert SELECT ?, alert, snapshot FROM notification_alert
       WHERE notification = ? AND alert IN (SELECT value FROM json_each(?))`,
      ...[rest, id, JSON.stringify(alerts.map(({ id: alert }) => alert))],
    );
    this.#database.run(
      "UPDATE notification SET recipients = ?, failures = ?, attempts = ?, error = ? WHERE id = ?",
      ...[JSON.stringify(recipients), failures, failures, error ?? null, rest],
    );
    return rest;
  }

  /** A message about these has gone to all recipients of the channel: who was still owed an older one has had this. */
  settle(channel: string, alerts: readonly string[], why: string): void {
    const rows = this.#database.all(
      "SELECT id FROM notification WHERE status = 'waiting' AND channel = ? AND recipients IS NOT NULL AND reason <> 'resolved'",
      channel,
    );
    for (const { id } of rows) {
      const about = this.#alertsOf(Number(id)).map(({ id: alert }) => alert);
      const had = about.filter(alert => alerts.includes(alert));
      if (had.length > 0) this.drop(Number(id), had, why);
    }
  }

  /** The clock was set back by `by`: what was to be tried again at a time of the other clock is moved along. */
  turnBack(at: Instant, by: Millis): void {
    this.#database.run(
      "UPDATE notification SET due = max(?, due - ?) WHERE status = 'waiting' AND due > ?",
      at,
      by,
      at,
    );
    this.release(at);
  }

  /** Nothing waits longer than this by itself: a time beyond was told by a clock that was ahead. */
  cap(at: Instant, longest: Millis): void {
    this.#database.run("UPDATE notification SET due = ? WHERE status = 'waiting' AND due > ?", at, at + longest);
  }

  /** What holds back may have changed: what is held is looked at anew. */
  release(at: Instant): void {
    this.#database.run("UPDATE notification SET due = ? WHERE status = 'waiting' AND held IS NOT NULL", at);
  }

  /** A channel works again: what waits for its next try need not wait longer. */
  hurry(channel: string, at: Instant): void {
    this.#database.run(
      `UPDATE notification SET due = min(due, ?)
       WHERE status = 'waiting' AND channel = ? AND failures > 0 AND recipients IS NULL`,
      ...[at, channel],
    );
  }

  /** Channels for which something is due. */
  due(at: Instant): string[] {
    const rows = this.#database.all(
      "SELECT DISTINCT channel FROM notification WHERE status = 'waiting' AND due <= ?",
      at,
    );
    return rows.map(({ channel }) => String(channel));
  }

  /** What is due first for a channel. */
  next(channel: string, at: Instant): Entry | null {
    const [row] = this.#database.all(
      "SELECT * FROM notification WHERE status = 'waiting' AND due <= ? AND channel = ? ORDER BY due, id LIMIT 1",
      ...[at, channel],
    );
    return row ? this.#toEntry(row) : null;
  }

  /** What was being sent when Pulse ended. */
  interrupted(): Entry[] {
    return this.#database.all("SELECT * FROM notification WHERE status = 'sending'").map(row => this.#toEntry(row));
  }

  /** Whether something that has this alert is being sent to the channel right now. */
  isSending(channel: string, alert: string): boolean {
    const [row] = this.#database.all(
      `SELECT 1 FROM notification JOIN notification_alert ON notification = id
       WHERE status = 'sending' AND channel = ? AND alert = ? LIMIT 1`,
      ...[channel, alert],
    );
    return row !== undefined;
  }

  sending(id: number, at: Instant, title: string): void {
    this.#database.run(
      `UPDATE notification SET status = 'sending', tried = ?, attempts = attempts + 1, held = NULL, title = ? WHERE id = ?`,
      ...[at, title, id],
    );
  }

  /** It is tried again then. `duplicate`: it may have come all the same. */
  again(id: number, due: Instant, { failures, error = null, code = null, duplicate = false }: Again): void {
    this.#database.run(
      `UPDATE notification SET status = 'waiting', due = ?, failures = ?, error = ?, code = ?, duplicate = max(duplicate, ?)
       WHERE id = ?`,
      ...[due, failures, error, code, Number(duplicate), id],
    );
  }

  /** Nothing happens to it any more. */
  finish(
    id: number,
    status: "delivered" | "failed" | "cancelled",
    { at = null, code = null, error = null, size = null, duplicate = false }: Finish,
  ): void {
    this.#database.run(
      `UPDATE notification SET status = ?, due = NULL, held = NULL, delivered = ?, code = ?, error = ?, size = ?,
         duplicate = max(duplicate, ?) WHERE id = ?`,
      ...[status, at, code, error, size, Number(duplicate), id],
    );
  }

  /** A dead letter is to be sent again, now. false: there is no such dead letter. */
  revive(id: number, at: Instant): boolean {
    const [row] = this.#database.all(
      "UPDATE notification SET status = 'waiting', due = ?, failures = 0 WHERE id = ? AND status = 'failed' AND reason NOT IN ('test', 'canary') RETURNING id",
      ...[at, id],
    );
    return row !== undefined;
  }

  /** When the channel last took something, newest first, from `from` to `to`; of what counts towards the most an hour. */
  pace(channel: string, from: Instant, to: Instant): Instant[] {
    const rows = this.#database.all(
      `SELECT delivered FROM notification
       WHERE channel = ?1 AND delivered > ?2 AND delivered <= ?3 AND recipients IS NULL
         AND reason IN ('firing', 'resolved', 'reminder') ORDER BY delivered DESC`,
      ...[channel, from, to],
    );
    return rows.map(({ delivered }) => Number(delivered));
  }

  log({ limit, before, channel, status, alert }: LogQuery): Delivery[] {
    const rows = this.#database.all(
      `SELECT * FROM notification WHERE (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR channel = ?2)
         AND (?3 IS NULL OR status = ?3)
         AND (?4 IS NULL OR id IN (SELECT notification FROM notification_alert WHERE alert = ?4))
       ORDER BY id DESC LIMIT ?5`,
      ...[before, channel, status, alert, limit],
    );
    return rows.map(row => toDelivery(row, this.#alertsOf(Number(row.id))));
  }

  /** Deliveries of webhooks, with what only they have. */
  ofWebhooks(limit: number): (Delivery & { address: string; size: number })[] {
    const rows = this.#database.all(
      `SELECT * FROM notification WHERE service NOT IN ('email', 'apprise', 'push') AND tried IS NOT NULL
       ORDER BY id DESC LIMIT ?`,
      limit,
    );
    return rows.map(row => ({
      ...toDelivery(row, this.#alertsOf(Number(row.id))),
      address: String(row.address),
      size: Number(row.size ?? 0),
    }));
  }

  /** What became of an alert at each channel, the newest first. */
  outcomes(alert: string): Delivery[] {
    return this.log({ limit: 20, before: null, channel: null, status: null, alert });
  }

  /** What waits for the channel goes nowhere. */
  abandon(channel: string, why: string): void {
    this.#database.run(
      "UPDATE notification SET status = 'cancelled', due = NULL, held = NULL, error = ? WHERE status = 'waiting' AND channel = ?",
      ...[why, channel],
    );
  }

  /** Keeps in the log what was sent past the outbox. */
  record({ channel, name, service, address }: Addressee, { reason, title, at, code, error, size }: Recorded): void {
    this.#database.run(
      `INSERT INTO notification (channel, name, service, address, reason, group_key, dedup, title, status, queued, attempts, tried,
         delivered, code, error, size)
       VALUES (?, ?, ?, ?, ?, '', '', ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
      ...[channel, name, service, address, reason, title, size === null ? "failed" : "delivered", at, at],
      ...[size === null ? null : at, code, error, size],
    );
  }

  /** How many wait, by channel. */
  waiting(): Map<string, number> {
    const rows = this.#database.all(
      "SELECT channel, count(*) AS count FROM notification WHERE status IN ('waiting', 'sending') GROUP BY channel",
    );
    return new Map(rows.map(({ channel, count }) => [String(channel), Number(count)]));
  }

  /** Forgets lines that are too old, or too many. */
  prune(at: Instant): void {
    this.#database.run(
      "DELETE FROM notification WHERE status NOT IN ('waiting', 'sending') AND (queued < ? OR id <= (SELECT max(id) FROM notification) - ?)",
      ...[at - KEPT_FOR, MOST_KEPT],
    );
  }

  #alertsOf(notification: number): { id: string; past: Alert | null }[] {
    return this.#database
      .all("SELECT alert, snapshot FROM notification_alert WHERE notification = ?", notification)
      .map(({ alert, snapshot }) => ({
        id: String(alert),
        past: snapshot === null ? null : (JSON.parse(String(snapshot)) as Alert),
      }));
  }

  #toEntry(row: Record<string, unknown>): Entry {
    const id = Number(row.id);
    return {
      id,
      channel: String(row.channel),
      name: String(row.name),
      service: String(row.service),
      address: String(row.address),
      reason: row.reason as NotificationReason,
      dedup: String(row.dedup),
      queued: Number(row.queued),
      attempts: Number(row.attempts),
      failures: Number(row.failures),
      duplicate: row.duplicate === 1,
      recipients: row.recipients === null ? null : (JSON.parse(String(row.recipients)) as string[]),
      isLeft: String(row.group_key).startsWith(LEFT),
      alerts: this.#alertsOf(id),
    };
  }
}

function toOpen({ id, queued, due }: Record<string, unknown>): Open {
  return { id: Number(id), queued: Number(queued), due: Number(due) };
}

interface Again {
  failures: number;
  error?: string | null;
  code?: number | null;
  duplicate?: boolean;
}

interface Finish {
  at?: Instant | null;
  code?: number | null;
  error?: string | null;
  size?: number | null;
  duplicate?: boolean;
}

interface Recorded {
  reason: NotificationReason;
  title: string;
  at: Instant;
  code: number | null;
  /** Why it was not taken, or by whom not. */
  error: string | null;
  /** null: it was not taken. */
  size: number | null;
}

function toDelivery(row: Record<string, unknown>, alerts: readonly { id: string }[]): Delivery {
  const numberOr = (value: unknown) => (value === null ? null : Number(value));
  const held = row.held === null ? null : String(row.held);
  return {
    id: Number(row.id),
    channel: String(row.channel),
    channelName: String(row.name),
    service: String(row.service),
    reason: row.reason as NotificationReason,
    title: String(row.title),
    alertIds: alerts.map(({ id }) => id),
    status: row.status as DeliveryStatus,
    queuedAt: Number(row.queued),
    deliveredAt: numberOr(row.delivered),
    nextTry: numberOr(row.due),
    attempts: Number(row.attempts),
    statusCode: numberOr(row.code),
    error: held ?? (row.error === null ? null : String(row.error)),
    duplicatePossible: row.duplicate === 1,
  };
}
