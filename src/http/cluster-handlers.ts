import type { ClusterReport } from "../model/cluster-report.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";

/** Several Pulses that serve as one. */
export interface ClusterDesk {
  /** How all of them fare. */
  report(): Promise<ClusterReport>;
  /** One of them is gone for good; `site`: null: it is a core. Rejects with what is to be answered. */
  dismiss(site: string | null, name: string): Promise<"done" | "unknown" | "there">;
}

type ClusterRoutes = "cluster" | "dismissCore" | "dismissEdge";

/** `desk`: null: this Pulse is a single one. */
export function clusterHandlers(desk: ClusterDesk | null): Pick<Handlers, ClusterRoutes> {
  const known = () => {
    if (!desk) throw new Failure(404, "This Pulse is a single one");
    return desk;
  };
  const dismiss = async (site: string | null, name: string) => {
    const what = site === null ? `core "${name}"` : `edge "${name}" at site "${site}"`;
    const outcome = await known().dismiss(site, name);
    if (outcome === "unknown") throw new Failure(404, `There is no ${what}`);
    if (outcome === "there") throw new Failure(409, `The ${what} is there: stop it first`);
    return { status: "success" as const };
  };
  return {
    cluster: async () => await known().report(),
    dismissCore: ({ params }) => dismiss(null, params.name ?? ""),
    dismissEdge: ({ params }) => dismiss(params.site ?? "", params.name ?? ""),
  };
}
