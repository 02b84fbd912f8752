import { createHash } from "node:crypto";
import type { Instant } from "../kit/units.ts";
import type { Database } from "../store/database.ts";
import type { Member } from "./members.ts";
import { CORES } from "./names.ts";

/** Where a memory went on by itself, as NATS had lost what it had stored, or the end of it. */
export interface Branch {
  /** When the last tick was stored that was kept before, and the last command that was done. */
  at: Instant;
  command: Instant;
  /** Of what was kept before and up to when: only who has the same memory has the same name. */
  name: string;
}

/**
 * Which losses of NATS a core's memory came through, and at which tick each time. Cores that had kept the same go on as one; one that was behind,
 * or was not there, learns by this that others have kept what the stream tells no more.
 */
export class Lineage {
  readonly #database: Database;
  readonly #names: Set<string>;
  #last: Branch | null = null;

  constructor(database: Database) {
    this.#database = database;
    const all = database.all("SELECT name, at, command FROM cluster_lineage ORDER BY at, command");
    const last = all.at(-1);
    if (last) this.#last = { at: Number(last.at), command: Number(last.command), name: String(last.name) };
    this.#names = new Set(all.map(({ name }) => String(name)));
  }

  /** null: it never had to. */
  get last(): Branch | null {
    return this.#last;
  }

  knows(name: string): boolean {
    return this.#names.has(name);
  }

  /** It goes on from the last that is kept: see `Branch`. What is lost once more before anything was kept changes nothing. */
  branch({ at, command }: Pick<Branch, "at" | "command">): void {
    if (!isLater({ at, command }, this.#last)) return;
    const name = createHash("sha256")
      .update(`${this.#last?.name ?? ""} ${at} ${command}`)
      .digest("base64url")
      .slice(0, 22);
    this.#last = { at, command, name };
    this.#names.add(name);
    // What the disk refuses is known until the next start, and found again then.
    this.#database.spare(() =>
      this.#database.run("INSERT OR IGNORE INTO cluster_lineage VALUES (?, ?, ?)", name, at, command),
    );
  }
}

/**
 * The core, of those that are there, whose memory is to take the place of that of core `self`; null: nobody's. It is whoever had kept most when NATS
 * lost it: of all that went on by themselves since, only one line stays.
 */
export function whoHasMore(
  self: string,
  own: Pick<Lineage, "last" | "knows">,
  members: readonly Member[],
): string | null {
  let most = own.last;
  let from: string | null = null;
  for (const { site, name, said, silentSince } of members) {
    const theirs = toBranch(said.lineage);
    if (site !== CORES || name === self || silentSince !== null || !theirs) continue;
    if (own.knows(theirs.name) || !isMore(theirs, most)) continue;
    most = theirs;
    from = name;
  }
  return from;
}

/** NOTE: of equals one has to give way to the other, and all have to agree on which. */
function isMore(one: Branch, other: Branch | null): boolean {
  return isLater(one, other) || (other !== null && !isLater(other, one) && one.name > other.name);
}

function isLater(one: Pick<Branch, "at" | "command">, other: Pick<Branch, "at" | "command"> | null): boolean {
  const { at, command } = other ?? { at: 0, command: 0 };
  return one.at > at || (one.at === at && one.command > command);
}

function toBranch(said: unknown): Branch | null {
  if (typeof said !== "object" || said === null) return null;
  const { at, command, name } = said as Record<string, unknown>;
  return Number.isSafeInteger(at) && Number.isSafeInteger(command) && typeof name === "string"
    ? { at: at as number, command: command as number, name }
    : null;
}
