import type { DOCKER_ROUTES } from "../contract/docker-routes.ts";
import type { Clock } from "../kit/clock.ts";
import type { DockerReport } from "../model/docker.ts";
import { Failure } from "./failure.ts";
import type { Build, Handlers } from "./handlers.ts";

/** Who takes the reports of Docker hosts; answered where the rooms are introduced to each other. */
export interface DockerDesk {
  /** What became of it, or why it is not taken: the field and what is wrong with it. */
  report(report: DockerReport): { hostId: string; containers: number; late: boolean } | { wrong: string };
  /** Answers false when there is no such host. */
  remove(id: string): boolean;
}

/** The handlers of the Docker agents. */
export function dockerHandlers(
  desk: DockerDesk,
  { version }: Build,
  clock: Clock,
): Pick<Handlers, keyof typeof DOCKER_ROUTES> {
  return {
    dockerReport: ({ body }) => {
      const outcome = desk.report(body);
      if ("wrong" in outcome) throw new Failure(400, outcome.wrong);
      return { success: true, ...outcome, lastSeen: new Date(clock.now()).toISOString() };
    },
    removeDockerHost: ({ params }) => {
      const id = params.id ?? "";
      if (!desk.remove(id)) throw new Failure(404, `There is no Docker host "${id}"`);
      return { success: true, hostId: id, message: `Removed "${id}"; it comes back when its agent reports anew` };
    },
    // NOTE: the original's agent downloads and becomes whatever is offered when this is not its own version. Ours is no drop-in for it, so
    // each is told the version that it says it has.
    agentVersion: ({ request }) => ({ version: agentIn(request.headers["user-agent"]) ?? `v${version}` }),
  };
}

/** The version in `pulse-docker-agent/v4.22.0`, with one leading v; null: it is no agent that asks. */
function agentIn(userAgent: string | undefined): string | null {
  const version = /^pulse-docker-agent\/v?(\d[\w.+-]{0,62})/.exec(userAgent ?? "")?.[1];
  return version ? `v${version}` : null;
}
