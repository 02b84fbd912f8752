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

  /** Answers whether it had failed before. */
  delivered({ channel, name }: { channel: string; name: string }, at: Instant): boolean {
    const { error } = this.of(channel);
    this.#database.run(
      `INSERT INTO notification_channel (id, delivered) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET delivered = excluded.delivered, error = NULL`,
      ...[channel, at],
    );
    if (error !== null) this.#log("info", `Channel "${name}" works again`, { channel });
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

  /** Somebody has changed the channel: what was wrong with it may not be any more. */
  forgive(channel: string): void {
    this.#database.run("UPDATE notification_channel SET error = NULL WHERE id = ?", channel);
  }

  forget(channel: string): void {
    this.#database.run("DELETE FROM notification_channel WHERE id = ?", channel);
  }

  list(channels: readonly Channel[], waiting: ReadonlyMap<string, number>): ChannelHealth[] {
    return channels.map(({ id, name, service, enabled }) => ({
      ...{ channel: id, name, service, enabled, ...this.of(id) },
      waiting: waiting.get(id) ?? 0,
    }));
  }
}
