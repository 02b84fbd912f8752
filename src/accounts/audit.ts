import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import type { AuditEntry, AuditEvent, AuditQuery } from "../model/audit.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";

/** What the first entry follows. */
const BEGINNING = "0".repeat(64);
const CHECKED_AT_ONCE = 1000;
const LONGEST_TEXT = 500;
/** So many entries wait for a database that refuses them; what comes on top is lost. */
const MOST_WAITING = 1000;

/** The audit log: only added to, each entry chained to the one before by its hash, so that a change in the middle shows. */
export class AuditLog {
  readonly #database: Database;
  readonly #clock: Clock;
  #last: { number: number; hash: string };
  #waiting: { at: Instant; event: AuditEvent }[] = [];

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    const [row] = database.all("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1");
    this.#last = row ? { number: Number(row.number), hash: String(row.hash) } : { number: 0, hash: BEGINNING };
  }

  /** One that the database refuses waits in memory, and is written with the next or by `flush`. */
  append(event: AuditEvent): void {
    if (this.#waiting.length < MOST_WAITING) this.#waiting.push({ at: this.#clock.now(), event });
    this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    this.#database.spare(() => {
      for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
        this.#write(next.event, next.at);
        this.#waiting.shift();
      }
    });
  }

  #write(event: AuditEvent, at: Instant): void {
    const entry = {
      number: this.#last.number + 1,
      at,
      actor: shorten(event.actor),
      address: event.address,
      action: event.action,
      target: shorten(event.target),
      outcome: event.outcome,
      detail: shorten(event.detail),
    };
    const hash = hashOf(entry, this.#last.hash);
    const { number, actor, address, action, target, outcome, detail } = entry;
    this.#database.run(
      "INSERT INTO audit (number, at, actor, address, action, target, outcome, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ...[number, at, actor, address, action, target, outcome, detail, hash],
    );
    this.#last = { number, hash };
  }

  /** The entries that `query` asks for, newest first. */
  read({ from, to, actor, action, outcome, before, limit }: AuditQuery): AuditEntry[] {
    const rows = this.#database.all(
      `SELECT * FROM audit WHERE number < ?1 AND at >= ?2 AND at <= ?3 AND (?4 IS NULL OR actor = ?4)
         AND (?5 IS NULL OR action = ?5) AND (?6 IS NULL OR outcome = ?6) ORDER BY number DESC LIMIT ?7`,
      ...[before ?? Number.MAX_SAFE_INTEGER, from ?? 0, to ?? Number.MAX_SAFE_INTEGER],
      ...[actor ?? null, action ?? null, outcome ?? null, limit],
    );
    return rows as unknown as AuditEntry[];
  }

  /** How much people have done since then, signing in and out aside. */
  countSince(since: Instant): number {
    const [row] = this.#database.all(
      "SELECT count(*) AS count FROM audit WHERE at >= ? AND outcome = 'ok' AND action NOT IN ('login', 'logout')",
      since,
    );
    return Number(row?.count ?? 0);
  }

  /**
   * Checks the whole chain. `brokenAt`: the first entry that is not what was written or does not follow the one before; null: none.
   * `head`: the hash of the newest; whoever keeps a copy elsewhere sees by it when the end was cut off.
   */
  verify(): { ok: boolean; entries: number; brokenAt: number | null; head: string } {
    let before = BEGINNING;
    let checked = 0;
    for (;;) {
      const rows = this.#database.all(
        "SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?",
        checked,
        CHECKED_AT_ONCE,
      ) as unknown as AuditEntry[];
      for (const { hash, ...entry } of rows) {
        if (entry.number !== checked + 1 || hashOf(entry, before) !== hash)
          return { ok: false, entries: this.#last.number, brokenAt: checked + 1, head: this.#last.hash };
        checked = entry.number;
        before = hash;
      }
      if (rows.length === 0) break;
    }
    const whole = checked === this.#last.number;
    return { ok: whole, entries: this.#last.number, brokenAt: whole ? null : checked + 1, head: this.#last.hash };
  }
}

function hashOf(entry: Omit<AuditEntry, "hash">, before: string): string {
  const { number, at, actor, address, action, target, outcome, detail } = entry;
  return digest(JSON.stringify([before, number, at, actor, address, action, target, outcome, detail]));
}

function shorten(text: string | null): string | null {
  return text === null ? null : text.slice(0, LONGEST_TEXT);
}
