import { BadChannel } from "./bad-channel.ts";
import { isSecretName } from "./channels/redaction.ts";

/** What stands in the place of a secret that is kept; sent back so, it keeps it. */
export const HIDDEN = "***";

type Fields = Readonly<Record<string, string>> | null;

/** As people are told: values that look like secrets by their name are hidden. */
export function hideFields<F extends Fields | undefined>(fields: F): F {
  if (!fields) return fields;
  const entries = Object.entries(fields);
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecret(name, value) ? HIDDEN : value])) as F;
}

/**
 * As they are kept: a hidden value, or an empty secret, is the one there was. `mayKeep`: what was kept may be used for this. Throws BadChannel, naming the
 * value, when there is none or it may not be.
 */
export function keepFields(field: string, fields: Fields, before: Fields, mayKeep: boolean): Record<string, string> {
  const entries = Object.entries(fields ?? {}).map(([name, value]) => {
    const kept = before?.[name];
    const isKept = value === HIDDEN || (value === "" && kept !== undefined && isSecret(name, kept));
    if (!isKept) return [name, value] as const;
    if (kept === undefined) throw new BadChannel(`${field}.${name}`, "missing");
    if (!mayKeep && isSecret(name, kept))
      throw new BadChannel(`${field}.${name}`, "give it anew: the one that is kept is for another host");
    return [name, kept] as const;
  });
  return Object.fromEntries(entries);
}

function isSecret(name: string, value: string): boolean {
  return value !== "" && isSecretName(name);
}

/** Whether two addresses lead to the same server; templates in them do not matter. */
export function isSameHost(a: string, b: string): boolean {
  return hostOf(a) !== "" && originOf(a) === originOf(b);
}

/** Host and port; empty: the address has none that can be read. */
export function hostOf(url: string): string {
  return parsed(url)?.host ?? "";
}

function originOf(url: string): string {
  return parsed(url)?.origin ?? "";
}

function parsed(url: string): URL | null {
  // A template ends the part that can be known beforehand, unless the host is one itself.
  const fixed = url.split("{{")[0] ?? "";
  return URL.parse(/^https?:\/\/[^/]+$/i.test(fixed) && fixed !== url ? "" : fixed);
}
