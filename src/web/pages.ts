import { t } from "./words/words.ts";
/** The pages of the UI, in their order. */
export const PAGES = [
  { key: "", name: t("Overview") },
  { key: "alerts", name: t("Alerts") },
  { key: "compare", name: t("Compare") },
  { key: "storage", name: t("Storage") },
  { key: "backups", name: t("Backups") },
  { key: "mail", name: t("Mail") },
  { key: "docker", name: t("Docker") },
  { key: "settings", name: t("Settings") },
] as const;
/** Pages that others lead to; the navigation has no room for them. */
export const MORE_PAGES = [{ key: "changes", name: t("Changes") }] as const;
/** Those, and the one for a screen on the wall, which leads nowhere. */
export type PageKey = (typeof PAGES | typeof MORE_PAGES)[number]["key"] | "wall";

/** The page that an address names; an unknown one is the first. */
export function toPage(key: string): PageKey {
  if (key === "wall") return key;
  return [...PAGES, ...MORE_PAGES].find(page => page.key === key)?.key ?? "";
}
