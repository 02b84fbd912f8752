/** The pages of the UI, in their order. */
export const PAGES = [
  { key: "", name: "Overview" },
  { key: "alerts", name: "Alerts" },
  { key: "compare", name: "Compare" },
  { key: "storage", name: "Storage" },
  { key: "backups", name: "Backups" },
  { key: "mail", name: "Mail" },
  { key: "docker", name: "Docker" },
  { key: "settings", name: "Settings" },
] as const;
export type PageKey = (typeof PAGES)[number]["key"];

/** The page that an address names; an unknown one is the first. */
export function toPage(key: string): PageKey {
  return PAGES.find(page => page.key === key)?.key ?? "";
}
