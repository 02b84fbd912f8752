import { t } from "../words/words.ts";
import type { Imported } from "./backup-api.ts";

/** What the server takes at the least. */
export const SHORTEST = 12;
/** From here on it is worth more than a few kinds of characters. */
const LONG = 20;

/** What is said of a passphrase while it is typed: length is what counts, since a thief can try as often as he likes. */
export function passphraseAdvice(passphrase: string): string {
  const missing = SHORTEST - passphrase.length;
  if (missing === SHORTEST)
    return t("At least {count} characters; four or five words are better.", { count: SHORTEST });
  if (missing > 0) return missing === 1 ? t("One character more.") : t("{count} characters more.", { count: missing });
  if (new Set(passphrase).size < 6) return t("Weak: it is made of few different characters.");
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter(kind => kind.test(passphrase)).length;
  return passphrase.length >= LONG || kinds >= 3 ? t("Good.") : t("Fair: a word or two more make it good.");
}

const PARTS: Readonly<Record<string, string>> = {
  nodes: t("Instances"),
  alerts: t("Settings of alerts"),
  email: t("E-mail"),
  webhooks: t("Webhooks"),
  apprise: t("Apprise"),
  notifications: t("What holds for all channels"),
  system: t("System settings"),
  guestMetadata: t("Notes of guests"),
};

/** "Instances: 2 added, 1 as it was". */
export function tallyText({ part, added, changed, unchanged }: Imported["parts"][number]): string {
  const words = [
    added > 0 ? t("{added} added", { added }) : "",
    changed > 0 ? t("{changed} changed", { changed }) : "",
    unchanged > 0 ? t("{unchanged} unchanged", { unchanged }) : "",
  ].filter(word => word !== "");
  return `${PARTS[part] ?? part}: ${words.join(", ") || t("nothing")}`;
}
