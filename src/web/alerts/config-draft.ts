/** Names, from the outside in. */
export type Path = readonly string[];
type Tree = Readonly<Record<string, unknown>>;

/** What stands at `path`; undefined: nothing does. */
export function valueAt(tree: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, name) => (isTree(inner) ? inner[name] : undefined), tree);
}

/** A copy with `value` at `path`; undefined takes away what is there, and what is empty without it but for what stands at the top. */
export function withValue<T extends object>(tree: T, path: Path, value: unknown): T {
  const [name, ...rest] = path;
  if (name === undefined) return tree;
  return { ...tree, [name]: rest.length === 0 ? value : (inner((tree as Tree)[name], rest, value) ?? {}) };
}

/** undefined: nothing is left. */
function inner(tree: unknown, [name = "", ...rest]: Path, value: unknown): Tree | undefined {
  const before = isTree(tree) ? tree : {};
  const next = rest.length === 0 ? value : inner(before[name], rest, value);
  if (next !== undefined) return { ...before, [name]: next };
  const { [name]: _, ...others } = before;
  return Object.keys(others).length === 0 ? undefined : others;
}

/**
 * What has to be named to make `before` into `after`: nested objects field by field, null for what is gone. What stands at a path of `whole`
 * (`*`: any name) is named with all that it has. null: nothing changed.
 */
export function changesOf(before: object, after: object, whole: readonly Path[] = []): Tree | null {
  const changes: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [(before as Tree)[name], (after as Tree)[name]];
    if (isSame(old, now)) continue;
    const inner = whole.filter(([first]) => first === name || first === "*").map(([, ...rest]) => rest);
    const isWhole = inner.some(rest => rest.length === 0);
    // What holds things to be named one by one stays, though it be empty.
    const [from, to] = inner.length > 0 && !isWhole ? [old ?? {}, now ?? {}] : [old, now];
    changes[name] = isTree(from) && isTree(to) && !isWhole ? changesOf(from, to, inner) : (now ?? null);
  }
  return Object.keys(changes).length === 0 ? null : changes;
}

/** All paths to what `changes` names. */
export function pathsOf(changes: Tree | null): Path[] {
  return Object.entries(changes ?? {}).flatMap(([name, value]) => {
    const inner = isTree(value) ? pathsOf(value) : [];
    return inner.length === 0 ? [[name]] : inner.map(path => [name, ...path]);
  });
}

/** Null, undefined and what has no fields are no trees. */
function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every(name => isSame((a as Tree)[name], (b as Tree)[name]));
}
