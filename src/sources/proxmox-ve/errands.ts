import { createHash } from "node:crypto";
import type { Clock } from "../../kit/clock.ts";
import type { Instant, Millis } from "../../kit/units.ts";
import type { Fault } from "../../model/fault.ts";
import type { PartLists, PartScope } from "../../model/observation.ts";
import { inTurns } from "../in-turns.ts";
import { PartMap } from "../part-map.ts";
import { LookFailed, type Observe, toFailure } from "../source.ts";
import { backOff, type Errand, type Outcome } from "./agenda.ts";
import type { Ask } from "./ask.ts";

export interface ErrandsOptions {
  instance: string;
  clock: Clock;
  ask: Ask;
}

/** Something that is looked at on its own cadence, at one node. */
interface Look<T> {
  /** What the look is complete for, such as a node or a storage. */
  part: string;
  /** The node that is asked. */
  node: string;
  interval: Millis;
  patient?: boolean;
  heavy?: boolean;
  /** Rejects with LookFailed. */
  look: (ask: Ask, at: Instant, signal: AbortSignal) => Promise<T>;
}

/** What one look yields becomes complete lists of a part. */
export interface PartLook extends Look<PartLists> {
  scope: PartScope;
  /** Wait that long instead of the interval, after these lists. */
  rest?: (lists: PartLists) => Millis | null;
  /** While its lists stay the same, it is looked at more and more rarely, until this is true or a list differs. */
  moves?: boolean;
}

/** What one look yields is kept by who looks, and completes what others tell. */
export interface NoteLook extends Look<void> {
  scope: string;
}

/** Of an interval; what is looked at so rarely is still noticed within the half hour. */
const MOST_PATIENCE = 3;

/** Makes errands of looks: counts their calls, and turns failures into values and pauses. */
export class Errands {
  readonly options: ErrandsOptions;
  readonly #failures = new PartMap<number>();
  /** What calm looks told last, and how often in a row they told the same. */
  readonly #calm = new PartMap<{ digest: string; times: number }>();
  observe: Observe = () => {};

  constructor(options: ErrandsOptions) {
    this.options = options;
  }

  part(look: PartLook): Errand {
    return new LookErrand(look, look.moves === true, this.#runPart);
  }

  note(look: NoteLook): Errand {
    return new LookErrand(look, false, this.#runNote);
  }

  /** Forgets what is remembered of parts that are no longer there. */
  keep(isThere: (part: { scope: string; part: string }) => boolean): void {
    for (const kept of [this.#calm, this.#failures])
      for (const part of kept.parts()) if (!isThere(part)) kept.delete(part);
  }

  readonly #runPart: Run<PartLook> = (look, at, signal, stretch) => {
    const { instance, clock } = this.options;
    const { scope, part, interval, rest = () => null, moves } = look;
    const common = (planned: Millis) => {
      return { instance, scope, part, at, took: clock.now() - at, interval: Math.round(stretch * planned) };
    };
    const seen = async (lists: PartLists) => {
      const pause = rest(lists) ?? (moves === undefined ? null : interval * (await this.#patience(look, lists, moves)));
      if (signal.aborted) return null;
      this.observe({ kind: "seen", ...common(pause ?? interval), lists });
      return pause;
    };
    const missed = (fault: Fault) => this.observe({ kind: "missed", ...common(interval), fault });
    return this.#run(look, at, signal, seen, missed);
  };

  readonly #runNote: Run<NoteLook> = (look, at, signal) =>
    this.#run(
      look,
      at,
      signal,
      async () => null,
      () => {},
    );

  /** The one place where a failed look becomes a value. */
  async #run<T>(
    look: Look<T> & { scope: string },
    at: Instant,
    signal: AbortSignal,
    seen: (found: T) => Promise<Millis | null>,
    missed: (fault: Fault) => void,
  ): Promise<Outcome> {
    let calls = 0;
    const ask: Ask = (...call) => {
      calls++;
      return this.options.ask(...call);
    };
    try {
      const found = await look.look(ask, at, signal);
      this.#failures.delete(look);
      return { calls, pause: signal.aborted ? null : await seen(found), fault: null };
    } catch (error) {
      const { fault } = toFailure(error, this.options.instance);
      const failures = this.#failures.get(look) ?? 0;
      this.#failures.set(look, failures + 1);
      if (!signal.aborted) missed(fault);
      return { calls, pause: pauseAfter(fault, look.interval, failures), fault };
    }
  }

  /** How many times the interval to wait, after these lists: up to three times, when they have been the same again and again. */
  async #patience(look: PartLook, lists: PartLists, moves: boolean): Promise<number> {
    const digest = await inTurns(digesting(lists));
    const before = this.#calm.get(look);
    const times = !moves && before?.digest === digest ? before.times + 1 : 0;
    this.#calm.set(look, { digest, times });
    return Math.min(MOST_PATIENCE, 1 + times / 2);
  }
}

/** So many entities are a step: a few milliseconds. */
const STEP = 500;

/** Another text for other lists, found in steps. */
function* digesting(lists: PartLists): Generator<void, string> {
  const hash = createHash("sha1");
  for (const [collection, list] of Object.entries(lists)) {
    hash.update(`${collection} ${list.length}`);
    for (let at = 0; at < list.length; at += STEP) {
      if (at > 0) yield;
      hash.update(JSON.stringify(list.slice(at, at + STEP)));
    }
  }
  return hash.digest("base64");
}

type Run<L> = (look: L, at: Instant, signal: AbortSignal, stretch: number) => Promise<Outcome>;

/** A look as an errand. There are several for each guest: they share all functions but the look itself. */
class LookErrand<L extends PartLook | NoteLook> implements Errand {
  readonly #look: L;
  readonly #run: Run<L>;
  readonly soon: boolean;

  constructor(look: L, soon: boolean, run: Run<L>) {
    this.#look = look;
    this.soon = soon;
    this.#run = run;
  }

  get scope(): string {
    return this.#look.scope;
  }

  get part(): string {
    return this.#look.part;
  }

  get node(): string {
    return this.#look.node;
  }

  get interval(): Millis {
    return this.#look.interval;
  }

  get patient(): boolean {
    return this.#look.patient === true;
  }

  get heavy(): boolean {
    return this.#look.heavy === true;
  }

  run(at: Instant, signal: AbortSignal, stretch: number): Promise<Outcome> {
    return this.#run(this.#look, at, signal, stretch);
  }
}

/** What this server or user cannot do at all is tried again rarely; all else soon, in case it was the line. */
function pauseAfter({ kind }: Fault, interval: Millis, failures: number): Millis {
  const hopeless = kind === "forbidden" || kind === "not-found";
  return hopeless ? backOff(interval, failures + 2) : Math.min(4 * interval, backOff(interval, failures));
}

/** What one of several calls could not tell is not known; the others count all the same. */
export function unlessBug(error: unknown): null {
  if (error instanceof LookFailed) return null;
  throw error;
}
