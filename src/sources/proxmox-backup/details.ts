import { type Row, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import { DAY, type Instant, SECOND } from "../../kit/units.ts";
import type { BackupNamespace, BackupServer } from "../../model/backup-server.ts";
import type { FaultNotes } from "../proxmox/fault-notes.ts";
import { LookFailed } from "../source.ts";
import { NO_STORES, toFactor, toMaintenance, toNamespaces } from "./datastores.ts";
import { newestOf, toBackupJobs, toJobs, toTasks } from "./jobs.ts";

/** What changes slowly: read every minute. */
export interface ServerDetails {
  version: string | null;
  /** By datastore, those in maintenance. */
  maintenance: ReadonlyMap<string, string>;
  /** By datastore. */
  namespaces: ReadonlyMap<string, readonly BackupNamespace[]>;
  /** By datastore: how many bytes of backups there are for each on disk. */
  factors: ReadonlyMap<string, number | null>;
  jobs: Pick<BackupServer, "backupJobs" | "syncJobs" | "verifyJobs" | "pruneJobs" | "garbageJobs" | "tasks">;
}

export const NO_DETAILS: ServerDetails = {
  version: null,
  maintenance: new Map(),
  namespaces: new Map(),
  factors: new Map(),
  jobs: { backupJobs: [], syncJobs: [], verifyJobs: [], pruneJobs: [], garbageJobs: [], tasks: [] },
};

/** The newest tasks: enough to hold a night's backups. */
const TASKS = 200;

type Read = (path: string) => Promise<unknown>;

/**
 * The details anew; what cannot be read now stays as in `last` and is noted. Rejects with LookFailed when the whole server is at fault.
 */
export async function readDetails(
  last: ServerDetails,
  read: Read,
  notes: FaultNotes,
  at: Instant,
): Promise<ServerDetails> {
  const version = await notes.reading("version", async () => toVersion(await read("/version")));
  const stores = await notes.reading("list of datastores", async () => toStores(await read("/admin/datastore")));
  const maintenance = stores === null ? last.maintenance : toMaintenance(stores);
  const names = stores === null ? [...last.namespaces.keys()] : toNames(stores);
  notes.keep(part => !part.startsWith(NAMESPACES) || names.includes(part.slice(NAMESPACES.length)));
  const namespaces = new Map<string, readonly BackupNamespace[]>();
  for (const store of names) namespaces.set(store, await readNamespaces(store, last, read, notes));
  const { jobs, factors } = await readJobs(last, read, notes, names, at);
  return { version: version ?? last.version, maintenance, namespaces, jobs, factors };
}

const NAMESPACES = "namespaces of ";

/** A datastore out of service keeps the namespaces it had, and whose snapshots are then told to be stale. */
async function readNamespaces(store: string, last: ServerDetails, read: Read, notes: FaultNotes) {
  const path = `/admin/datastore/${encodeURIComponent(store)}/namespace`;
  const found = await notes.reading(`${NAMESPACES}${store}`, async () => toNamespaces(await read(path)));
  return found ?? last.namespaces.get(store) ?? [];
}

async function readJobs(last: ServerDetails, read: Read, notes: FaultNotes, stores: readonly string[], at: Instant) {
  const list = (kind: string) => notes.reading(`${kind} jobs`, async () => toJobs(await read(`/admin/${kind}`)));
  const garbage = await readGarbage(read, notes, stores);
  const since = Math.floor((at - 2 * DAY) / SECOND);
  const tasks = await notes.reading("tasks", async () =>
    toTasks(await read(`/nodes/localhost/tasks?limit=${TASKS}&since=${since}`)),
  );
  const jobs: ServerDetails["jobs"] = {
    syncJobs: (await list("sync")) ?? last.jobs.syncJobs,
    verifyJobs: (await list("verify")) ?? last.jobs.verifyJobs,
    pruneJobs: (await list("prune")) ?? last.jobs.pruneJobs,
    garbageJobs: garbage?.jobs ?? last.jobs.garbageJobs,
    backupJobs: tasks === null ? last.jobs.backupJobs : toBackupJobs(tasks),
    tasks: tasks === null ? last.jobs.tasks : newestOf(tasks),
  };
  return { jobs, factors: garbage?.factors ?? last.factors };
}

/** `GET /admin/gc` came with 3.2; before, each datastore is asked, and one that fails is left out. */
function readGarbage(read: Read, notes: FaultNotes, stores: readonly string[]) {
  return notes.reading("garbage collection", async () => {
    const rows = (await readAllGarbage(read)) ?? (await readEachGarbage(read, notes, stores));
    const factors = new Map(rows.map(row => [String(toRow(row)?.store), toFactor(row)]));
    return { jobs: toJobs(rows), factors };
  });
}

async function readAllGarbage(read: Read): Promise<unknown[] | null> {
  try {
    const rows = await read("/admin/gc");
    if (!Array.isArray(rows)) throw new LookFailed("garbled", "The garbage collections were answered without a list");
    return rows;
  } catch (error) {
    if (error instanceof LookFailed && error.fault.kind === "not-found") return null;
    throw error;
  }
}

async function readEachGarbage(read: Read, notes: FaultNotes, stores: readonly string[]): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (const store of stores) {
    const path = `/admin/datastore/${encodeURIComponent(store)}/gc`;
    const row = await notes.reading(`garbage collection of ${store}`, async () => toRow(await read(path)));
    if (row !== null) rows.push({ ...row, store });
  }
  return rows;
}

function toStores(data: unknown): Row[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The datastores were answered without a list");
  if (rows.length === 0) throw new LookFailed("empty", NO_STORES);
  return rows;
}

function toNames(stores: readonly Row[]): string[] {
  return stores.flatMap(row => toText(row.store) ?? []);
}

/** Version and release together, as the product shows itself: "4.0.11". */
function toVersion(data: unknown): string | null {
  const row = toRow(data);
  const version = toText(row?.version) ?? (toNumber(row?.version) === null ? null : String(row?.version));
  const release = toText(row?.release);
  return version === null || release === null ? version : `${version}.${release}`;
}
