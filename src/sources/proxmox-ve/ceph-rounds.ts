import { HOUR, type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { PartLists } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import { type CephAnswers, toCephCluster } from "./ceph.ts";
import { type Errands, unlessBug } from "./errands.ts";

const CEPH: Millis = MINUTE;

/** Nodes that are asked in one look whether they have Ceph: a cluster may have it on some of its nodes only. */
const MOST_TRIES = 8;

/** The look at the Ceph cluster, if there is one; where there is none that is asked once an hour. */
export class CephRounds {
  readonly #errands: Errands;
  /** A node that has Ceph: asked first. */
  #home: string | null = null;

  constructor(errands: Errands) {
    this.#errands = errands;
  }

  errands(online: readonly string[]): Errand[] {
    const { instance } = this.#errands.options;
    const ordered = online.toSorted((a, b) => Number(b === this.#home) - Number(a === this.#home));
    const [first] = ordered;
    if (first === undefined) return [];
    const look = async (ask: Ask, at: Instant, signal: AbortSignal): Promise<PartLists> => {
      for (const node of ordered.slice(0, MOST_TRIES)) {
        const path = `/nodes/${encodeURIComponent(node)}/ceph`;
        const status = await ask(`${path}/status`, node, signal).catch(unlessNone);
        if (status === null) continue;
        this.#home = node;
        const answers = await readLists(path, node, ask, signal);
        return { cephClusters: [toCephCluster({ status, ...answers }, instance, at)] };
      }
      return { cephClusters: [] };
    };
    const rest = ({ cephClusters = [] }: PartLists) => (cephClusters.length === 0 ? HOUR : null);
    return [this.#errands.part({ scope: "ceph", part: instance, node: first, interval: CEPH, look, rest })];
  }
}

async function readLists(
  path: string,
  node: string,
  ask: Ask,
  signal: AbortSignal,
): Promise<Omit<CephAnswers, "status">> {
  const list = (name: string) => ask(`${path}/${name}`, node, signal);
  // Before 7.3 the list of pools had another name.
  const pools = await list("pool")
    .catch(error => (isUnknownPath(error) ? list("pools") : Promise.reject(error)))
    .catch(unlessBug);
  const [mons, mgrs] = [await list("mon").catch(unlessBug), await list("mgr").catch(unlessBug)];
  const [mdss, osds] = [await list("mds").catch(unlessBug), await list("osd").catch(unlessBug)];
  return { pools, mons, mgrs, mdss, osds };
}

/** Where there is no Ceph PVE says so with 500: "binary not installed: /usr/bin/ceph-mon", "pveceph configuration not initialized". */
function unlessNone(error: unknown): null {
  if (
    error instanceof LookFailed &&
    error.fault.kind === "rejected" &&
    /not (installed|initialized)/.test(error.message)
  )
    return null;
  if (error instanceof LookFailed && error.fault.kind === "not-found") return null;
  throw error;
}

function isUnknownPath(error: unknown): boolean {
  return error instanceof LookFailed && error.fault.kind === "not-found";
}
