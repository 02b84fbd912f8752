import { Type } from "typebox";
import { OwnBackup } from "../model/own-backup.ts";
import { InstantField, Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const UNKNOWN = { 404: "There is no such backup." } as const;

/** Backups of Pulse's own database. When they are made is among the system settings. */
export const BACKUP_ROUTES = {
  ownBackups: {
    method: "GET",
    path: "/api/system/backups",
    access: "admin",
    summary: "The backups of Pulse's own database, the newest first, and how the next will fare",
    answer: Type.Object({
      folder: Type.String({ description: "Where they lie on the server" }),
      backups: Type.Array(OwnBackup),
      running: Type.Boolean({ description: "One is being made." }),
      next: Nullable(InstantField("When the clock makes the next; null: never")),
      failure: Nullable(
        Type.Object({
          at: InstantField("When it was tried"),
          message: Type.String({ description: "Why, as the end of a sentence" }),
        }),
      ),
      needed: Type.Number({ description: "How large the next will be, bytes" }),
      free: Nullable(Type.Number({ description: "How much room there is, bytes; null: not known" })),
      keyFile: Nullable(
        Type.String({ description: "The key of kept secrets, which is in no backup; null: the environment gives it" }),
      ),
    }),
  },
  makeOwnBackup: {
    method: "POST",
    path: "/api/system/backups",
    shared: "own",
    access: "admin",
    summary: "Back up the database now; answers when it is written and found sound. It stays until somebody removes it",
    answer: OwnBackup,
    faults: { 503: "One is being made already, or it cannot be; the error says why." },
  },
  downloadOwnBackup: {
    method: "GET",
    path: "/api/system/backups/:name",
    access: "admin",
    audited: true,
    summary: "The file of a backup: an SQLite database",
    answer: Type.Unknown(),
    faults: UNKNOWN,
  },
  removeOwnBackup: {
    method: "DELETE",
    path: "/api/system/backups/:name",
    shared: "own",
    access: "admin",
    summary: "Remove a backup",
    answer: Type.Object({ success: Type.Literal(true) }),
    faults: UNKNOWN,
  },
} as const satisfies Record<string, Route>;
