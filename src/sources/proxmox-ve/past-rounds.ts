import { HOUR, type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { PastFrame, PastKind } from "../../model/observation.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import type { Errands } from "./errands.ts";
import type { Resources } from "./resources.ts";
import { toPastFrame, withoutRepeats } from "./rrd.ts";
import { StandingErrands } from "./standing-errands.ts";

/** From fine to coarse; every release has them. */
const TIMEFRAMES = ["hour", "day", "week", "month", "year"] as const;
export type Timeframe = (typeof TIMEFRAMES)[number];
/** How soon the past of guests is asked for, beside everything else that is wanted; that of nodes and storages comes at once. */
const PATIENCE: Millis = HOUR;
/** A minute is in the RRD a little after it has passed: rows are written when the next one begins. */
const WRITTEN_AFTER: Millis = 2 * MINUTE;

/** Something whose past can be asked for. */
interface Owner {
  id: string;
  kind: PastKind;
  node: string;
  /** What it is called on its node: "qemu" and its VMID, "storage" and its name; a node itself: nothing. */
  type: string;
  name: string | number;
}

/** What Proxmox itself remembers of nodes, storages and guests from before we came, asked for once each and when there is time. */
export class PastRounds {
  readonly #errands: Errands;
  readonly #isKnown: (resource: string) => boolean;
  readonly #unknown = new StandingErrands<Owner>(owner => this.#errandOf(owner, true));
  /** What is asked for once more, though the whole is known. */
  readonly #again = new Map<string, { timeframes: readonly Timeframe[]; notBefore: Instant }>();

  /** `isKnown`: whether the past of a resource has been asked for already, also by an earlier run. */
  constructor(errands: Errands, isKnown: (resource: string) => boolean) {
    this.#errands = errands;
    this.#isKnown = isKnown;
  }

  /** Asks for these timeframes of resources once more, when they have what was missed until `until`. */
  again(resources: readonly string[], timeframes: readonly Timeframe[], until: Instant): void {
    for (const resource of resources) this.#again.set(resource, { timeframes, notBefore: until + WRITTEN_AFTER });
  }

  /** Whether something is still to be asked for once more; what is no longer there is not. */
  isAsking({ nodes, guests, storages }: Resources): boolean {
    if (this.#again.size === 0) return false;
    const ids = new Set([...nodes, ...guests, ...storages].map(({ id }) => id));
    for (const id of this.#again.keys()) if (!ids.has(id)) this.#again.delete(id);
    return this.#again.size > 0;
  }

  errands(resources: Resources, online: readonly string[]): Errand[] {
    const now = this.#errands.options.clock.now();
    const owners = toOwners(resources, online, id => !this.#isKnown(id) || this.#again.has(id));
    const again = owners.filter(({ id }) => this.#isKnown(id) && (this.#again.get(id)?.notBefore ?? now) <= now);
    return [
      ...this.#unknown.of(owners.filter(({ id }) => !this.#isKnown(id))),
      ...again.map(owner => this.#errandOf(owner, false)),
    ];
  }

  /** What is asked for again is another errand than the whole, which has had its turn for the next hour. */
  #errandOf({ id, kind, node, type, name }: Owner, whole: boolean): Errand {
    const look = async (ask: Ask, at: Instant, signal: AbortSignal) => {
      const path = `/nodes/${encodeURIComponent(node)}${type === "" ? "" : `/${type}/${encodeURIComponent(name)}`}`;
      const frames: PastFrame[] = [];
      const again = this.#again.get(id);
      for (const timeframe of whole ? TIMEFRAMES : (again?.timeframes ?? [])) {
        const frame = toPastFrame(await ask(`${path}/rrddata?timeframe=${timeframe}&cf=AVERAGE`, node, signal), kind);
        if (frame) frames.push(frame);
      }
      if (signal.aborted) return;
      if (again && again.notBefore <= at) this.#again.delete(id);
      const { instance } = this.#errands.options;
      this.#errands.observe({
        kind: "seen",
        scope: "past",
        instance,
        at,
        took: 0,
        interval: 0,
        resource: id,
        of: kind,
        frames: withoutRepeats(frames),
        whole,
      });
    };
    const again = whole ? "" : "-again";
    if (kind !== "guest")
      return this.#errands.note({ scope: `past-of-nodes${again}`, part: id, node, interval: HOUR, look });
    return this.#errands.note({
      scope: `past${again}`,
      part: id,
      node,
      interval: PATIENCE,
      patient: true,
      heavy: whole,
      look,
    });
  }
}

/** Those `wanted`. Nodes and storages first: there are few of them, and everybody wants to know when a storage will be full. */
function toOwners(
  { nodes, guests, storages }: Resources,
  online: readonly string[],
  wanted: (id: string) => boolean,
): Owner[] {
  return [
    ...nodes.flatMap(({ id, node = "" }): Owner[] =>
      online.includes(node) && wanted(id) ? [{ id, kind: "node", node, type: "", name: "" }] : [],
    ),
    ...storages.flatMap(({ id, storage = "", nodes: homes = [], enabled, withheld }): Owner[] => {
      const node = homes.find(one => online.includes(one));
      if (node === undefined || enabled === false || withheld || !wanted(id)) return [];
      return [{ id, kind: "storage", node, type: "storage", name: storage }];
    }),
    ...guests.flatMap(({ id, node = "", type = "qemu", vmid = 0, template, withheld }): Owner[] =>
      online.includes(node) && !template && !withheld && wanted(id)
        ? [{ id, kind: "guest", node, type, name: vmid }]
        : [],
    ),
  ];
}
