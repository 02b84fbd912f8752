import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";
import { unread } from "./unread.ts";

const time = (description: string) => Nullable(Type.String({ description: `${description} (RFC 3339)` }));
const bytes = (description: string) => Nullable(Type.Number({ description: `bytes; ${description}` }));

export const BackupNamespace = Type.Object({
  path: Type.String({ description: "Empty: the root." }),
  parent: Nullable(Type.String({ description: "null: the root has none" })),
  depth: Type.Integer({ description: "0: the root" }),
});
export type BackupNamespace = Static<typeof BackupNamespace>;

export const Datastore = Type.Object({
  id: Type.String(),
  name: Type.String(),
  total: bytes("null: it could not be looked at"),
  used: bytes("as total"),
  free: bytes("what may still be written"),
  usage: Nullable(Type.Number({ description: "percent, 0 to 100" })),
  status: Type.Union([
    Type.Literal("available"),
    Type.Literal("maintenance", { description: "Taken out of service by its operator; see `error`." }),
    Type.Literal("error", { description: "It cannot be used; see `error`." }),
  ]),
  error: Nullable(Type.String({ description: "Why it is not available, or what could not be read of it." })),
  namespaces: Type.Array(BackupNamespace),
  deduplicationFactor: Nullable(
    Type.Number({
      description: "Bytes that the backups hold together for each byte on disk, as of the last garbage collection.",
    }),
  ),
  estimatedFullAt: time("When it will be full at the present pace, as the server estimates; null: it does not fill"),
  daysUntilFull: Nullable(Type.Number({ description: "The same from when it was seen, in days." })),
});
export type Datastore = Static<typeof Datastore>;

export const BackupServerJob = Type.Object({
  id: Type.String(),
  store: Type.String({ description: "The datastore." }),
  namespace: Nullable(Type.String()),
  schedule: Nullable(Type.String({ description: "A calendar event such as `daily`; null: started by hand" })),
  enabled: Type.Boolean(),
  status: Type.String({ description: "OK, running, WARNINGS: n, what went wrong, or unknown: it has not run yet." }),
  error: Nullable(Type.String({ description: "null: it went well, it runs, or it has not run" })),
  lastRun: time("When the last run ended, or one that runs began"),
  nextRun: time("When it is due"),
  remote: Type.Optional(Nullable(Type.String({ description: "Of a sync job: the other server." }))),
  removedBytes: Type.Optional(bytes("of garbage collections")),
  comment: Nullable(Type.String()),
});
export type BackupServerJob = Static<typeof BackupServerJob>;

export const BackupServerTask = Type.Object({
  upid: Type.String(),
  type: Type.String({ description: "backup, syncjob, verificationjob, prunejob, garbage_collection…" }),
  id: Type.String({ description: "What it is about: a datastore, `store:vm/100`; empty: nothing in particular." }),
  user: Type.String(),
  startTime: Type.String({ description: "(RFC 3339)" }),
  endTime: time("null: it runs"),
  status: Type.String({ description: "OK, running, or what went wrong." }),
});
export type BackupServerTask = Static<typeof BackupServerTask>;

const jobs = (description: string) => Type.Array(BackupServerJob, { description });

export const BackupServer = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    instance: Type.String(),
    host: Type.String({ description: "The configured URL." }),
    status: Type.Union([Type.Literal("online"), Type.Literal("offline"), Type.Literal("unknown")]),
    version: Nullable(Type.String()),
    cpu: Nullable(Type.Number({ description: "percent, 0 to 100" })),
    memory: Nullable(Type.Number({ description: "percent, 0 to 100" })),
    memoryUsed: bytes("null: not known"),
    memoryTotal: bytes("null: not known"),
    uptime: Nullable(Type.Number({ description: "seconds" })),
    datastores: Type.Array(Datastore),
    backupJobs: jobs("The last backup of each guest and host, by the server's list of tasks."),
    syncJobs: jobs("Copies from and to other servers."),
    verifyJobs: jobs("Checks of what is stored."),
    pruneJobs: jobs("Removals of old snapshots."),
    garbageJobs: jobs("Collections of garbage, one a datastore."),
    tasks: Type.Array(BackupServerTask, { description: "The newest tasks." }),
    unread,
    connectionHealth: Type.Union([Type.Literal("healthy"), Type.Literal("degraded"), Type.Literal("error")]),
    faults: Type.Record(Type.String(), Type.String(), {
      description: "What could not be read, and why: by part (node, jobs, tasks…). The rest is as it should be.",
    }),
    lastSeen: Type.String({ description: "When the data was last seen to be so (RFC 3339); empty: never" }),
    stale: Type.Boolean(),
    fault: Nullable(Type.String({ description: "Why the data is stale; null while it is fresh" })),
  },
  { $id: "BackupServer", description: "A Proxmox Backup Server." },
);
export type BackupServer = Static<typeof BackupServer>;
