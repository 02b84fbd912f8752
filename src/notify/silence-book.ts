import { createHash } from "node:crypto";
import { DAY, type Instant } from "../kit/units.ts";
import { isTimezone } from "../kit/wall-clock.ts";
import type { Silence, SilenceInput } from "../model/silence.ts";
import type { Database } from "../store/database.ts";
import { BadChannel } from "./bad-channel.ts";
import { stateOf } from "./silence-match.ts";

type Kept = Omit<Silence, "state">;

const MOST_SILENCES = 1000;
/** One that is over is shown for so long. */
const SHOWN_AFTER = 30 * DAY;

/** Silences and maintenance windows as they are kept. Throws BadChannel for what cannot be used. */
export class SilenceBook {
  readonly #database: Database;
  #silences: readonly Kept[];

  constructor(database: Database) {
    this.#database = database;
    this.#silences = database
      .all("SELECT silence FROM silence")
      .map(({ silence }) => JSON.parse(String(silence)) as Kept);
  }

  /** Those that hold now or will. */
  current(now: Instant): readonly Kept[] {
    return this.#silences.filter(silence => stateOf(silence, now) !== "over");
  }

  /** Those that are over for less than 30 days are among them; the newest first. */
  list(now: Instant): Silence[] {
    return this.#silences
      .filter(({ endsAt }) => endsAt === null || now < endsAt + SHOWN_AFTER)
      .map(silence => toSilence(silence, now))
      .sort((a, b) => b.createdAt - a.createdAt);
  }

  add(input: SilenceInput, user: string, now: Instant): Silence {
    this.prune(now);
    if (this.#silences.length >= MOST_SILENCES) throw new BadChannel("matcher", `there are ${MOST_SILENCES} already`);
    const made = { createdBy: user, createdAt: now, id: this.#newId(input, user, now) };
    return this.#keep(toKept(input, made, now), now);
  }

  /** The same wherever the same is done. */
  #newId(...about: [SilenceInput, string, Instant]): string {
    const text = JSON.stringify([this.#silences.length, ...about]);
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
  }

  /** null: there is none of that id. */
  change(id: string, input: SilenceInput, now: Instant): Silence | null {
    const before = this.#silences.find(silence => silence.id === id);
    return before ? this.#keep(toKept({ startsAt: before.startsAt, ...input }, before, now), now) : null;
  }

  /** Ends it now; one that has not begun, or is over, goes away. false: there is none of that id. */
  end(id: string, now: Instant): boolean {
    const before = this.#silences.find(silence => silence.id === id);
    if (!before) return false;
    if (stateOf(before, now) === "active") this.#keep({ ...before, endsAt: now }, now);
    else this.#remove(id);
    return true;
  }

  /** Forgets what nobody is shown any more. */
  prune(now: Instant): void {
    for (const { id, endsAt } of this.#silences) if (endsAt !== null && now >= endsAt + SHOWN_AFTER) this.#remove(id);
  }

  #keep(silence: Kept, now: Instant): Silence {
    this.#database.run(
      "INSERT INTO silence (id, silence) VALUES (?, ?) ON CONFLICT DO UPDATE SET silence = excluded.silence",
      ...[silence.id, JSON.stringify(silence)],
    );
    this.#silences = [...this.#silences.filter(({ id }) => id !== silence.id), silence];
    return toSilence(silence, now);
  }

  #remove(id: string): void {
    this.#database.run("DELETE FROM silence WHERE id = ?", id);
    this.#silences = this.#silences.filter(silence => silence.id !== id);
  }
}

function toSilence(silence: Kept, now: Instant): Silence {
  return { ...silence, state: stateOf(silence, now) };
}

function toKept(
  { kind, matcher, startsAt, endsAt, weekly = null, comment }: SilenceInput,
  { id, createdBy, createdAt }: Pick<Kept, "id" | "createdBy" | "createdAt">,
  now: Instant,
): Kept {
  const begins = startsAt ?? now;
  if (Object.keys(matcher).length === 0)
    throw new BadChannel("matcher", "names nothing; give at least one of resource, node, instance, tag, type, level");
  if (endsAt === null && weekly === null)
    throw new BadChannel("endsAt", "missing: only what comes every week may be without end");
  if (endsAt !== null && endsAt <= begins) throw new BadChannel("endsAt", "is not after the beginning");
  if (weekly && !isTimezone(weekly.timezone))
    throw new BadChannel("weekly.timezone", `there is no time zone "${weekly.timezone}"`);
  return { id, kind, matcher, startsAt: begins, endsAt, weekly, comment, createdBy, createdAt };
}
