import { equal } from "../kit/equal.ts";
import type { Instant } from "../kit/units.ts";
import type { Aged, Change, Collection, Entities, Patch, Picture, Records } from "../model/picture.ts";

/** The next patch while it is being made: keeps only what differs from the picture. */
export class Draft {
  readonly #records: Records;
  readonly #patch: Patch;

  constructor(picture: Picture, at: Instant) {
    this.#records = picture;
    this.#patch = { version: picture.version + 1, at, seen: {}, changed: {}, removed: {} };
  }

  /** A new entity, whole. */
  add<C extends Collection>(collection: C, entity: Entities[C]): void {
    this.#changes(collection).push(entity as Change<Entities[C]>);
  }

  /** Sets those of `fields`, and of `more`, that differ; once an entity and draft. */
  set<C extends Collection>(
    collection: C,
    id: string,
    fields: Partial<Entities[C]>,
    more: Partial<Entities[C]> | null = null,
  ): void {
    const known: Entities[C] | undefined = this.#records[collection][id];
    if (known) this.change(collection, known, fields, more);
  }

  /** The same of an entity that is at hand. */
  change<C extends Collection>(
    collection: C,
    known: Entities[C],
    fields: Partial<Entities[C]>,
    more: Partial<Entities[C]> | null = null,
  ): void {
    // NOTE: the very text that is known: it comes anew with every look, and tens of thousands would be kept beside each other.
    const change = { id: known.id };
    const differs = takeDiffering(change, fields, known);
    if ((more !== null && takeDiffering(change, more, known)) || differs)
      this.#changes(collection).push(change as Change<Entities[C]>);
  }

  remove<C extends Collection>(collection: C, id: string): void {
    const removed: { [K in Collection]?: string[] } = this.#patch.removed;
    const known = removed[collection];
    if (known) known.push(id);
    else removed[collection] = [id];
  }

  /** Everything in `collection` that belongs to `part` and is not stale was seen anew. */
  seen(collection: Aged, part: string, at: Instant): void {
    this.#patch.seen[collection] = { ...this.#patch.seen[collection], [part]: at };
  }

  /** The patch; null when nothing has changed. */
  patch(): Patch | null {
    const { seen, changed, removed } = this.#patch;
    const size = [seen, changed, removed].reduce((sum, part) => sum + Object.keys(part).length, 0);
    return size === 0 ? null : this.#patch;
  }

  #changes<C extends Collection>(collection: C): Change<Entities[C]>[] {
    const changed: { [K in Collection]?: Change<Entities[K]>[] } = this.#patch.changed;
    const changes: Change<Entities[C]>[] = changed[collection] ?? [];
    (changed as Record<string, unknown>)[collection] = changes;
    return changes;
  }
}

/** NOTE: runs for every field of every guest at every look; it makes nothing on the way. */
function takeDiffering(change: object, fields: object, known: object): boolean {
  const [to, from, before] = [change, fields, known] as Record<string, unknown>[] as [Fields, Fields, Fields];
  let differs = false;
  for (const key in from) {
    const value = from[key];
    // What facts say of themselves is no field of an entity.
    if (value === before[key] || value === undefined || key === "withheld" || equal(value, before[key])) continue;
    to[key] = value;
    differs = true;
  }
  return differs;
}

type Fields = Record<string, unknown>;
