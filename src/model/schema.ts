import { type TSchema, Type } from "typebox";
import { LAST_SECOND } from "../kit/fields.ts";
import { SECOND } from "../kit/units.ts";

/** A value that may be unknown: null, never a made-up zero. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** An instant as the wire has it: milliseconds since the Unix epoch. */
export const InstantField = (description: string) =>
  Type.Number({ description: `${description} (ms since the Unix epoch)` });

/** The last millisecond of the year 9999, since the Unix epoch: whoever sends a later time means something else. */
export const LAST_INSTANT = (LAST_SECOND + 1) * SECOND - 1;

/** An instant that somebody sends. */
export const InstantInput = (description: string) =>
  Type.Number({ description: `${description} (ms since the Unix epoch)`, minimum: 0, maximum: LAST_INSTANT });

/** The fields that say how old an entity's data is; every entity has them. */
export const freshness = {
  lastSeen: InstantField("When the data below was last seen to be so; 0: never"),
  stale: Type.Boolean({ description: "The numbers are the last good ones, not the present ones." }),
  fault: Nullable(Type.String({ description: "Why the data is stale, as a sentence; null while it is fresh." })),
};
