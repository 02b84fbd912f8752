import { toText } from "../kit/fields.ts";

/** No longer than a report may have it; not cut through a pair of surrogates. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** A text of an engine, no longer than that; null where there is none. */
export function clipped(value: unknown, length: number): string | null {
  const text = toText(value);
  return text === null ? null : clip(text, length);
}
