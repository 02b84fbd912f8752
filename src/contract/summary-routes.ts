import { Type } from "typebox";
import { AlertLevel } from "../model/alert.ts";
import { FillingUp } from "../model/capacity.ts";
import { InstantField, Nullable } from "../model/schema.ts";
import type { Route } from "./route.ts";

const online = (what: string) => Type.Object({ total: Type.Integer(), online: Type.Integer() }, { description: what });
const running = (what: string) =>
  Type.Object({ total: Type.Integer(), running: Type.Integer() }, { description: what });
const Sum = Type.Object({
  total: Type.Number({ description: "bytes" }),
  used: Type.Number({ description: "bytes" }),
  usage: Nullable(Type.Number({ description: "percent; null: nothing is known" })),
});
const Counts = {
  waiting: Type.Integer({ description: "Instances that have not been looked at yet: what they have is in no count." }),
  nodes: online("Nodes of Proxmox VE"),
  guests: running("VMs and containers, without templates"),
  dockerHosts: online("Docker hosts"),
  alerts: Type.Object(
    { critical: Type.Integer(), warning: Type.Integer() },
    { description: "Those that fire and nobody has acknowledged." },
  ),
  updated: InstantField("When the picture last changed; 0: there is none yet"),
};

/** A few numbers, for walls and dashboards. */
export const SUMMARY_ROUTES = {
  simpleStats: {
    method: "GET",
    path: "/simple-stats",
    access: "public",
    summary: "Counts, and nothing else; a plain page for browsers",
    query: Type.Object({
      refresh: Type.Optional(
        Type.Enum(["on", "off"], { description: "Whether the page loads itself anew every 30 s." }),
      ),
    }),
    answer: Type.Object(Counts),
  },
  summary: {
    method: "GET",
    path: "/api/summary",
    access: "read",
    summary: "Counts, sums and the worst problem, for the widget of a dashboard",
    answer: Type.Object({
      ...Counts,
      status: Type.Enum(["ok", "warning", "critical", "unknown"], {
        description:
          "By what is not acknowledged; unknown: nothing is wrong so far, and not everything has been looked at yet.",
      }),
      problems: Type.Integer({ description: "Alerts that nobody has acknowledged." }),
      acknowledged: Type.Integer(),
      worst: Nullable(
        Type.Object({
          level: AlertLevel,
          resource: Type.String(),
          message: Type.String(),
          since: Type.String({ description: "RFC 3339" }),
        }),
      ),
      vms: running("VMs, without templates"),
      containers: running("Containers (LXC)"),
      dockerContainers: running("Containers on Docker hosts"),
      cpuPercent: Nullable(Type.Number({ description: "Of the nodes that are online; null: not known" })),
      memory: Sum,
      storage: Sum,
    }),
  },
  capacity: {
    method: "GET",
    path: "/api/capacity",
    access: "wall",
    summary: "What fills up, and when: storages, datastores, pools, disks of guests, root filesystems of nodes",
    answer: Type.Array(FillingUp, {
      description:
        "The soonest full first: what will be within a year as it grew in the last 30 days, and what is full to 85 % or more. Renewed every quarter of an hour.",
    }),
  },
} as const satisfies Record<string, Route>;
