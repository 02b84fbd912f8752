import { type Static, Type } from "typebox";
import { Nullable } from "./schema.ts";

const url = (description: string) =>
  Type.Optional(
    Nullable(
      Type.String({
        maxLength: 2048,
        pattern: "^(https?://[^\\s/?#]+[^\\s]*)?$",
        description: `${description}; http or https`,
        must: "must be an address with http:// or https:// of at most 2,048 characters, or empty",
      }),
    ),
  );
const text = (description: string, maxLength: number) =>
  Type.Optional(Nullable(Type.String({ maxLength, description })));

/** What people note of a guest, as they send it: what is left out stays, null or an empty text takes it away. */
export const GuestMetadataInput = Type.Object(
  {
    consoleUrl: url("Where its console is"),
    notes: text("Free text", 10_000),
    customUrl: url("Where its own page is"),
    description: text("Free text", 10_000),
    tags: Type.Optional(Nullable(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 100 }))),
  },
  { $id: "GuestMetadataInput" },
);
export type GuestMetadataInput = Static<typeof GuestMetadataInput>;

export const GuestMetadata = Type.Object(
  {
    id: Type.String({ description: "Of the guest, as in /api/state." }),
    consoleUrl: Nullable(Type.String()),
    notes: Nullable(Type.String()),
    customUrl: Nullable(Type.String()),
    description: Nullable(Type.String()),
    tags: Nullable(Type.Array(Type.String())),
  },
  { $id: "GuestMetadata", description: "What people note of a guest." },
);
export type GuestMetadata = Static<typeof GuestMetadata>;
