import { toRows, toText, toToldFlag } from "../../kit/fields.ts";
import type { Instance } from "../../model/instance.ts";

/**
 * Translates `GET /cluster/ha/status/current`: one row for the quorum, one for the manager in charge, one for each node's resource
 * manager, one for each guest that is managed. null: nothing is managed there.
 */
export function toHaStatus(data: unknown): Instance["ha"] {
  const rows = toRows(data) ?? [];
  const managed = rows.filter(row => row.type === "service").length;
  const master = rows.find(row => row.type === "master");
  if (managed === 0 && !master) return null;
  const quorum = rows.find(row => row.type === "quorum");
  return {
    quorate: toToldFlag(quorum?.quorate),
    master: toText(master?.node),
    managed,
    nodes: rows.flatMap(row => {
      const node = toText(row.node);
      return row.type === "lrm" && node !== null ? [{ node, state: stateIn(toText(row.status) ?? "") }] : [];
    }),
  };
}

/** "pve1 (active, Mon Nov 23 12:00:00 2026)" is "active"; "pve2 (old timestamp - dead?, …)" keeps its question mark. */
function stateIn(status: string): string {
  return /\(([^,)]+)/.exec(status)?.[1]?.trim() ?? (status || "unknown");
}
