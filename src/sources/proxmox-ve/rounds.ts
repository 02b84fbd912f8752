import type { Instant } from "../../kit/units.ts";
import type { Observe } from "../source.ts";
import { Agenda, callsPerSecond, type Errand } from "./agenda.ts";
import { Errands, type ErrandsOptions } from "./errands.ts";
import { GuestVisits } from "./guest-visits.ts";
import { NodeRounds } from "./node-rounds.ts";
import type { Resources } from "./resources.ts";

/** All looks that are not urgent, each with a cadence of its own, within one budget of calls. */
export class Rounds {
  readonly nodes: NodeRounds;
  readonly #errands: Errands;
  readonly #agenda: Agenda;
  readonly #visits: GuestVisits;

  constructor(options: ErrandsOptions) {
    this.#errands = new Errands(options);
    this.#agenda = new Agenda(options.clock);
    this.#visits = new GuestVisits(options.ask);
    this.nodes = new NodeRounds(this.#errands);
  }

  /** Resolves when `signal` has aborted and everything under way has ended. */
  run(observe: Observe, signal: AbortSignal): Promise<void> {
    this.#errands.observe = observe;
    return this.#agenda.run(signal);
  }

  /** Makes the rounds follow what the resources name now. */
  follow({ nodes, guests }: Resources): void {
    const all = nodes.flatMap(({ node }) => node ?? []);
    const online = nodes.flatMap(({ node, status }) => (status === "online" && node ? [node] : []));
    const visits = this.#visits
      .errands(guests)
      .map((errand): Errand => ({ ...errand, place: this.#errands.options.placeOf(errand.place) }));
    this.#agenda.keep([...this.nodes.errands(online, all), ...visits], callsPerSecond(online.length));
  }

  /** Nothing is asked while the resources themselves cannot be had. */
  hold(): void {
    this.#agenda.hold();
  }

  /** The resources with everything that the rounds have found out about them. */
  completed(resources: Resources, at: Instant): Resources {
    const { nodes, guests, storages } = this.nodes.completed(resources, at);
    return { nodes, storages, guests: guests.map(guest => this.#visits.completed(guest, at)) };
  }
}
