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

/** One that came before the tick that it is for. */
interface Timely {
  seen: ResourcesSeen;
  settings: WatchedInstance;
}

/**
 * Looks that come after ticks that they would have been for: what they tell of that time is kept as a past that others remember, where our own
 * history has a gap; alerts are about the present, and pass it over. Nothing is known here but what came since the last tick, and each tick keeps it:
 * a core that begins at any tick comes to the same as one that was there all the time. So do looks that came in time for a tick that nobody
 * said, as NATS stored none.
 */
export class LateLooks {
  /** The last look of each instance: it stands until the next, or until it is stale. */
  readonly #last = new Map<string, Look>();
  /** The last look of each instance that the next tick finds. */
  readonly #timely = new Map<string, Timely>();
  /** The last tick. */
  #judged: Instant = Number.POSITIVE_INFINITY;
  readonly #gathered = new Map<string, Map<string, Gathered>>();

  /** `settings`: of the instance that was looked at. `judged`: the last tick. */
  add(seen: Observation, settings: WatchedInstance, kept: Kept): void {
    if (seen.kind !== "seen" || seen.scope !== "resources" || !isMissing(seen, kept)) return;
    this.#endLast(seen.instance, seen.at + seen.took);
    this.#endTimely(seen.instance, seen.at + seen.took);
    this.#last.set(seen.instance, { seen, samples: toSamples(seen, settings) });
  }

  /** A look that came in time: what was before it stands no longer. */
  end(seen: Observation, settings: WatchedInstance): void {
    if (seen.kind !== "seen" || seen.scope !== "resources") return;
    this.#endLast(seen.instance, seen.at + seen.took);
    this.#endTimely(seen.instance, seen.at + seen.took);
    this.#timely.set(seen.instance, { seen, settings });
  }

  /** Keeps what came since the last tick. */
  keep(history: Pick<History, "importPast">, at: Instant, log: Log): void {
    for (const instance of [...this.#last.keys()]) this.#endLast(instance, Number.POSITIVE_INFINITY);
    for (const instance of [...this.#timely.keys()]) this.#endTimely(instance, at);
    this.#judged = at;
    const gathered = [...this.#gathered];
    this.#gathered.clear();
    for (const [instance, resources] of gathered)
      for (const [resource, one] of resources) keepPast(history, toPast(instance, resource, one, at), log, "late");
  }

  /** Forgets what came since the last tick. `at`: a tick that an earlier run has kept; left out: which was the last is not known any more. */
  drop(at: Instant = Number.POSITIVE_INFINITY): void {
    this.#last.clear();
    this.#timely.clear();
    this.#gathered.clear();
    this.#judged = at;
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

  /** Ticks that came before another look, or the next tick, would have found it. NOTE: they are none but where one was not said. */
  #endTimely(instance: string, until: Instant): void {
    const timely = this.#timely.get(instance);
    if (!timely) return;
    const { seen, settings } = timely;
    const { at, took, interval } = seen;
    if (until <= at + took) return;
    this.#timely.delete(instance);
    const slots = slotsBetween(Math.max(at + took, this.#judged), Math.min(until, at + staleAfter(interval, took)));
    if (slots.length === 0) return;
    const samples = toSamples(seen, settings);
    for (const slot of slots) this.#gather(instance, samples, slot * TICK);
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

function toSamples(seen: ResourcesSeen, settings: WatchedInstance): readonly Samples[] {
  const inventory = new Inventory([settings]);
  inventory.apply(seen);
  return [...samplesOf(inventory.picture)];
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
