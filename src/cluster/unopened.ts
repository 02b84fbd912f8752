import type { Clock } from "../kit/clock.ts";
import { type Instant, MINUTE } from "../kit/units.ts";
import type { Missed } from "../model/observation.ts";
import { toBody } from "./entry.ts";
import { LEASE_LIFE } from "./foundation.ts";
import type { SiteLeases } from "./leases.ts";
import { messageId, subjectOf } from "./names.ts";
import type { Outgoing } from "./outbox.ts";

/** How often it is said. */
const INTERVAL = MINUTE;

/** Says of instances that no edge of the site can watch, as none can open their secrets, that a look failed: as if signing in had. */
export class Unopened {
  readonly #site: string;
  readonly #clock: Clock;
  /** When it is to be said, of those that nobody watches. */
  readonly #due = new Map<string, Instant>();

  constructor(site: string, clock: Clock) {
    this.#site = site;
    this.#clock = clock;
  }

  /** What is to be said now of those of which this edge `cannotOpen` the secret. */
  missed(cannotOpen: readonly string[], leases: Pick<SiteLeases, "unheld" | "latest">): Outgoing[] {
    const at = this.#clock.now();
    const unheld = leases.unheld(cannotOpen);
    for (const name of [...this.#due.keys()]) if (!unheld.includes(name)) this.#due.delete(name);
    // Who can open it takes it within that time.
    for (const name of unheld) if (!this.#due.has(name)) this.#due.set(name, at + LEASE_LIFE);
    const due = unheld.filter(name => (this.#due.get(name) ?? at) <= at);
    return due.map(instance => {
      this.#due.set(instance, at + INTERVAL);
      const message = `No edge of site "${this.#site}" that is there can open its secret: enter it anew`;
      const look = { kind: "missed", scope: "resources", instance, at, took: 0, interval: INTERVAL } as const;
      const seen: Missed = { ...look, fault: { kind: "auth", message }, endpoints: [] };
      const body = toBody({ fence: leases.latest, seen });
      return { subject: subjectOf(this.#site, seen), id: messageId(seen), body };
    });
  }
}
