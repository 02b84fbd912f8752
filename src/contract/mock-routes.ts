import { Type } from "typebox";
import { MOCK_FIELDS, MockChange } from "../model/mock-config.ts";
import type { Route } from "./route.ts";

/** In the words of the older API, whose answers begin fields with a capital. */
const MockState = Type.Object(
  {
    enabled: Type.Boolean(),
    config: Type.Object({
      NodeCount: MOCK_FIELDS.nodeCount,
      VMsPerNode: MOCK_FIELDS.vmsPerNode,
      LXCsPerNode: MOCK_FIELDS.lxcsPerNode,
      DockerHostCount: MOCK_FIELDS.dockerHostCount,
      DockerContainersPerHost: MOCK_FIELDS.dockerContainersPerHost,
      RandomMetrics: MOCK_FIELDS.randomMetrics,
      HighLoadNodes: MOCK_FIELDS.highLoadNodes,
      StoppedPercent: MOCK_FIELDS.stoppedPercent,
    }),
  },
  { $id: "MockMode" },
);
const change = {
  path: "/api/system/mock-mode",
  access: "admin",
  shared: { refused: "A core shows what edges see: a simulated estate is for a Pulse by itself" },
  summary: "Show a simulated estate, or the real one again; both keep their data apart, and streams connect anew",
  body: Type.Object(
    { enabled: Type.Optional(Type.Boolean()), config: Type.Optional(MockChange) },
    { additionalProperties: true },
  ),
  answer: MockState,
  faults: { 403: "PULSE_MOCK_MODE sets it." },
} as const;

/** The simulated estate in the place of the real one. */
export const MOCK_ROUTES = {
  mockMode: {
    method: "GET",
    path: "/api/system/mock-mode",
    access: "read",
    summary: "Whether a simulated estate is shown, and what it is made of",
    answer: MockState,
  },
  changeMockMode: { ...change, method: "POST" },
  putMockMode: { ...change, method: "PUT" },
} as const satisfies Record<string, Route>;
