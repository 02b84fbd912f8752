import { HOUR, MINUTE, type Millis, SECOND } from "../kit/units.ts";

const UNITS: Readonly<Record<string, Millis>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR };

/** A length of time as Go writes it (`30s`, `1m30s`, `1.5h`), or whole seconds (`30`); null when it is neither. */
export function toDuration(text: string): Millis | null {
  if (/^\d+$/.test(text)) return Number(text) * SECOND;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return null;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    sum += Number(number) * (UNITS[unit ?? ""] ?? Number.NaN);
  return Math.round(sum);
}
