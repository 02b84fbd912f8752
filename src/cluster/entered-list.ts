import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { MIB } from "../kit/units.ts";
import type { EnteredList } from "../model/entered-instance.ts";
import type { Database } from "../store/database.ts";

export const NOTHING: EnteredList = { changed: 0, deed: "", instances: [], removed: [] };
/** Nothing is unpacked beyond that. */
const LARGEST = 64 * MIB;

/** As it lies in NATS. */
export function packList(list: EnteredList): Uint8Array {
  return zstdCompressSync(JSON.stringify(list));
}

/** Throws what zstd or JSON say. */
export function unpackList(bytes: Uint8Array): EnteredList {
  const list = JSON.parse(zstdDecompressSync(bytes, { maxOutputLength: LARGEST }).toString()) as EnteredList;
  if (typeof list.changed !== "number" || !Array.isArray(list.instances)) throw new Error("It is no list of instances");
  return list;
}

/** Those that a database has, by site. */
export function readLists(database: Database): Map<string, EnteredList> {
  return new Map(
    database
      .all("SELECT site, list FROM cluster_entered ORDER BY site")
      .map(row => [String(row.site), JSON.parse(String(row.list)) as EnteredList]),
  );
}

export function keepList(database: Database, site: string, list: EnteredList): void {
  database.run("INSERT OR REPLACE INTO cluster_entered VALUES (?, ?)", site, JSON.stringify(list));
}
