import { type Static, Type } from "typebox";

/**
 * Why a look at an upstream failed. `unreachable`, `timeout` and `reset` are evidence about the transport; the others come from a
 * server that is alive, so they never make a node or an instance "offline".
 */
export const FaultKind = Type.Union([
  Type.Literal("unreachable", { description: "No connection: refused, no route, name not found." }),
  Type.Literal("timeout", { description: "Connected or not, no complete answer before the deadline." }),
  Type.Literal("reset", { description: "The connection broke in the middle of an answer." }),
  Type.Literal("tls", { description: "The certificate is not trusted by the configured CA check." }),
  Type.Literal("fingerprint", { description: "The certificate is not the one that was pinned." }),
  Type.Literal("auth", { description: "Token, user or password refused (401)." }),
  Type.Literal("forbidden", { description: "Signed in, but without the privilege for this call (403)." }),
  Type.Literal("node-down", { description: "The endpoint could not reach the node it should ask (595, 596)." }),
  Type.Literal("not-found", { description: "The path or object is unknown to this server version (404, 501)." }),
  Type.Literal("rejected", { description: "The server refused or failed the call (other 4xx and 5xx)." }),
  Type.Literal("garbled", {
    description: "An answer that is not what the API gives: cut JSON, HTML of a proxy, wrong fields.",
  }),
  Type.Literal("too-large", { description: "An answer above the size limit." }),
  Type.Literal("empty", { description: "A list that must have members came back empty; the last good one is kept." }),
  Type.Literal("absent", { description: "A complete answer no longer lists this entity; it goes if that stays so." }),
]);
export type FaultKind = Static<typeof FaultKind>;

export const Fault = Type.Object(
  {
    kind: FaultKind,
    message: Type.String({
      description: "One sentence: what was attempted, values in quotes. Never contains a secret.",
    }),
  },
  { $id: "Fault", description: "An expected failure, as a value." },
);
export type Fault = Static<typeof Fault>;

const TRANSPORT: ReadonlySet<FaultKind> = new Set<FaultKind>(["unreachable", "timeout", "reset"]);

/** True when the fault says something about the line or the machine, not about one call of a living API. */
export function isTransportFault(kind: FaultKind): boolean {
  return TRANSPORT.has(kind);
}
