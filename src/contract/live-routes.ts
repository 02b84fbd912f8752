import { Type } from "typebox";
import type { Route } from "./route.ts";

/** What can be asked of the live stream by HTTP. */
export const LIVE_ROUTES = {
  testNotification: {
    method: "POST",
    path: "/api/test-notification",
    shared: "own",
    access: "write",
    summary: "Send a test frame (`testNotification`) to every client of the live stream",
    answer: Type.Object({
      success: Type.Literal(true),
      message: Type.String(),
      clients: Type.Integer({ description: "How many clients of the live stream it went to" }),
    }),
  },
} as const satisfies Record<string, Route>;
