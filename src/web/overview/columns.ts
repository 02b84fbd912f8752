import type { Head } from "../ui/column-heads.tsx";
import { t } from "../words/words.ts";
import type { SortKey } from "./rows.ts";

/** The columns of the guest table, in their order. */
export const COLUMNS: readonly Head<SortKey>[] = [
  { key: "name", name: t("Guest"), numeric: false, hint: null },
  { key: "node", name: t("Node"), numeric: false, hint: null },
  { key: "status", name: t("Status"), numeric: false, hint: null },
  { key: "uptime", name: t("Uptime"), numeric: true, hint: null },
  { key: "cpu", name: t("CPU"), numeric: true, hint: t("Share of the guest's own cores") },
  { key: "memory", name: t("Memory"), numeric: true, hint: null },
  {
    key: "disk",
    name: t("Disk"),
    numeric: true,
    hint: t("Proxmox VE knows how full a container's disk is, not a VM's"),
  },
  { key: "network", name: t("Network"), numeric: true, hint: t("Received and sent, a second") },
  { key: "io", name: t("Disk I/O"), numeric: true, hint: t("Read and written, a second") },
];
