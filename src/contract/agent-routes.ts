import { Type } from "typebox";
import type { Route } from "./route.ts";

const query = Type.Object({
  arch: Type.Optional(
    Type.String({
      maxLength: 64,
      description: "amd64 (also x86_64, linux-amd64) or arm64 (also aarch64, linux-arm64); amd64 when absent",
    }),
  ),
});
const NOT_BUILT = { 404: "The agent is not built on this server; the error tells how." };

/** How the agent comes onto a Docker host. HEAD answers each without its body. */
export const AGENT_ROUTES = {
  installDockerAgent: {
    method: "GET",
    path: "/install-docker-agent.sh",
    access: "public",
    summary: "The script that installs, upgrades or removes the agent on a Docker host",
    answer: Type.Unknown({ description: "text/x-shellscript: for any POSIX sh" }),
  },
  downloadDockerAgent: {
    method: "GET",
    path: "/download/pulse-docker-agent",
    access: "public",
    summary: "The agent for Docker hosts, as one program file; its checksum is in X-Checksum-Sha256",
    query,
    answer: Type.Unknown({ description: "application/octet-stream; with gzip for who takes it" }),
    faults: { ...NOT_BUILT, 304: "It is still the one named by If-None-Match." },
  },
  dockerAgentChecksum: {
    method: "GET",
    path: "/download/pulse-docker-agent.sha256",
    access: "public",
    summary: "The checksum of that file, as `sha256sum` writes it",
    query,
    answer: Type.Unknown({ description: "text/plain" }),
    faults: NOT_BUILT,
  },
} as const satisfies Record<string, Route>;
