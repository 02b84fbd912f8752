import { t } from "../words/words.ts";

/** The parts of the settings, in their order, and the right without which one is not shown. */
export const SECTIONS = [
  { key: "", name: t("Instances"), needs: "read" },
  { key: "docker", name: t("Docker agents"), needs: "read" },
  { key: "links", name: t("Guest links"), needs: "read" },
  { key: "system", name: t("System"), needs: "read" },
  { key: "security", name: t("Security"), needs: "read" },
  { key: "backup", name: t("Backup & transfer"), needs: "admin" },
  { key: "updates", name: t("Updates"), needs: "read" },
  { key: "page", name: t("This page"), needs: "read" },
  { key: "diagnostics", name: t("Diagnostics"), needs: "admin" },
] as const;
