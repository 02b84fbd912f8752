import type { Instant } from "../kit/units.ts";
import { type PackedPatch, packed, unpackedEach } from "./packed-patch.ts";
import { COLLECTIONS, type Collection, emptyPicture, type Picture } from "./picture.ts";

/**
 * A part of a whole picture: it comes in parts, so that a reader can begin to show it before all is there, and never has to read megabytes
 * at once.
 */
export interface SnapshotPart {
  /** The run of the server that `version` is of. */
  epoch: string;
  version: number;
  lastUpdate: Instant;
  /** Counts from 0, which begins a new picture. */
  part: number;
  /** Of which collections more is to come; empty: this is the last part. */
  missing: Collection[];
  /** Entities with all of their fields. */
  entities: PackedPatch["changed"];
}

/** What may be tens of thousands, and a first look at an estate does without. It comes last. */
const ARCHIVES: readonly Collection[] = ["backupTasks", "storageBackups", "guestSnapshots", "pbsBackups"];
const ORDER: readonly Collection[] = [...COLLECTIONS.filter(name => !ARCHIVES.includes(name)), ...ARCHIVES];

/** So many entities are a part: some milliseconds on a phone. */
const TOGETHER = 250;

/** The parts of `picture` as it is now, each made when it is taken. Only `lastSeen` can move on in between. */
export function snapshotParts(picture: Picture, epoch: string, together = TOGETHER): Iterable<SnapshotPart> {
  const { version, lastUpdate } = picture;
  const lists = ORDER.map(name => ({ name, list: Object.values(picture[name]) as { id: string }[] }));
  return cut({ epoch, version, lastUpdate }, lists, together);
}

function* cut(
  head: Pick<SnapshotPart, "epoch" | "version" | "lastUpdate">,
  lists: readonly { name: Collection; list: readonly { id: string }[] }[],
  together: number,
): Generator<SnapshotPart> {
  const pieces = lists.flatMap(({ name, list }) =>
    Array.from({ length: Math.ceil(list.length / together) }, (_, at) => ({
      name,
      list: list.slice(at * together, (at + 1) * together),
    })),
  );
  let part = 0;
  for (let at = 0; at < pieces.length || part === 0; part++) {
    const entities: Record<string, unknown> = {};
    // What is few goes along with others.
    for (let count = 0; at < pieces.length; at++) {
      const { name, list } = pieces[at] as (typeof pieces)[number];
      count += list.length;
      if (count > together && count > list.length) break;
      entities[name] = packed(list);
    }
    const missing = [...new Set(pieces.slice(at).map(({ name }) => name))];
    yield { ...head, part, missing, entities: entities as SnapshotPart["entities"] };
  }
}

/** Puts a part to those before; the first begins a picture. */
export function addPart(before: Picture | null, { part, version, lastUpdate, entities }: SnapshotPart): Picture {
  const picture = part === 0 || before === null ? { ...emptyPicture(), version, lastUpdate } : before;
  for (const name of Object.keys(entities) as Collection[]) {
    const collection = picture[name] as Record<string, { id: string }>;
    for (const entity of unpackedEach(entities[name] ?? [])) collection[entity.id] = entity;
  }
  return picture;
}

/** Whether all is there that a look at the whole estate needs: everything but its archives. */
export function isEnough({ missing }: SnapshotPart): boolean {
  return missing.every(name => ARCHIVES.includes(name));
}
