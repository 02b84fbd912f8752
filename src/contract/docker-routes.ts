import { Type } from "typebox";
import { DockerReport } from "../model/docker.ts";
import type { Route } from "./route.ts";

/** What the agents on Docker hosts call, and how a host is removed. */
export const DOCKER_ROUTES = {
  dockerReport: {
    method: "POST",
    path: "/api/agents/docker/report",
    access: "agent",
    shared: "report",
    summary: "What an agent on a Docker host reports, every interval",
    unaudited: true,
    inDemo: true,
    body: DockerReport,
    answer: Type.Object({
      success: Type.Literal(true),
      hostId: Type.String(),
      containers: Type.Integer({ description: "How many were taken." }),
      lastSeen: Type.String({ description: "RFC 3339" }),
      late: Type.Boolean({
        description: "A newer report of this agent had been taken before, or this very one: it changes nothing.",
      }),
    }),
    faults: { 413: "The report is larger than 8 MiB." },
    largestBody: 8 * 1024 * 1024,
  },
  removeDockerHost: {
    method: "DELETE",
    path: "/api/agents/docker/hosts/:id",
    access: "write",
    shared: "change",
    summary: "Forget a Docker host; it comes back when it reports anew",
    answer: Type.Object({ success: Type.Literal(true), hostId: Type.String(), message: Type.String() }),
    faults: { 404: "There is no such host." },
  },
  agentVersion: {
    method: "GET",
    path: "/api/agent/version",
    access: "public",
    summary: "The version of the agent that this server would have a host run",
    answer: Type.Object({
      version: Type.String({
        description:
          "With a leading v. An agent that replaces itself when this differs from its own version is told its own: see docs/docker.md.",
      }),
    }),
  },
} as const satisfies Record<string, Route>;
