import { ArchiveInput, ArchiveStatus } from "../model/archive.ts";
import type { Route } from "./route.ts";

const PATH = "/api/config/archive";

/** Where samples are kept for years. */
export const ARCHIVE_ROUTES = {
  archive: {
    method: "GET",
    path: PATH,
    access: "admin",
    summary: "The store that samples are sent to for years, and how far it is",
    answer: ArchiveStatus,
  },
  changeArchive: {
    method: "PUT",
    path: PATH,
    access: "admin",
    shared: "change",
    summary: "Another store, or none",
    body: ArchiveInput,
    answer: ArchiveStatus,
    faults: { 403: "The environment or pulse.yaml sets it; the error says which." },
  },
} as const satisfies Record<string, Route>;
