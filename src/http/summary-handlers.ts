import type { SUMMARY_ROUTES } from "../contract/summary-routes.ts";
import type { FillingUp } from "../model/capacity.ts";
import type { Picture } from "../model/picture.ts";
import type { Handlers } from "./handlers.ts";
import { toSimpleStats, toStatsPage, toSummary } from "./summary.ts";

/** The handlers of the few numbers. */
export function summaryHandlers(
  picture: () => Picture,
  capacity: () => Promise<FillingUp[]>,
): Pick<Handlers, keyof typeof SUMMARY_ROUTES> {
  return {
    simpleStats: ({ request, query }, reply) => {
      const counts = toSimpleStats(picture());
      reply.header("Vary", "Accept").header("Cache-Control", "no-cache");
      if (!(request.headers.accept ?? "").includes("text/html")) return counts;
      return reply.type("text/html; charset=utf-8").send(toStatsPage(counts, query.refresh === "off"));
    },
    summary: () => toSummary(picture()),
    capacity,
  };
}
