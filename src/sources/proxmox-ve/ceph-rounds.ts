import { HOUR, type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { PartLists } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";
import type { Errand } from "./agenda.ts";
import type { Ask } from "./ask.ts";
import { toCephCluster } from "./ceph.ts";
import { type Errands, unlessBug } from "./errands.ts";

const CEPH: Millis = MINUTE;

/** The look at the Ceph cluster, if there is one; where there is none that is asked once an hour. */
export function cephErrands(errands: Errands, online: readonly string[]): Errand[] {
  const { instance } = errands.options;
  const [node] = online;
  if (node === undefined) return [];
  const look = async (ask: Ask, at: Instant, signal: AbortSignal): Promise<PartLists> => {
    const status = await ask("/cluster/ceph/status", node, signal).catch(unlessNone);
    if (status === null) return { cephClusters: [] };
    const list = (name: string) => ask(`/nodes/${encodeURIComponent(node)}/ceph/${name}`, node, signal);
    // Before 7.3 the list of pools had another name.
    const pools = await list("pool")
      .catch(error => (isUnknownPath(error) ? list("pools") : Promise.reject(error)))
      .catch(unlessBug);
    const [mons, mgrs] = [await list("mon").catch(unlessBug), await list("mgr").catch(unlessBug)];
    const [mdss, osds] = [await list("mds").catch(unlessBug), await list("osd").catch(unlessBug)];
    return { cephClusters: [toCephCluster({ status, pools, mons, mgrs, mdss, osds }, instance, at)] };
  };
  const rest = ({ cephClusters = [] }: PartLists) => (cephClusters.length === 0 ? HOUR : null);
  return [errands.part({ scope: "ceph", part: instance, node, interval: CEPH, look, rest })];
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
