import { unescaped } from "./wire.ts";

/** The first of `routes` that `path` belongs to and that is there, with what stands in the path for each `{name}`; null when there is none. */
export function findRoute<R extends { readonly path: string }>(
  routes: readonly R[],
  path: string,
  isThere: (route: R) => boolean = () => true,
): { route: R; params: Record<string, string> } | null {
  const given = path.split("/");
  for (const route of routes) {
    const params = match(partsOf(route.path), given);
    if (params && isThere(route)) return { route, params };
  }
  return null;
}

/** A large estate is asked thousands of times in a row. */
const PARTS = new Map<string, readonly string[]>();

function partsOf(pattern: string): readonly string[] {
  const known = PARTS.get(pattern);
  if (known) return known;
  const parts = pattern.split("/");
  PARTS.set(pattern, parts);
  return parts;
}

function match(wanted: readonly string[], given: readonly string[]): Record<string, string> | null {
  const isName = (part: string | undefined) => part?.startsWith("{");
  if (wanted.length !== given.length) return null;
  for (let at = 0; at < wanted.length; at++) if (wanted[at] !== given[at] && !isName(wanted[at])) return null;
  const params: Record<string, string> = {};
  for (const [at, part] of wanted.entries()) if (isName(part)) params[part.slice(1, -1)] = unescaped(given[at] ?? "");
  return params;
}
