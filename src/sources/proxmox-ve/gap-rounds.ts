import { setImmediate as nextTurn } from "node:timers/promises";
import { DAY, HOUR, type Instant, MIB, MINUTE, type Millis, SECOND } from "../../kit/units.ts";
import type { Gap } from "../../model/instance-settings.ts";
import type { PastSamples } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import type { Errands } from "./errands.ts";
import { EXPORT_STEP, toExportedFrames } from "./metrics-export.ts";
import type { PastRounds, Timeframe } from "./past-rounds.ts";
import type { Resources } from "./resources.ts";

/** What the export reaches back. */
const EXPORTED: Millis = 30 * MINUTE;
/** An export that would be larger is not asked for; a guest's figures take about so much each time. */
const LARGEST = 32 * MIB;
const BYTES_OF_A_GUEST = 1000;
const SLOW: Millis = 30 * SECOND;

/**
 * Fills what we missed while we, or the line, were away: by one call for the whole cluster where the server can tell (8.2.5 and newer) and
 * the answer is not too large, otherwise by what it remembers of each resource, when there is time.
 */
export class GapRounds {
  readonly #errands: Errands;
  readonly #past: PastRounds;
  readonly #remember: (gap: Gap | null) => void;
  #gap: Gap | null;
  /** What is asked of each resource by itself, until all have told. */
  #slow: Gap | null = null;

  /** `unfilled`: what an earlier run did not get to; `remember` is told what is still to be asked for, so that the next run can go on. */
  constructor(errands: Errands, past: PastRounds, unfilled: Gap | null, remember: (gap: Gap | null) => void) {
    this.#errands = errands;
    this.#past = past;
    this.#gap = unfilled;
    this.#remember = remember;
  }

  /** Nothing was heard from `from` until `to`. `fresh`: for so long what was seen counted, so that shorter silence left no hole. */
  note(from: Instant, to: Instant, fresh: Millis): void {
    if (to - from <= fresh) return;
    this.#gap = together(this.#gap, { from, to });
    this.#remember(together(this.#slow, this.#gap));
  }

  /** `gap` needs no call for all any more. */
  #settle(gap: Gap): void {
    if (this.#gap === gap) this.#gap = null;
    this.#remember(this.#gap ? together(this.#slow, this.#gap) : this.#slow);
  }

  errands(resources: Resources, online: readonly string[]): Errand[] {
    if (this.#slow && !this.#past.isAsking(resources)) {
      this.#slow = null;
      this.#remember(this.#gap);
    }
    const gap = this.#gap;
    const [node] = online;
    if (!gap || node === undefined) return [];
    const ids = idsOf(resources);
    const rest = (at: Instant) => {
      this.#past.again([...new Set(ids.values())], timeframesFor(at - gap.from), gap.to);
      this.#slow = together(this.#slow, gap);
      this.#settle(gap);
    };
    const look = async (ask: Ask, at: Instant, signal: AbortSignal) => {
      const size = ((at - gap.from) / EXPORT_STEP) * resources.guests.length * BYTES_OF_A_GUEST;
      if (at - gap.from > EXPORTED || size > LARGEST) return rest(at);
      const since = Math.floor(gap.from / SECOND);
      const path = `/cluster/metrics/export?history=1&start-time=${since}`;
      const data = await ask(path, node, signal, SLOW).catch(notThere);
      if (signal.aborted) return;
      if (data === null) return rest(at);
      await this.#keep(data, gap, ids, at);
      this.#settle(gap);
    };
    const { instance } = this.#errands.options;
    return [this.#errands.note({ scope: "gap", part: instance, node, interval: MINUTE, look })];
  }

  /** One after the other, and others in between: each is written by itself. */
  async #keep(data: unknown, gap: Gap, ids: ReadonlyMap<string, string>, at: Instant): Promise<void> {
    const { instance } = this.#errands.options;
    const kept = new Set<string>();
    for (const { id, kind, frame } of toExportedFrames(data)) {
      const resource = ids.get(id);
      // A shared storage is told by each node.
      if (resource === undefined || kept.has(resource)) continue;
      kept.add(resource);
      const within = Object.entries(frame.metrics).map(([name, samples]) => [name, part(samples, gap)]);
      const frames = [{ step: frame.step, metrics: Object.fromEntries(within) }];
      const common = { kind: "seen", scope: "past", instance, at, took: 0, interval: 0 } as const;
      this.#errands.observe({ ...common, resource, of: kind, frames, whole: false });
      await nextTurn();
    }
  }
}

/** From the beginning of the earlier to the end of the later. */
function together(one: Gap | null, other: Gap): Gap {
  return one ? { from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) } : other;
}

/** The samples of that time. */
function part({ starts, means }: PastSamples, { from, to }: Gap): PastSamples {
  const isWithin = (at: number) => {
    const start = starts[at] ?? to;
    return start >= from && start < to;
  };
  return { starts: starts.filter((_, at) => isWithin(at)), means: means.filter((_, at) => isWithin(at)) };
}

/** Those that together reach back so far. */
function timeframesFor(length: Millis): Timeframe[] {
  return [
    "hour",
    ...(length > HOUR ? ["day" as const] : []),
    ...(length > DAY ? ["week" as const] : []),
    ...(length > 7 * DAY ? ["month" as const] : []),
  ];
}

/** null: this server cannot tell, or not to us; then there is another way. */
function notThere(error: unknown): null {
  if (!(error instanceof LookFailed)) throw error;
  const { kind } = error.fault;
  if (kind === "not-found" || kind === "forbidden" || kind === "rejected" || kind === "too-large") return null;
  throw error;
}

/** Our ids by those of the export. */
function idsOf({ nodes, guests, storages }: Resources): Map<string, string> {
  return new Map([
    ...nodes.map(({ id, node }): [string, string] => [`node/${node}`, id]),
    ...guests.map(({ id, type, vmid }): [string, string] => [`${type}/${vmid}`, id]),
    ...storages.flatMap(({ id, storage, nodes: homes = [] }) =>
      homes.map((node): [string, string] => [`storage/${node}/${storage}`, id]),
    ),
  ]);
}
