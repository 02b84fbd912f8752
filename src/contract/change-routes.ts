import { Type } from "typebox";
import { EstateChange } from "../model/estate-change.ts";
import { InstantField, Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

/** What became different in the estate. */
export const CHANGE_ROUTES = {
  changes: {
    method: "GET",
    path: "/api/changes",
    access: "read",
    summary: "What changed in what Pulse watches: made, removed, migrated, started, stopped, resized, updated",
    query: Type.Object({
      since: Type.Optional(
        Type.String({ description: "From then: ms since the Unix epoch, or RFC 3339; a day ago when absent" }),
      ),
      limit: Type.Optional(Type.String({ default: "100", description: "The newest so many, from 1 to 1000" })),
      resource: Type.Optional(Type.String({ description: "Only of this one, by its id in /api/state" })),
    }),
    answer: Type.Object({
      since: InstantField("From when"),
      changes: Type.Array(EstateChange, { description: "The newest first; they are kept for 30 days." }),
      total: Type.Integer({ description: "How many there are, whatever the limit." }),
      watchedSince: Nullable(
        InstantField("When Pulse first looked: of what was before nothing is known; null: not known, or not yet"),
      ),
      alerts: Type.Object(
        { fired: Type.Integer(), resolved: Type.Integer() },
        { description: "How many alerts began and were over since then." },
      ),
      actions: Nullable(
        Type.Integer({
          description: "For administrators: what people did since then by the audit log, signing in and out aside.",
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>;
