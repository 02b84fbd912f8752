import { type Static, Type } from "typebox";
import { Fault } from "./fault.ts";
import { Nullable } from "./schema.ts";

/** What one look at an upstream tells that is not watched yet. */
export const Probe = Type.Object({
  fault: Nullable(Type.Object(Fault.properties, { description: "Why it cannot be watched as it was entered" })),
  latency: Type.Number({ description: "ms" }),
  version: Nullable(Type.String()),
  cluster: Nullable(
    Type.Object(
      { name: Type.String(), nodes: Type.Array(Type.String()) },
      { description: "null: it stands alone, or is no Proxmox VE." },
    ),
  ),
  fingerprint: Nullable(
    Type.String({
      description: "SHA-256 of the certificate it shows, `AA:BB:…`, whether trusted or not; null: it shows none.",
    }),
  ),
});
export type Probe = Static<typeof Probe>;
