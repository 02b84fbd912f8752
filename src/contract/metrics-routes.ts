import { Type } from "typebox";
import type { Route } from "./route.ts";

/** What Prometheus scrapes. */
export const METRICS_ROUTES = {
  metrics: {
    method: "GET",
    path: "/metrics",
    access: "read",
    summary: "Everything as Prometheus metrics, in its text format",
    answer: Type.Unknown({ description: "text/plain; version=0.0.4" }),
    faults: { 404: "It is switched off: PULSE_METRICS=false." },
  },
} as const satisfies Record<string, Route>;
