import { unescaped } from "./wire.ts";

/** What stands in `path` for each `{name}` of `pattern`; null when it does not match. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? "";
    if (part.startsWith("{")) params[part.slice(1, -1)] = unescaped(value);
    else if (part !== value) return null;
  }
  return params;
}
