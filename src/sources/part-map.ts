/** Something of a scope: one guest, one node's disks. */
interface Part {
  scope: string;
  part: string;
}

/**
 * A value for a part of a scope. Maps within a map: a key made of both would be one more text for each of several things a guest, and
 * would be made anew at every look.
 */
export class PartMap<V> {
  readonly #scopes = new Map<string, Map<string, V>>();

  get({ scope, part }: Part): V | undefined {
    return this.#scopes.get(scope)?.get(part);
  }

  /** What is set anew keeps its place in the order, unless it is deleted first. */
  set({ scope, part }: Part, value: V): void {
    const parts = this.#scopes.get(scope);
    if (parts) parts.set(part, value);
    else this.#scopes.set(scope, new Map([[part, value]]));
  }

  delete({ scope, part }: Part): void {
    const parts = this.#scopes.get(scope);
    if (parts?.delete(part) && parts.size === 0) this.#scopes.delete(scope);
  }

  /** How many parts of a scope have a value. */
  sizeOf(scope: string): number {
    return this.#scopes.get(scope)?.size ?? 0;
  }

  /** Scopes and their values, in the order in which they came. */
  *scopes(): Iterable<[scope: string, values: Iterable<V>]> {
    for (const [scope, parts] of this.#scopes) yield [scope, parts.values()];
  }

  *values(): Iterable<V> {
    for (const parts of this.#scopes.values()) yield* parts.values();
  }

  *parts(): Iterable<Part> {
    for (const [scope, parts] of this.#scopes) for (const part of parts.keys()) yield { scope, part };
  }
}
