import { nodeId } from "../model/ids.ts";
import { notKnown } from "../model/not-known.ts";
import { allOf, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import { type Kind, warning } from "./signal.ts";

export const STORAGES: Kind<Storage> = {
  list: picture => allOf(picture, "storage"),
  id: ({ id }) => id,
  tags: () => null,
  isStale: ({ stale }) => stale,
  about: ({ id, storage, node, shared, instance }) => ({
    id,
    name: shared ? storage : `${storage} of ${node}`,
    type: "storage",
    node: shared ? "" : node,
    instance,
  }),
  signals: [
    {
      kind: "figure",
      type: "usage",
      label: "Usage",
      unit: "percent",
      read: ({ usage, active }) => (active ? usage : null),
    },
    {
      kind: "check",
      type: "storage-inactive",
      label: "Active",
      read: (storage, { picture }) => {
        if (!storage.enabled || storage.active) return false;
        return isAnyNodeUp(storage, picture) ? warning("is not active: no node has it mounted") : null;
      },
    },
    {
      kind: "check",
      type: "backups-unread",
      label: "Backups",
      read: (storage, { picture }) => {
        const unknown = notKnown(storage, "archives");
        if (unknown === null) return false;
        // That its nodes are off is told of them.
        if (unknown.reason === null || !isAnyNodeUp(storage, picture)) return null;
        return warning(`does not tell which backups it holds: ${unknown.reason}`);
      },
    },
  ],
};

function isAnyNodeUp({ instance, nodes }: Storage, { nodes: known }: Picture): boolean {
  return nodes.some(node => known[nodeId(instance, node)]?.status === "online");
}
