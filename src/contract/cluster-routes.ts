import { Type } from "typebox";
import { ClusterReport } from "../model/cluster-report.ts";
import type { Route } from "./route.ts";

const SINGLE = "This Pulse is a single one.";
const Dismissed = Type.Object({ status: Type.Literal("success") });
const faults = (what: string) => ({
  404: `There is no such ${what}, or this Pulse is a single one.`,
  409: "It is there: stop it first.",
  503: "The cores cannot agree on it now.",
});

/** Several Pulses that serve as one. */
export const CLUSTER_ROUTES = {
  cluster: {
    method: "GET",
    path: "/api/cluster",
    access: "read",
    summary: "How the cores, the edges and NATS fare",
    answer: ClusterReport,
    faults: { 404: SINGLE },
  },
  dismissCore: {
    method: "DELETE",
    path: "/api/cluster/cores/:name",
    access: "admin",
    shared: "agreed",
    summary: "A core that is not heard of is gone for good: no alert speaks of it any more",
    answer: Dismissed,
    faults: faults("core"),
  },
  dismissEdge: {
    method: "DELETE",
    path: "/api/cluster/edges/:site/:name",
    access: "admin",
    shared: "agreed",
    summary: "The same of an edge; no secret is sealed for its key any more",
    answer: Dismissed,
    faults: faults("edge"),
  },
} as const satisfies Record<string, Route>;
