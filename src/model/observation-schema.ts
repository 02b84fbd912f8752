import { type TSchema, Type } from "typebox";
import { BackupJob, BackupTask, GuestSnapshot, StorageBackup } from "./backup.ts";
import { BackupServer } from "./backup-server.ts";
import { CephCluster } from "./ceph.ts";
import { Fault } from "./fault.ts";
import { Guest } from "./guest.ts";
import { Endpoint, Instance } from "./instance.ts";
import { MailGateway } from "./mail-gateway.ts";
import { Node } from "./node.ts";
import type { Listed, Observation } from "./observation.ts";
import { PbsBackup } from "./pbs-backup.ts";
import { PhysicalDisk } from "./physical-disk.ts";
import { ReplicationJob } from "./replication.ts";
import { Nullable } from "./schema.ts";
import { Storage } from "./storage.ts";

interface Entity extends TSchema {
  properties: Readonly<Record<string, TSchema>>;
}

const LISTS: { readonly [C in Listed]: Entity } = {
  physicalDisks: PhysicalDisk,
  cephClusters: CephCluster,
  backupTasks: BackupTask,
  storageBackups: StorageBackup,
  guestSnapshots: GuestSnapshot,
  backupJobs: BackupJob,
  replicationJobs: ReplicationJob,
  pbs: BackupServer,
  pmg: MailGateway,
  pbsBackups: PbsBackup,
};
/** What the inventory says of an entity, and no source: see `Facts` and `Whole`. */
const OF_INVENTORY = ["lastSeen", "stale", "fault", "connectionHealth", "guestId"];

const look = { instance: Type.String(), at: Type.Number(), took: Type.Number(), interval: Type.Number() };
const endpoints = Type.Array(Endpoint);
const lists = Type.Object(
  Object.fromEntries(Object.entries(LISTS).map(([name, entity]) => [name, Type.Optional(facts(entity))])),
);
const part = Type.Object({ ...look, part: Type.String(), lists });
const samples = Type.Object({ starts: Type.Array(Type.Number()), means: Type.Array(Type.Number()) });

/** What was seen, by scope: what `Observation` says, of which TypeScript knows before, and what comes over a line must show. */
const SEEN: { readonly [S in Observation["scope"]]: TSchema } = {
  resources: Type.Object({
    ...look,
    nodes: facts(Node),
    guests: facts(Guest),
    storages: facts(Storage),
    endpoints,
    lists: Type.Optional(lists),
  }),
  cluster: Type.Object({
    ...look,
    clusterName: Nullable(Type.String()),
    quorate: Nullable(Type.Boolean()),
    ha: Instance.properties.ha,
    version: Nullable(Type.String()),
    endpoints,
  }),
  nodes: Type.Object({ ...look, nodes: facts(Node) }),
  past: Type.Object({
    ...look,
    resource: Type.String(),
    of: Type.Union([Type.Literal("node"), Type.Literal("guest"), Type.Literal("storage")]),
    frames: Type.Array(Type.Object({ step: Type.Number(), metrics: Type.Record(Type.String(), samples) })),
    whole: Type.Boolean(),
  }),
  ...{ disks: part, ceph: part, tasks: part, archives: part, snapshots: part, "backup-jobs": part },
  ...{ replication: part, namespace: part },
};
const MISSED = Type.Object({ ...look, fault: Fault, endpoints });
const PART_MISSED = Type.Object({ ...look, part: Type.String(), fault: Fault });
const OF_INSTANCE = ["resources", "cluster", "nodes"];

const shapes = new Map<TSchema, TSchema>();

/** What an observation of that kind and scope must look like; null: there is none. */
export function shapeOf(kind: unknown, scope: unknown): TSchema | null {
  const schema = typeof scope === "string" && Object.hasOwn(SEEN, scope) ? SEEN[scope as Observation["scope"]] : null;
  if (!schema || (kind !== "seen" && (kind !== "missed" || scope === "past"))) return null;
  const meant = kind === "seen" ? schema : OF_INSTANCE.includes(scope as string) ? MISSED : PART_MISSED;
  const shape = shapes.get(meant) ?? (bare(meant) as TSchema);
  shapes.set(meant, shape);
  return shape;
}

function seenOf({ properties }: Entity): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !OF_INVENTORY.includes(name)));
}

function facts(entity: Entity): TSchema {
  const partial = Object.entries(seenOf(entity)).map(([name, field]) => [name, Type.Optional(field)]);
  return Type.Array(
    Type.Object({
      ...Object.fromEntries(partial),
      id: Type.String(),
      withheld: Type.Optional(Nullable(Type.String())),
    }),
  );
}

/** What a schema asks for beyond what types do: a source that is off by that is shown by a single Pulse, too. */
const BEYOND = ["minimum", "maximum", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems", "$id"];

/** The shape alone. */
function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bare);
  if (typeof schema !== "object" || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key]) => !BEYOND.includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, value === "integer" ? "number" : bare(value)]));
}
