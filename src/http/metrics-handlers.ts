import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import type { METRICS_ROUTES } from "../contract/metrics-routes.ts";
import { Failure } from "./failure.ts";
import { acceptsGzip } from "./gzip.ts";
import type { Handlers } from "./handlers.ts";
import type { MetricsPage } from "./prometheus/metrics-page.ts";

const compress = promisify(gzip);

/** The handler of what Prometheus scrapes; null: it is switched off. */
export function metricsHandlers(page: MetricsPage | null): Pick<Handlers, keyof typeof METRICS_ROUTES> {
  return {
    metrics: async ({ request }, reply) => {
      if (page === null) throw new Failure(404, "Metrics are switched off (PULSE_METRICS)");
      const text = await page.text();
      reply
        .headers({ "Cache-Control": "no-store", Vary: "Accept-Encoding" })
        .type("text/plain; version=0.0.4; charset=utf-8");
      if (!acceptsGzip(request.headers["accept-encoding"])) return reply.send(text);
      return reply.header("Content-Encoding", "gzip").send(await compress(text, { level: constants.Z_BEST_SPEED }));
    },
  };
}
