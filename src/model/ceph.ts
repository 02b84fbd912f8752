import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

export const CephPool = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  storedBytes: Nullable(Type.Number({ description: "bytes, as PVE counts them for this pool" })),
  availableBytes: Nullable(Type.Number({ description: "bytes" })),
  objects: Nullable(Type.Number()),
  percentUsed: Nullable(Type.Number({ description: "percent, 0 to 100" })),
});
export type CephPool = Static<typeof CephPool>;

export const CephService = Type.Object({
  type: Type.String({ description: "mon, mgr, mds, osd" }),
  running: Type.Integer(),
  total: Type.Integer(),
  message: Type.Optional(Type.String({ description: "What is offline, by name: `Offline: mgr.x@pve2`." })),
});
export type CephService = Static<typeof CephService>;

const count = (description: string) => Nullable(Type.Integer({ description }));

export const CephCluster = Type.Object(
  {
    id: Type.String(),
    instance: Type.String(),
    name: Type.String(),
    fsid: Nullable(Type.String()),
    health: Type.String({ description: "HEALTH_OK, HEALTH_WARN or HEALTH_ERR" }),
    healthMessage: Nullable(Type.String({ description: "The summaries of all checks that fail; null: none." })),
    totalBytes: Nullable(Type.Number()),
    usedBytes: Nullable(Type.Number()),
    availableBytes: Nullable(Type.Number()),
    usagePercent: Nullable(Type.Number({ description: "percent, 0 to 100" })),
    numMons: count("monitors known to the cluster"),
    numMgrs: count("managers, active and standby"),
    numOsds: count("OSDs"),
    numOsdsUp: count("OSDs that run"),
    numOsdsIn: count("OSDs that hold data"),
    numPGs: count("placement groups"),
    pools: Type.Array(CephPool),
    services: Type.Array(CephService),
    lastUpdated: Type.Number({ description: "When it was last looked at (s since the Unix epoch)." }),
    ...freshness,
  },
  { $id: "CephCluster", description: "The Ceph cluster that an instance runs." },
);
export type CephCluster = Static<typeof CephCluster>;
