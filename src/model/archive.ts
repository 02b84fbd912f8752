import { type Static, Type } from "typebox";
import type { Instant } from "../kit/units.ts";

/** Where samples are kept for years: any store that takes Prometheus's remote write and answers its query_range. */
export interface ArchiveSettings {
  /** Under which `api/v1/write` and `api/v1/query_range` lie. */
  url: string;
  /** Where samples go instead; null: below `url`. */
  writeUrl: string | null;
  /** null: `password` is a token, or there is none. */
  user: string | null;
  password: string | null;
}

const Address = (description: string) => Type.String({ maxLength: 500, description });

/** What is entered of them. */
export const ArchiveInput = Type.Object(
  {
    url: Address("Of the store, such as http://victoria:8428; empty: none"),
    writeUrl: Type.Optional(Address("Where samples go, where that is not api/v1/write below the other; empty: there")),
    user: Type.Optional(Type.String({ maxLength: 200, description: "Empty: the password is a bearer token" })),
    password: Type.Optional(
      Type.String({ maxLength: 2000, description: "Left out: as before, for the same addresses; empty: none" }),
    ),
  },
  { additionalProperties: false },
);
export type ArchiveInput = Static<typeof ArchiveInput>;

const At = Type.Number({ description: "ms since the Unix epoch" });

/** How it stands with the archive. */
export const ArchiveStatus = Type.Object(
  {
    url: Type.String({ description: "Empty: there is none" }),
    writeUrl: Type.String({ description: "Empty: below the other" }),
    user: Type.String(),
    hasPassword: Type.Boolean(),
    lockedBy: Type.Union([Type.String(), Type.Null()], {
      description: "What sets it, so that it cannot be changed here: the environment or pulse.yaml",
    }),
    isSender: Type.Boolean({ description: "Of several Pulses one sends, for all" }),
    until: Type.Union([At, Type.Null()], {
      description: "Up to when all has been sent; null: nothing yet, or not known",
    }),
    sent: Type.Number({ description: "Samples, since the start" }),
    rejected: Type.Number({ description: "Samples that the store would not take, since the start" }),
    missing: Type.Number({
      description: "ms that were no longer kept here when the store could be reached again, since the start",
    }),
    failure: Type.Union([Type.Object({ at: At, message: Type.String() }), Type.Null()], {
      description: "Why the last try to send failed; null: it went well",
    }),
  },
  { $id: "ArchiveStatus" },
);
export type ArchiveStatus = Static<typeof ArchiveStatus>;

/** Up to when all has been sent. */
export interface ArchivePosition {
  done: Instant;
  /** What is from `done` until then is being sent, or was when the process ended; null: nothing is. */
  upto: Instant | null;
  /** What came late with ticks before that has been sent, too; left out: nothing came before it was begun with. */
  late?: Instant;
}
