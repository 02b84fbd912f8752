import { type Static, Type } from "typebox";
import { InstantField, Nullable } from "./schema.ts";

const AuditOutcome = Type.Union([Type.Literal("ok"), Type.Literal("refused"), Type.Literal("failed")]);

/** Something that happened, to be kept. No secrets. */
export const AuditEvent = Type.Object({
  actor: Nullable(Type.String({ description: "Who did it, or tried; null: a stranger." })),
  address: Nullable(Type.String({ description: "Where from; null: from this machine's command line." })),
  action: Type.String({ description: "The operationId of the route, or what happened." }),
  target: Nullable(Type.String({ description: "To what it was done." })),
  outcome: AuditOutcome,
  detail: Nullable(Type.String()),
});
export type AuditEvent = Static<typeof AuditEvent>;

export const AuditEntry = Type.Object(
  {
    number: Type.Integer({ description: "Without gaps, from 1." }),
    at: InstantField("When"),
    ...AuditEvent.properties,
    hash: Type.String({ description: "SHA3-256 over this entry and the hash of the one before." }),
  },
  { $id: "AuditEntry" },
);
export type AuditEntry = Static<typeof AuditEntry>;

export interface AuditQuery {
  from?: number;
  to?: number;
  actor?: string;
  action?: string;
  outcome?: string;
  /** Only entries older than this number. */
  before?: number;
  limit: number;
}
