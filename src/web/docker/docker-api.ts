import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, type Refused } from "../live/ask.ts";

/** Forgets a host; it comes back when its agent reports anew. */
export function removeDockerHost(id: string): Promise<AnswerOf<Routes["removeDockerHost"]> | Refused> {
  return ask("DELETE", `api/agents/docker/hosts/${encodeURIComponent(id)}`);
}
