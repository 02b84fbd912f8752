import { type Static, Type } from "typebox";
import type { Percent } from "../kit/units.ts";
import { freshness, Nullable } from "./schema.ts";

const errors = (description: string) => Nullable(Type.Number({ description }));

export const ZfsDevice = Type.Object({
  name: Type.String({ description: "As `zpool status` has it." }),
  type: Type.String({ description: "disk, mirror, raidz1…, spare, cache, log" }),
  state: Nullable(Type.String({ description: "ONLINE, DEGRADED, FAULTED, UNAVAIL, AVAIL (a spare)…; null: not told" })),
  readErrors: errors("since they were last cleared; null: spares and caches do not count them"),
  writeErrors: errors("likewise"),
  checksumErrors: errors("likewise"),
  message: Nullable(Type.String()),
});
export type ZfsDevice = Static<typeof ZfsDevice>;

export const ZfsPool = Type.Object(
  {
    name: Type.String(),
    state: Type.String({ description: "ONLINE, DEGRADED, FAULTED, SUSPENDED…" }),
    status: Nullable(Type.String({ description: "What is wrong, in the words of ZFS; null: nothing" })),
    scan: Nullable(Type.String({ description: "The last or present scrub or resilver." })),
    readErrors: errors("of the whole pool"),
    writeErrors: errors("of the whole pool"),
    checksumErrors: errors("of the whole pool"),
    devices: Type.Array(ZfsDevice),
    size: Nullable(Type.Number({ description: "bytes, raw: redundancy included" })),
    free: Nullable(Type.Number({ description: "bytes, raw" })),
    fragmentation: Nullable(Type.Number({ description: "percent" })),
    ...freshness,
  },
  { $id: "ZfsPool", description: "A ZFS pool of a node." },
);
export type ZfsPool = Static<typeof ZfsPool>;
/** A pool as one look tells it. */
export type ZfsPoolFacts = Omit<ZfsPool, keyof typeof freshness>;

/** How full a pool is, 0 to 100; null: unknown. */
export function zfsUsage({ size, free }: Pick<ZfsPool, "size" | "free">): Percent | null {
  return size === null || free === null || size <= 0 ? null : ((size - free) / size) * 100;
}
