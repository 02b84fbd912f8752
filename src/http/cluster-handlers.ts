import type { ClusterReport } from "../model/cluster-report.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";

/** `report`: how all of several fare; null: this Pulse is a single one. */
export function clusterHandlers(report: (() => Promise<ClusterReport>) | null): Pick<Handlers, "cluster"> {
  return {
    cluster: async () => {
      if (!report) throw new Failure(404, "This Pulse is a single one");
      return await report();
    },
  };
}
