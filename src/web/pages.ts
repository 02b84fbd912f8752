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
/** Those, and the one for a screen on the wall, which leads nowhere. */
export type PageKey = (typeof PAGES)[number]["key"] | "wall";

/** The page that an address names; an unknown one is the first. */
export function toPage(key: string): PageKey {
  if (key === "wall") return key;
  return PAGES.find(page => page.key === key)?.key ?? "";
}
