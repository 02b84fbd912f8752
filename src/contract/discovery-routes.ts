import { Type } from "typebox";
import { Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const Discovered = Type.Object({
  servers: Type.Array(
    Type.Object({
      host: Type.String({ description: "IPv4 address" }),
      port: Type.Integer(),
      type: Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")]),
      name: Type.String({ description: "What it calls itself." }),
      ip: Type.String({ description: "As `host`; for older clients" }),
      hostname: Type.String({ description: "As `name`; for older clients" }),
      instance: Nullable(Type.String({ description: "Id of the instance by which it is watched; null: it is not." })),
    }),
  ),
  errors: Type.Array(Type.String()),
  scanning: Type.Boolean({ description: "A scan is under way; these are the results of the one before." }),
  cached: Type.Boolean(),
  updated: Type.Integer({ description: "When the last scan ended, Unix time in seconds; 0: none has." }),
});

/** Looking for servers in the network. */
export const DISCOVERY_ROUTES = {
  discovered: {
    method: "GET",
    path: "/api/discover",
    access: "read",
    summary:
      "The servers that were found; an administrator's question begins a scan when that is over five minutes ago",
    answer: Discovered,
  },
  discover: {
    method: "POST",
    path: "/api/discover",
    shared: "own",
    access: "admin",
    summary: "Scan a private network in the background",
    body: Type.Object({
      subnet: Type.Optional(
        Type.String({
          maxLength: 64,
          description: 'Such as "192.168.1.0/24", at most /22; "auto": those of this machine',
        }),
      ),
    }),
    answer: Discovered,
  },
} as const satisfies Record<string, Route>;
