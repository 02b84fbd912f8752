import type { History } from "./history/history.ts";
import { METRICS, type Samples, samplesOf } from "./history/metrics.ts";
import { slotOf, TICK, TIERS } from "./history/tiers.ts";
import { Inventory } from "./inventory/inventory.ts";
import { keepPast } from "./keep-history.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import type { Observation, PastKind, PastSamples, PastSeen, ResourcesSeen } from "./model/observation.ts";
import { staleAfter } from "./model/stale-after.ts";

/** Which entities of a look are kept as the past of others is. */
const KINDS: readonly string[] = ["node", "guest", "storage"] satisfies PastKind[];

interface Gathered {
  of: PastKind;
  metrics: Map<string, { starts: Instant[]; means: number[] }>;
}

interface Look {
  seen: ResourcesSeen;
  samples: readonly Samples[];
}

/**
 * Looks that come after their time was judged and kept without them, also those that are recent enough to be shown: what they tell of that
 * time is kept as a past that others remember, where our own history has a gap; alerts are about the present, and pass it over. Each
 * instance's looks come in the order of their time; one of an edge that was overtaken and comes after a later one says nothing new.
 */
export class LateLooks {
  readonly #inventories = new Map<string, Inventory>();
  /** The last look of each instance: it stands until the next. */
  readonly #last = new Map<string, Look>();
  readonly #gathered = new Map<string, Map<string, Gathered>>();

  /** `settings`: of the instance that was looked at. */
  add(seen: Observation, settings: WatchedInstance): void {
    if (seen.kind !== "seen" || seen.scope !== "resources") return;
    if (seen.at <= (this.#last.get(seen.instance)?.seen.at ?? Number.NEGATIVE_INFINITY)) return;
    this.#endLast(seen.instance, seen.at + seen.took);
    const inventory = this.#inventories.get(seen.instance) ?? new Inventory([settings]);
    this.#inventories.set(seen.instance, inventory);
    inventory.apply(seen);
    this.#last.set(seen.instance, { seen, samples: [...samplesOf(inventory.picture)] });
  }

  /** The first look of the present: there are no late ones any more, until the line is cut again. */
  end(seen: Observation): void {
    if (seen.kind !== "seen" || seen.scope !== "resources") return;
    this.#endLast(seen.instance, seen.at + seen.took);
    this.#last.delete(seen.instance);
    this.#inventories.delete(seen.instance);
  }

  /** Keeps what has been gathered. */
  keep(history: History, at: Instant, log: Log): void {
    for (const [instance, resources] of this.#gathered)
      for (const [resource, gathered] of resources) keepPast(history, toPast(instance, resource, gathered, at), log);
    this.#gathered.clear();
  }

  /** A tick would have found the last look until `until`, or until it was stale. */
  #endLast(instance: string, until: Instant): void {
    const last = this.#last.get(instance);
    if (!last) return;
    const { at, took, interval } = last.seen;
    const end = Math.min(until, at + staleAfter(interval, took));
    for (let slot = slotOf(TIERS[0], at + took + TICK / 2); slot * TICK + TICK / 2 < end; slot++)
      this.#gather(instance, last.samples, slot * TICK);
  }

  #gather(instance: string, samples: Look["samples"], start: Instant): void {
    const resources = this.#gathered.get(instance) ?? new Map<string, Gathered>();
    this.#gathered.set(instance, resources);
    for (const { kind, resource, values } of samples) {
      if (!KINDS.includes(kind)) continue;
      const gathered = resources.get(resource) ?? { of: kind as PastKind, metrics: new Map() };
      resources.set(resource, gathered);
      for (const [place, { name }] of METRICS[kind].entries()) {
        const value = values[place];
        if (value === null || value === undefined) continue;
        const steps = gathered.metrics.get(name) ?? { starts: [], means: [] };
        gathered.metrics.set(name, steps);
        steps.starts.push(start);
        steps.means.push(value);
      }
    }
  }
}

function toPast(instance: string, resource: string, { of, metrics }: Gathered, at: Instant): PastSeen {
  const frame = { step: TICK, metrics: Object.fromEntries(metrics) as Record<string, PastSamples> };
  const look = { kind: "seen", scope: "past", instance, at, took: 0, interval: TICK } as const;
  return { ...look, resource, of, frames: [frame], whole: false };
}
