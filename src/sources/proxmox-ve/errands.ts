import { createHash } from "node:crypto";
import type { Clock } from "../../kit/clock.ts";
import type { Instant, Millis } from "../../kit/units.ts";
import type { Fault } from "../../model/fault.ts";
import type { PartLists, PartScope } from "../../model/observation.ts";
import { LookFailed, type Observe } from "../source.ts";
import { backOff, type Errand } from "./agenda.ts";
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
  readonly #failures = new Map<string, number>();
  /** What calm looks told last, and how often in a row they told the same. */
  readonly #calm = new Map<string, { digest: string; times: number }>();
  observe: Observe = () => {};

  constructor(options: ErrandsOptions) {
    this.options = options;
  }

  part({ scope, rest = () => null, moves, ...look }: PartLook): Errand {
    const { instance, clock } = this.options;
    const key = `${scope} ${look.part}`;
    const common = (at: Instant, interval: Millis) => {
      return { instance, scope, part: look.part, at, took: clock.now() - at, interval: Math.round(interval) };
    };
    const errand = this.#errand(
      scope,
      look,
      (lists, at, stretch) => {
        const pause = rest(lists) ?? (moves === undefined ? null : look.interval * this.#patience(key, lists, moves));
        this.observe({ kind: "seen", ...common(at, stretch * (pause ?? look.interval)), lists });
        return pause;
      },
      (fault, at, stretch) => this.observe({ kind: "missed", ...common(at, stretch * look.interval), fault }),
    );
    return moves ? { ...errand, soon: true } : errand;
  }

  /** How many times the interval to wait, after these lists: up to three times, when they have been the same again and again. */
  #patience(key: string, lists: PartLists, moves: boolean): number {
    const digest = createHash("sha1").update(JSON.stringify(lists)).digest("base64");
    const before = this.#calm.get(key);
    const times = !moves && before?.digest === digest ? before.times + 1 : 0;
    this.#calm.set(key, { digest, times });
    return Math.min(MOST_PATIENCE, 1 + times / 2);
  }

  /** Forgets what is remembered of parts that are no longer there. */
  keep(isThere: (key: string) => boolean): void {
    for (const kept of [this.#calm, this.#failures]) for (const key of kept.keys()) if (!isThere(key)) kept.delete(key);
  }

  note({ scope, ...look }: NoteLook): Errand {
    return this.#errand(
      scope,
      look,
      () => null,
      () => {},
    );
  }

  /** The one place where a failed look becomes a value. */
  #errand<T>(
    scope: string,
    { part, node, interval, look }: Look<T>,
    seen: (found: T, at: Instant, stretch: number) => Millis | null,
    missed: (fault: Fault, at: Instant, stretch: number) => void,
  ): Errand {
    const key = `${scope} ${part}`;
    const run: Errand["run"] = async (at, signal, stretch) => {
      let calls = 0;
      const ask: Ask = (...call) => {
        calls++;
        return this.options.ask(...call);
      };
      try {
        const found = await look(ask, at, signal);
        this.#failures.delete(key);
        return { calls, pause: signal.aborted ? null : seen(found, at, stretch), fault: null };
      } catch (error) {
        if (!(error instanceof LookFailed)) throw error;
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        if (!signal.aborted) missed(error.fault, at, stretch);
        return { calls, pause: pauseAfter(error.fault, interval, failures), fault: error.fault };
      }
    };
    return { scope, part, node, interval, run };
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
