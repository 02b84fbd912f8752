import { Type } from "typebox";
import { Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const ServerType = Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")], {
  description: "pve, pbs or pmg",
});

const SITE = "Of several Pulses: whose edges are to watch it; may be left out where there is one site.";

/** How a Proxmox server registers itself. */
export const REGISTRATION_ROUTES = {
  setupScriptUrl: {
    method: "POST",
    path: "/api/setup-script-url",
    shared: "agreed",
    access: "admin",
    summary: "A one-time code, and the command to be typed on the server",
    body: Type.Object({
      type: ServerType,
      host: Type.String({ minLength: 1, maxLength: 1024, description: "The address Pulse will watch it at." }),
      site: Type.Optional(Type.String({ maxLength: 63, description: SITE })),
      backupPerms: Type.Optional(
        Type.Boolean({ description: "Proxmox VE: may also list the backups on its storages." }),
      ),
    }),
    answer: Type.Object({
      url: Type.String({ description: "Of the script; without the code." }),
      command: Type.String(),
      setupCode: Type.String({ description: "Six letters and digits; good once." }),
      expires: Type.Integer({ description: "Unix time, seconds" }),
    }),
  },
  setupScript: {
    method: "GET",
    path: "/api/setup-script",
    access: "public",
    summary: "The script for the server; it asks for the code",
    query: Type.Object({
      type: ServerType,
      host: Type.String({ minLength: 1, maxLength: 1024 }),
      pulse_url: Type.Optional(Type.String({ maxLength: 1024, description: "Where the server reaches Pulse." })),
      backup_perms: Type.Optional(Type.String({ description: "true" })),
    }),
    answer: Type.Unknown({ description: "text/plain: a script for bash" }),
  },
  autoRegister: {
    method: "POST",
    path: "/api/auto-register",
    shared: "agreed",
    access: "public",
    summary: "Registers a server, by a setup code or by an administrator's API token",
    body: Type.Object(
      {
        type: ServerType,
        host: Type.String({ minLength: 1, maxLength: 1024 }),
        serverName: Type.Optional(Type.String({ maxLength: 100 })),
        tokenId: Type.String({
          minLength: 1,
          maxLength: 256,
          description: "`user@realm!name`; Mail Gateway: the user",
        }),
        tokenValue: Type.String({ minLength: 1, maxLength: 1024, description: "Mail Gateway: the password" }),
        fingerprint: Type.Optional(
          Nullable(
            Type.String({
              maxLength: 128,
              description: "Of its certificate; without it, the one it shows now is pinned.",
            }),
          ),
        ),
        setupCode: Type.Optional(Type.String({ maxLength: 64 })),
        site: Type.Optional(Type.String({ maxLength: 63, description: `${SITE} A code says it by itself.` })),
        authToken: Type.Optional(
          Type.String({ maxLength: 64, description: "As `setupCode`; older scripts call it so." }),
        ),
      },
      { additionalProperties: true },
    ),
    answer: Type.Object({
      status: Type.Literal("success"),
      message: Type.String(),
      nodeId: Type.String({ description: "Id of the instance." }),
    }),
    faults: { 403: "It is locked, or this Pulse shows a simulated estate.", 409: "Its cluster is watched already." },
  },
} as const satisfies Record<string, Route>;
