import type { Percent } from "../../kit/units.ts";
import type { Node } from "../../model/node.ts";
import type { Picture } from "../../model/picture.ts";
import { compareNames } from "../ui/sort.ts";

/** What would be left of a cluster without its largest node. */
export interface Headroom {
  instance: string;
  /** What the cluster is called. */
  name: string;
  /** The node that it could least do without. */
  largest: string;
  /** How full the memory of the others would be, if all that runs goes on; more than 100: it would not fit. null: not known. */
  memory: Percent | null;
  cpu: Percent | null;
}

/** Of each cluster with more than one node that runs; the tightest first. Nodes that are down are lost already. */
export function toHeadrooms(picture: Picture): Headroom[] {
  return Object.values(picture.instances)
    .filter(({ type, clusterName }) => type === "pve" && clusterName !== null)
    .flatMap(({ id, name, clusterName }): Headroom[] => {
      const nodes = Object.values(picture.nodes).filter(
        ({ instance, status, stale }) => instance === id && status === "online" && !stale,
      );
      const [largest] = nodes.toSorted((a, b) => (b.memory?.total ?? 0) - (a.memory?.total ?? 0));
      if (!largest || nodes.length < 2) return [];
      return [
        {
          ...{ instance: id, name: clusterName ?? name, largest: largest.displayName },
          memory: without(nodes, ({ memory }) => memory && { used: memory.used, size: memory.total }),
          cpu: without(nodes, ({ cpu, cpuInfo }) =>
            cpu === null || !cpuInfo ? null : { used: cpu * cpuInfo.cores, size: cpuInfo.cores },
          ),
        },
      ];
    })
    .sort((a, b) => (b.memory ?? 0) - (a.memory ?? 0) || compareNames(a.name, b.name));
}

/** All that is used, of what there is without the largest; null: of one it is not known. */
function without(nodes: readonly Node[], read: (node: Node) => { used: number; size: number } | null): Percent | null {
  const all = nodes.map(read).filter(one => one !== null);
  const rest = sum(all.map(({ size }) => size)) - Math.max(...all.map(({ size }) => size));
  return all.length < nodes.length || rest <= 0 ? null : (sum(all.map(({ used }) => used)) / rest) * 100;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
