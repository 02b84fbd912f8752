import { Type } from "typebox";
import { BackupTask, GuestSnapshot, StorageBackup } from "../model/backup.ts";
import { BackupServer } from "../model/backup-server.ts";
import { Instance } from "../model/instance.ts";
import { PbsBackup } from "../model/pbs-backup.ts";
import { InstantField } from "../model/schema.ts";
import { SourceReport } from "../model/source-report.ts";
import { State } from "../model/state.ts";
import { Storage } from "../model/storage.ts";
import type { Route } from "./route.ts";

const Storages = Type.Object({
  data: Type.Array(Storage),
  timestamp: Type.Integer({ description: "Unix time, seconds" }),
});
const Backups = Type.Object({
  backupTasks: Type.Array(BackupTask),
  storageBackups: Type.Array(StorageBackup),
  guestSnapshots: Type.Array(GuestSnapshot),
  pbsBackups: Type.Array(PbsBackup),
});

/** Parts of the picture, and how it comes about. */
export const PICTURE_ROUTES = {
  wall: {
    method: "GET",
    path: "/api/wall",
    access: "wall",
    summary: "The state as far as a screen on the wall shows it; all else is empty or null",
    answer: State,
  },
  storages: {
    method: "GET",
    path: "/api/storage",
    access: "read",
    summary: "The storages of all nodes",
    answer: Storages,
  },
  storageOf: {
    method: "GET",
    path: "/api/storage/:id",
    access: "read",
    summary: "One storage by its id, or those of a node by the node's id or name",
    answer: Type.Object({
      data: Type.Union([Storage, Type.Array(Storage)]),
      timestamp: Type.Integer({ description: "Unix time, seconds" }),
    }),
    faults: { 404: "There is no such storage or node." },
  },
  backups: {
    method: "GET",
    path: "/api/backups",
    access: "read",
    summary: "All backups, backup runs and snapshots",
    answer: Backups,
  },
  backupsUnified: {
    method: "GET",
    path: "/api/backups/unified",
    access: "read",
    summary: "As /api/backups",
    answer: Backups,
  },
  backupsPve: {
    method: "GET",
    path: "/api/backups/pve",
    access: "read",
    summary: "Backups on storages of Proxmox VE",
    answer: Type.Object({ backups: Type.Array(StorageBackup) }),
  },
  backupsPbs: {
    method: "GET",
    path: "/api/backups/pbs",
    access: "read",
    summary: "The Backup Servers and the backups on them",
    answer: Type.Object({ instances: Type.Array(BackupServer), backups: Type.Array(PbsBackup) }),
  },
  snapshots: {
    method: "GET",
    path: "/api/snapshots",
    access: "read",
    summary: "Snapshots of guests",
    answer: Type.Object({ snapshots: Type.Array(GuestSnapshot) }),
  },
  diagnostics: {
    method: "GET",
    path: "/api/diagnostics",
    access: "admin",
    summary: "What is looked at, how long it takes and what fails; facts about the process. No secrets",
    answer: Type.Object({
      version: Type.String(),
      runtime: Type.String(),
      uptime: Type.Number({ description: "seconds" }),
      nodes: Type.Array(Instance, { description: "The instances of Proxmox VE and Mail Gateway." }),
      pbs: Type.Array(Instance, { description: "The instances of Backup Server." }),
      sources: Type.Array(SourceReport),
      streamClients: Type.Integer(),
      system: Type.Object({
        os: Type.String(),
        arch: Type.String(),
        numCPU: Type.Integer(),
        memoryMB: Type.Number({ description: "Resident memory of the process, MiB" }),
        cpuSeconds: Type.Number({ description: "Used since the start, user and system" }),
      }),
      errors: Type.Array(
        Type.Object({ time: InstantField("When it was logged"), level: Type.String(), message: Type.String() }),
        { description: "The newest warnings and errors of the log." },
      ),
    }),
  },
} as const satisfies Record<string, Route>;
