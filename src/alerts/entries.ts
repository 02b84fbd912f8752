import type { Alert } from "../model/alert.ts";
import { alertId } from "../model/ids.ts";
import { type Entry, type Kept, newEntry, toEntry } from "./entry.ts";
import { isRoot } from "./incidents.ts";
import type { Subject } from "./signal.ts";

/** Every alert that is not simply well, by its id and by its resource; and what of it changed for who shows them. */
export class Entries {
  readonly #all = new Map<string, Entry>();
  readonly #byResource = new Map<string, Map<string, Entry>>();
  /** Those that fire and may carry others. */
  readonly roots = new Map<string, Entry>();
  #changed = new Set<string>();

  [Symbol.iterator](): Iterator<Entry> {
    return this.#all.values();
  }

  get(id: string): Entry | undefined {
    return this.#all.get(id);
  }

  /** Those of a resource, by signal; undefined: it is simply well. */
  of(resource: string): ReadonlyMap<string, Entry> | undefined {
    return this.#byResource.get(resource);
  }

  begin(subject: Pick<Subject, "id" | "type">, type: string): Entry {
    return this.#add(newEntry(alertId(subject.id, type), subject, type));
  }

  load(kept: Kept): void {
    const entry = this.#add(toEntry(kept));
    if (entry.state.phase === "firing") this.show(entry);
  }

  /** It fires and looks different from before, or does not fire any more. */
  show(entry: Entry): void {
    this.#changed.add(entry.id);
    if (entry.state.phase === "firing" && isRoot(entry)) this.roots.set(entry.id, entry);
    else this.roots.delete(entry.id);
  }

  remove(entry: Entry): void {
    this.#all.delete(entry.id);
    this.roots.delete(entry.id);
    const siblings = this.#byResource.get(entry.resourceId);
    siblings?.delete(entry.type);
    if (siblings?.size === 0) this.#byResource.delete(entry.resourceId);
  }

  /** What changed since it was last asked for. */
  takeChanges(): { changed: Alert[]; removed: string[] } {
    const changes: { changed: Alert[]; removed: string[] } = { changed: [], removed: [] };
    for (const id of this.#changed) {
      const entry = this.#all.get(id);
      if (entry?.state.phase === "firing" && entry.alert) changes.changed.push(entry.alert);
      else changes.removed.push(id);
    }
    this.#changed = new Set();
    return changes;
  }

  #add(entry: Entry): Entry {
    this.#all.set(entry.id, entry);
    const siblings = this.#byResource.get(entry.resourceId);
    if (siblings) siblings.set(entry.type, entry);
    else this.#byResource.set(entry.resourceId, new Map([[entry.type, entry]]));
    return entry;
  }
}
