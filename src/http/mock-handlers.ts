import type { FastifyReply } from "fastify";
import type { MOCK_ROUTES } from "../contract/mock-routes.ts";
import type { AnswerOf, BodyOf } from "../contract/route.ts";
import { DEMO_MOCK, type MockChange, type MockConfig } from "../model/mock-config.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

type MockRoutes = typeof MOCK_ROUTES;

/** Who switches the server over to the simulated estate; answered where the process opens it. */
export interface MockDesk {
  state(): { enabled: boolean; config: MockConfig };
  /** What is left out stays. `reopen`: to be called when the caller has been answered; null: nothing changes. */
  change(wish: { enabled?: boolean; config?: MockChange }): { reopen: (() => void) | null } | Refusal;
}

/** The handlers of the simulated estate; null: nothing would open the server anew. */
export function mockHandlers(desk: MockDesk | null): Pick<Handlers, keyof MockRoutes> {
  const state = () => desk?.state() ?? { enabled: false, config: DEMO_MOCK };
  const changed = ({ body }: { body: unknown }, reply: FastifyReply): AnswerOf<MockRoutes["mockMode"]> => {
    if (!desk) throw new Failure(409, "This server cannot be opened anew with another estate");
    const outcome = desk.change(body as BodyOf<MockRoutes["changeMockMode"]>);
    if ("refused" in outcome) throw toFailure(outcome);
    if (outcome.reopen) reply.raw.once("finish", outcome.reopen);
    return toAnswer(state());
  };
  return { mockMode: () => toAnswer(state()), changeMockMode: changed, putMockMode: changed };
}

function toAnswer({ enabled, config }: ReturnType<MockDesk["state"]>): AnswerOf<MockRoutes["mockMode"]> {
  return {
    enabled,
    config: {
      NodeCount: config.nodeCount,
      VMsPerNode: config.vmsPerNode,
      LXCsPerNode: config.lxcsPerNode,
      DockerHostCount: config.dockerHostCount,
      DockerContainersPerHost: config.dockerContainersPerHost,
      RandomMetrics: config.randomMetrics,
      HighLoadNodes: config.highLoadNodes,
      StoppedPercent: config.stoppedPercent,
    },
  };
}
