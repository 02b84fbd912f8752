import type { Clock } from "../../kit/clock.ts";
import type { Instant, Millis } from "../../kit/units.ts";
import type { PartLists, PartScope } from "../../model/observation.ts";
import { LookFailed, type Observe } from "../source.ts";
import { Agenda, backOff, callsPerSecond, type Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import { GuestVisits } from "./guest-visits.ts";
import type { Resources } from "./resources.ts";

export interface RoundsOptions {
  instance: string;
  clock: Clock;
  /** One call to a node, without a second try. Rejects with LookFailed. */
  ask: Ask;
  /** Where calls about a node go: what limits how many are under way. */
  placeOf: (node: string) => string;
}

/** A look at one part of the instance. */
interface PartLook {
  scope: PartScope;
  part: string;
  node: string;
  interval: Millis;
  /** Rejects with LookFailed. */
  look: (ask: Ask, at: Instant, signal: AbortSignal) => Promise<PartLists>;
}

/** All looks that are not urgent, each with a cadence of its own, within one budget of calls. */
export class Rounds {
  readonly #options: RoundsOptions;
  readonly #agenda: Agenda;
  readonly #visits: GuestVisits;
  readonly #failures = new Map<string, number>();
  #observe: Observe = () => {};

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#agenda = new Agenda(options.clock);
    this.#visits = new GuestVisits(options.ask);
  }

  /** Resolves when `signal` has aborted and everything under way has ended. */
  run(observe: Observe, signal: AbortSignal): Promise<void> {
    this.#observe = observe;
    return this.#agenda.run(signal);
  }

  /** Makes the rounds follow what the resources name now. */
  follow({ nodes, guests }: Resources): void {
    const online = nodes.flatMap(({ node, status }) => (status === "online" && node ? [node] : []));
    const errands = this.#visits.errands(guests).map(errand => this.#placed(errand));
    this.#agenda.keep(errands, callsPerSecond(online.length));
  }

  /** Nothing is asked while the resources themselves cannot be had. */
  hold(): void {
    this.#agenda.hold();
  }

  /** The resources with everything that the rounds have found out about them. */
  completed(resources: Resources, at: Instant): Resources {
    return { ...resources, guests: resources.guests.map(guest => this.#visits.completed(guest, at)) };
  }

  #placed(errand: Errand): Errand {
    return { ...errand, place: this.#options.placeOf(errand.place) };
  }

  /** The one place where a failed look at a part becomes a value. */
  protected partErrand({ scope, part, node, interval, look }: PartLook): Errand {
    const key = `${scope} ${part}`;
    const run: Errand["run"] = async (at, signal) => {
      const { instance, clock, ask } = this.#options;
      let calls = 0;
      const counted: Ask = (...call) => {
        calls++;
        return ask(...call);
      };
      const common = () => ({ instance, scope, part, at, took: clock.now() - at, interval });
      try {
        const lists = await look(counted, at, signal);
        this.#failures.delete(key);
        if (!signal.aborted) this.#observe({ kind: "seen", ...common(), lists });
        return { calls, pause: null };
      } catch (error) {
        if (!(error instanceof LookFailed)) throw error;
        const failures = (this.#failures.get(key) ?? 0) + 1;
        this.#failures.set(key, failures);
        if (!signal.aborted) this.#observe({ kind: "missed", ...common(), fault: error.fault });
        return { calls, pause: Math.min(4 * interval, backOff(interval, failures - 1)) };
      }
    };
    return this.#placed({ key, place: node, interval, run });
  }
}
