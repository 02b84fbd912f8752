import { Type } from "typebox";
import { MIB } from "../kit/units.ts";
import type { Route } from "./route.ts";

const Passphrase = Type.String({ minLength: 12, maxLength: 1024, must: "must be 12 characters or more" });
const Exported = Type.Object({
  status: Type.Literal("success"),
  data: Type.String({
    description: "base64 of salt (32), nonce (12), AES-256-GCM; the key by PBKDF2-SHA256 of 100,000 rounds",
  }),
});
const guarded = { access: "admin", limit: "transfer", tokenInQuery: true, openBeforeSetup: true } as const;

/** The configuration as a whole, sealed. */
export const TRANSFER_ROUTES = {
  exportConfig: {
    ...guarded,
    method: "POST",
    path: "/api/config/export",
    shared: "own",
    summary:
      "Everything that is configured, with its secrets, sealed with a passphrase; never who gets in. As long as sign-in is not set up, the private network may, too",
    body: Type.Object({ passphrase: Passphrase }),
    answer: Exported,
  },
  exportByAddress: {
    // Not open to the private network: a page of a stranger may ask for an address.
    ...{ access: "admin", limit: "transfer", tokenInQuery: true },
    method: "GET",
    path: "/api/export",
    audited: true,
    summary: "The same for who can send no body; the passphrase is a header, as addresses end up in logs",
    query: Type.Object({ token: Type.Optional(Type.String({ maxLength: 1024, description: "An API token" })) }),
    answer: Exported,
  },
  importConfig: {
    ...guarded,
    method: "POST",
    path: "/api/config/import",
    shared: "agreed",
    summary: "Takes an export over, all of it or nothing; what it does not name stays",
    largestBody: 16 * MIB,
    query: Type.Object({ dryRun: Type.Optional(Type.String({ description: "true: only tells what would change" })) }),
    body: Type.Object({
      data: Type.Unknown({ description: "What the export gave: its base64, or the whole answer" }),
      passphrase: Passphrase,
    }),
    answer: Type.Object({
      status: Type.Literal("success"),
      message: Type.String(),
      dryRun: Type.Boolean(),
      changes: Type.Array(Type.String(), { description: "What is otherwise than before, a sentence each" }),
      parts: Type.Array(
        Type.Object({
          part: Type.String({ description: "Of the document: nodes, alerts, email…" }),
          added: Type.Integer(),
          changed: Type.Integer(),
          unchanged: Type.Integer(),
        }),
        { description: "How much of each part is new, otherwise, and as it was" },
      ),
      notes: Type.Array(Type.String(), { description: "What is not carried over, and why" }),
    }),
  },
} as const satisfies Record<string, Route>;
