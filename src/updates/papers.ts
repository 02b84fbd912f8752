import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { Nullable } from "../model/schema.ts";
import { FAULT_KINDS } from "./update-fault.ts";

// What the server and the part of an update that runs as root write to each other.

const Version = Type.String({
  pattern: "^\\d{1,9}\\.\\d{1,9}\\.\\d{1,9}(-[0-9A-Za-z.-]{1,40})?$",
  maxLength: 64,
});
/** Of a file in the folder that it is looked for in. */
const FileName = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$" });
const Id = Type.String({ pattern: "^[0-9a-f-]{36}$" });

/** Where the server will answer once it has started again. */
export const Address = Type.Object({
  host: Type.String({ pattern: "^[0-9a-fA-F.:]{2,45}$" }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  tls: Type.Boolean(),
});
export type Address = Static<typeof Address>;

/** The server asks for a version. Whatever it says is checked again: whoever has taken over the server can write it, too. */
export const Request = Type.Object({
  id: Id,
  version: Version,
  archive: FileName,
  address: Address,
  /** The database as it was when the server wrote this. */
  backup: FileName,
});
export type Request = Static<typeof Request>;

/**
 * `preparing`: nothing is replaced yet. `switching`: the service is stopped, replaced and started. `going-back`: the same the other way
 * round. `done`: the new version is well.
 */
export const Journal = Type.Object({
  ...{ id: Id, from: Version, to: Version },
  ...{ address: Address, backup: FileName },
  state: Type.Enum(["preparing", "switching", "going-back", "done"]),
  message: Type.String({ description: "What is being done, as a sentence" }),
  reason: Nullable(Type.Object({ code: Type.Enum([...FAULT_KINDS]), message: Type.String() })),
});
export type Journal = Static<typeof Journal>;

/** What came of an update. `failed`: nothing was replaced, or the version before does not answer either; the message says it. */
export const Outcome = Type.Object({
  ...{ id: Id, from: Version, to: Version },
  status: Type.Enum(["completed", "failed", "rolled_back"]),
  code: Type.String(),
  message: Type.String(),
  at: Type.Number(),
});
export type Outcome = Static<typeof Outcome>;

/** A paper as its schema has it; null: it is not so. */
export function readPaper<S extends TSchema>(schema: S, text: string): Static<S> | null {
  try {
    const paper: unknown = JSON.parse(text);
    return Value.Check(schema, paper) ? (paper as Static<S>) : null;
  } catch {
    return null;
  }
}
