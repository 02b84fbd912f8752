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
  /** Where calls about a node go: what limits how many are under way. */
  placeOf: (node: string) => string;
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
}

/** What one look yields is kept by who looks, and completes what others tell. */
export interface NoteLook extends Look<void> {
  scope: string;
}

/** Makes errands of looks: counts their calls, and turns failures into values and pauses. */
export class Errands {
  readonly options: ErrandsOptions;
  readonly #failures = new Map<string, number>();
  observe: Observe = () => {};

  constructor(options: ErrandsOptions) {
    this.options = options;
  }

  part({ scope, rest = () => null, ...look }: PartLook): Errand {
    const { instance, clock } = this.options;
    const common = (at: Instant, stretch: number) => {
      return {
        instance,
        scope,
        part: look.part,
        at,
        took: clock.now() - at,
        interval: Math.round(look.interval * stretch),
      };
    };
    return this.#errand(
      scope,
      look,
      (lists, at, stretch) => {
        this.observe({ kind: "seen", ...common(at, stretch), lists });
        return rest(lists);
      },
      (fault, at, stretch) => this.observe({ kind: "missed", ...common(at, stretch), fault }),
    );
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
    return { scope, part, place: this.options.placeOf(node), interval, run };
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
