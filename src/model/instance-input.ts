import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

const text = (description: string, maxLength = 1024) => Type.Optional(Type.String({ maxLength, description }));

/** An instance as the operator enters it. What is left out keeps its value; on a new instance it gets its default. */
export const InstanceInput = Type.Object(
  {
    type: Type.Optional(
      Type.Union([Type.Literal("pve"), Type.Literal("pbs"), Type.Literal("pmg")], { description: "pve, pbs or pmg" }),
    ),
    name: text("What it is called; the id is made of it once, and stays.", 100),
    host: text("Any one member; `https://` and the product's port are added when missing."),
    user: text("`user@realm`; without a realm, that of the product's own administrator (pam, pbs, pmg).", 256),
    password: text("Empty: the one that is kept."),
    tokenName: text("`user@realm!name`, or `name` of a token of `user`.", 256),
    tokenValue: text("The token's secret. Empty: the one that is kept."),
    verifySSL: Type.Optional(Type.Boolean({ description: "false: any certificate will do, unless one is pinned." })),
    fingerprint: Type.Optional(
      Nullable(
        Type.String({ maxLength: 128, description: "SHA-256 of the certificate to be pinned; empty, null: none" }),
      ),
    ),
    ca: Type.Optional(
      Nullable(
        Type.String({
          maxLength: 65_536,
          description: "Certificates (PEM) of authorities to be trusted besides the system's; empty, null: none",
        }),
      ),
    ),
    interval: Type.Optional(
      Nullable(
        Type.Number({
          minimum: 5,
          maximum: 600,
          description: "Seconds between two looks; null: as the system settings say",
        }),
      ),
    ),
    site: text("Of several Pulses: whose edges are to watch it; may be left out where there is one site.", 63),
  },
  { $id: "InstanceInput", additionalProperties: true },
);
export type InstanceInput = Static<typeof InstanceInput>;

/** What is to be tried out, before it is kept. */
export const InstanceTrial = Type.Object(
  { ...InstanceInput.properties, id: text("What is left out, or empty, is taken from this instance.", 63) },
  { $id: "InstanceTrial", additionalProperties: true },
);
