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

/** What is kept of the time until the tick `judged`. */
interface Kept {
  judged: Instant;
  history: Pick<History, "hasSample">;
}

interface Look {
  seen: ResourcesSeen;
  samples: readonly Samples[];
}

/**
 * Looks that come after ticks that they would have been for: what they tell of that time is kept as a past that others remember, where our own
 * history has a gap; alerts are about the present, and pass it over. Nothing is known here but what came since the last tick, and each tick keeps it:
 * a core that begins at any tick comes to the same as one that was there all the time.
 */
export class LateLooks {
  /** The last look of each instance: it stands until the next, or until it is stale. */
  readonly #last = new Map<string, Look>();
  readonly #gathered = new Map<string, Map<string, Gathered>>();

  /** `settings`: of the instance that was looked at. `judged`: the last tick. */
  add(seen: Observation, settings: WatchedInstance, kept: Kept): void {
    if (seen.kind !== "seen" || seen.scope !== "resources" || !isMissing(seen, kept)) return;
    this.#endLast(seen.instance, seen.at + seen.took);
    const inventory = new Inventory([settings]);
    inventory.apply(seen);
    this.#last.set(seen.instance, { seen, samples: [...samplesOf(inventory.picture)] });
  }

  /** A look that came in time: what was late stands no longer. */
  end(seen: Observation): void {
    if (seen.kind === "seen" && seen.scope === "resources") this.#endLast(seen.instance, seen.at + seen.took);
  }

  /** Keeps what came since the last tick. */
  keep(history: Pick<History, "importPast">, at: Instant, log: Log): void {
    for (const instance of [...this.#last.keys()]) this.#endLast(instance, Number.POSITIVE_INFINITY);
    const gathered = [...this.#gathered];
    this.#gathered.clear();
    for (const [instance, resources] of gathered)
      for (const [resource, one] of resources) keepPast(history, toPast(instance, resource, one, at), log, "late");
  }

  /** Forgets what came since the last tick. */
  drop(): void {
    this.#last.clear();
    this.#gathered.clear();
  }

  /** A tick would have found the last look until `until`, where that is later, or until it was stale. */
  #endLast(instance: string, until: Instant): void {
    const last = this.#last.get(instance);
    if (!last) return;
    this.#last.delete(instance);
    const { at, took, interval } = last.seen;
    const isBefore = until <= at + took;
    const stale = at + staleAfter(interval, took);
    for (const slot of slotsBetween(at + took, isBefore ? stale : Math.min(until, stale)))
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

/** The ticks after `from` and before `to`. */
function slotsBetween(from: Instant, to: Instant): number[] {
  const slots: number[] = [];
  for (let slot = slotOf(TIERS[0], from + TICK / 2); slot * TICK + TICK / 2 < to; slot++) slots.push(slot);
  return slots;
}

/** Whether of a tick that it would have been for, up to `judged`, nothing is kept; also when there was none yet. */
function isMissing({ at, took, interval, nodes }: ResourcesSeen, { judged, history }: Kept): boolean {
  const slots = slotsBetween(at + took, Math.min(judged + 1, at + staleAfter(interval, took)));
  const isKept = (slot: number) => nodes.some(({ id }) => history.hasSample(id, slot * TICK));
  return slots.length === 0 || !slots.every(isKept);
}

function toPast(instance: string, resource: string, { of, metrics }: Gathered, at: Instant): PastSeen {
  const frame = { step: TICK, metrics: Object.fromEntries(metrics) as Record<string, PastSamples> };
  const look = { kind: "seen", scope: "past", instance, at, took: 0, interval: TICK } as const;
  return { ...look, resource, of, frames: [frame], whole: false };
}
