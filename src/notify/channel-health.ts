import type { Log } from "../kit/log.ts";
import type { Instant } from "../kit/units.ts";
import type { ChannelHealth } from "../model/notification.ts";
import type { Database } from "../store/database.ts";
import type { Channel } from "./channel-book.ts";

type Known = Pick<ChannelHealth, "lastDelivered" | "lastFailed" | "error">;

/** How each channel fares. Only what changes is logged: that a channel fails, and that it works again. */
export class HealthBook {
  readonly #database: Database;
  readonly #log: Log;
  /** Since the start. */
  readonly #counts = new Map<string, { delivered: number; failed: number }>();

  constructor(database: Database, log: Log) {
    this.#database = database;
    this.#log = log;
  }

  of(channel: string): Known {
    const [row] = this.#database.all("SELECT * FROM notification_channel WHERE id = ?", channel);
    return {
      lastDelivered: typeof row?.delivered === "number" ? row.delivered : null,
      lastFailed: typeof row?.failed === "number" ? row.failed : null,
      error: typeof row?.error === "string" ? row.error : null,
    };
  }

  /** Answers whether it had failed before. `trouble`: who did not get it; null: nobody. */
  delivered({ channel, name }: { channel: string; name: string }, at: Instant, trouble: string | null): boolean {
    const { error } = this.of(channel);
    this.#count(channel).delivered += 1;
    this.#database.run(
      `INSERT INTO notification_channel (id, delivered, error) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET delivered = excluded.delivered, error = excluded.error`,
      ...[channel, at, trouble],
    );
    if (error === null && trouble !== null)
      this.#log("warn", `Channel "${name}" does not reach everybody`, { channel, reason: trouble });
    if (error !== null && trouble === null) this.#log("info", `Channel "${name}" works again`, { channel });
    return error !== null;
  }

  failed({ channel, name }: { channel: string; name: string }, at: Instant, reason: string): void {
    const { error } = this.of(channel);
    this.#database.run(
      `INSERT INTO notification_channel (id, failed, error) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET failed = excluded.failed, error = excluded.error`,
      ...[channel, at, reason],
    );
    if (error === null) this.#log("warn", `Channel "${name}" fails`, { channel, reason });
  }

  /** Something was given up. */
  gaveUp(channel: string): void {
    this.#count(channel).failed += 1;
  }

  /** How many each channel took, or did not for good, since the start. */
  counts(channel: string): { delivered: number; failed: number } {
    return { ...this.#count(channel) };
  }

  #count(channel: string): { delivered: number; failed: number } {
    const known = this.#counts.get(channel) ?? { delivered: 0, failed: 0 };
    this.#counts.set(channel, known);
    return known;
  }

  /** Somebody has changed the channel: what was wrong with it may not be any more. */
  forgive(channel: string): void {
    this.#database.run("UPDATE notification_channel SET error = NULL WHERE id = ?", channel);
  }

  forget(channel: string): void {
    this.#counts.delete(channel);
    this.#database.run("DELETE FROM notification_channel WHERE id = ?", channel);
  }

  list(channels: readonly Channel[], waiting: ReadonlyMap<string, number>): ChannelHealth[] {
    return channels.map(({ id, name, service, enabled }) => ({
      ...{ channel: id, name, service, enabled, ...this.of(id) },
      waiting: waiting.get(id) ?? 0,
    }));
  }
}
