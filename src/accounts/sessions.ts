import { randomBytes } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import { DAY, HOUR, type Instant, type Millis } from "../kit/units.ts";
import type { Role } from "../model/caller.ts";
import type { Database } from "../store/database.ts";
import { digest } from "./digest.ts";

const LIFE: Millis = DAY;
const LONG_LIFE: Millis = 30 * DAY;
/** More than any shop has open at once; the oldest goes first. */
const MOST = 1000;
/** When a session was last seen is written no more often than that. */
const WRITTEN_EVERY: Millis = HOUR;
const LONGEST_AGENT = 200;

/** Somebody who is signed in. The id that the browser holds is kept as its SHA3-256 only. */
export interface Session {
  /** By which it is listed and ended; it opens nothing. */
  id: string;
  /** Of the account, or what the identity provider calls the person. */
  name: string;
  /** Of a person whom an identity provider vouched for; null: the account's. */
  role: Role | null;
  address: string;
  agent: string;
  started: Instant;
  seen: Instant;
  expires: Instant;
}

export interface SessionStart {
  name: string;
  role: Role | null;
  address: string;
  agent: string;
  /** For 30 days instead of one. */
  remember: boolean;
}

/** A session that does not count yet, and what the browser is to hold. */
export interface DrawnSession {
  hash: string;
  session: Session;
  secret: string;
  lifetime: Millis;
}

/** The sessions: in memory, and in the database for the next start. */
export class Sessions {
  readonly #database: Database;
  readonly #clock: Clock;
  /** By hash, in the order of their start. */
  readonly #sessions = new Map<string, Session>();

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    database.spare(() => database.run("DELETE FROM session WHERE expires <= ?", clock.now()));
    for (const { hash, ...row } of database.all("SELECT * FROM session ORDER BY started"))
      this.#sessions.set(String(hash), row as unknown as Session);
  }

  /** A session under a new id, which counts once it is put here; `secret` is for the browser alone. */
  draw({ name, role, address, agent, remember }: SessionStart): DrawnSession {
    const now = this.#clock.now();
    const lifetime = remember ? LONG_LIFE : LIFE;
    const secret = randomBytes(32).toString("hex");
    const session: Session = {
      id: randomBytes(8).toString("hex"),
      name,
      role,
      address,
      agent: agent.slice(0, LONGEST_AGENT),
      started: now,
      seen: now,
      expires: now + lifetime,
    };
    return { hash: digest(secret), session, secret, lifetime };
  }

  /** From now on it counts. */
  put(hash: string, session: Session): void {
    if (this.#sessions.has(hash)) return;
    const { id, name, role, address, agent, started, seen, expires } = session;
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size >= MOST && oldest !== undefined) this.#database.spare(() => this.#remove([oldest]));
    // One that cannot be written lasts until the next start: who is to free a full disk must get in.
    const row = [hash, id, name, role, address, agent, started, seen, expires];
    const insert = () =>
      this.#database.run(
        "INSERT INTO session (hash, id, name, role, address, agent, started, seen, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...row,
      );
    this.#database.spare(insert);
    this.#sessions.set(hash, { ...session });
  }

  /** The session of a browser that shows `secret`; null: there is none, or it has expired. */
  of(secret: string): Session | null {
    const hash = digest(secret);
    const session = this.#sessions.get(hash);
    if (!session) return null;
    const now = this.#clock.now();
    if (session.expires <= now) {
      this.#database.spare(() => this.#remove([hash]));
      return null;
    }
    if (now - session.seen >= WRITTEN_EVERY) {
      session.seen = now;
      this.#database.spare(() => this.#database.run("UPDATE session SET seen = ? WHERE hash = ?", now, hash));
    }
    return session;
  }

  /** Those that have not expired. */
  list(): readonly Session[] {
    return [...this.#sessions.values()].filter(({ expires }) => expires > this.#clock.now());
  }

  /** Ends those that `ends` says so of; answers how many. */
  endWhere(ends: (session: Session) => boolean): number {
    const hashes = [...this.#sessions].flatMap(([hash, session]) => (ends(session) ? [hash] : []));
    this.#remove(hashes);
    return hashes.length;
  }

  #remove(hashes: readonly string[]): void {
    for (const hash of hashes) {
      if (!this.#sessions.delete(hash)) continue;
      this.#database.run("DELETE FROM session WHERE hash = ?", hash);
    }
  }
}
