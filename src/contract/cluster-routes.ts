import { ClusterReport } from "../model/cluster-report.ts";
import type { Route } from "./route.ts";

/** Several Pulses that serve as one. */
export const CLUSTER_ROUTES = {
  cluster: {
    method: "GET",
    path: "/api/cluster",
    access: "read",
    summary: "How the cores, the edges and NATS fare",
    answer: ClusterReport,
    faults: { 404: "This Pulse is a single one." },
  },
} as const satisfies Record<string, Route>;
