import type { Head } from "../ui/column-heads.tsx";
import type { SortKey } from "./rows.ts";

/** The columns of the guest table, in their order. */
export const COLUMNS: readonly Head<SortKey>[] = [
  { key: "name", name: "Guest", numeric: false, hint: null },
  { key: "node", name: "Node", numeric: false, hint: null },
  { key: "status", name: "Status", numeric: false, hint: null },
  { key: "uptime", name: "Uptime", numeric: true, hint: null },
  { key: "cpu", name: "CPU", numeric: true, hint: "Share of the guest's own cores" },
  { key: "memory", name: "Memory", numeric: true, hint: null },
  { key: "disk", name: "Disk", numeric: true, hint: "Proxmox VE knows how full a container's disk is, not a VM's" },
  { key: "network", name: "Network", numeric: true, hint: "Received and sent, a second" },
  { key: "io", name: "Disk I/O", numeric: true, hint: "Read and written, a second" },
];
