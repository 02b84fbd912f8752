import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

const text = (maxLength = 1024) => Type.String({ maxLength });
const Port = Type.Object({
  privatePort: Type.Integer(),
  publicPort: Type.Optional(Type.Integer()),
  protocol: text(16),
  ip: Type.Optional(text(64)),
});
const Network = Type.Object({ name: text(), ipv4: Type.Optional(text(64)), ipv6: Type.Optional(text(64)) });
const Mount = Type.Object({
  type: Type.String({ maxLength: 32, description: "bind, volume, tmpfs, npipe, cluster, image" }),
  source: Type.String({ maxLength: 4096, description: "a path of the host, or a volume's name; empty for tmpfs" }),
  destination: text(4096),
  readOnly: Type.Boolean(),
});
const counter = (of: string) =>
  Type.Optional(Type.Number({ minimum: 0, description: `bytes ${of} since the container started` }));

/** A container as an agent reports it. Go's agents write null for an empty list; times are RFC 3339, year 1 for "never". */
const ReportedContainer = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 128 }),
    name: text(256),
    image: text(),
    state: text(32),
    status: Type.Optional(text(256)),
    health: Type.Optional(Nullable(text(32))),
    cpuPercent: Type.Optional(Type.Number()),
    memoryUsageBytes: Type.Optional(Type.Number()),
    memoryLimitBytes: Type.Optional(Type.Number()),
    memoryPercent: Type.Optional(Type.Number()),
    uptimeSeconds: Type.Optional(Type.Number()),
    restartCount: Type.Optional(Type.Integer()),
    exitCode: Type.Optional(Type.Integer()),
    oomKilled: Type.Optional(Type.Boolean({ description: "The kernel stopped it for want of memory." })),
    createdAt: Type.Optional(text(64)),
    startedAt: Type.Optional(Nullable(text(64))),
    finishedAt: Type.Optional(Nullable(text(64))),
    ports: Type.Optional(Nullable(Type.Array(Port, { maxItems: 4096 }))),
    labels: Type.Optional(Nullable(Type.Record(Type.String(), Type.String()))),
    networks: Type.Optional(Nullable(Type.Array(Network, { maxItems: 1024 }))),
    imageId: Type.Optional(Type.String({ maxLength: 128, description: "sha256:…" })),
    imageCreatedAt: Type.Optional(Type.String({ maxLength: 64, description: "when the image was built, RFC 3339" })),
    networkRxBytes: counter("received, all networks,"),
    networkTxBytes: counter("sent, all networks,"),
    blockReadBytes: counter("read from block devices"),
    blockWriteBytes: counter("written to block devices"),
    mounts: Type.Optional(Type.Array(Mount, { maxItems: 1024 })),
    restartPolicy: Type.Optional(
      Type.String({ maxLength: 64, description: "no, always, unless-stopped, on-failure, on-failure:5" }),
    ),
    pids: Type.Optional(Type.Integer({ minimum: 0, description: "processes and threads" })),
  },
  { additionalProperties: true },
);
export type ReportedContainer = Static<typeof ReportedContainer>;

/** What an agent on a Docker host sends, every interval. */
export const DockerReport = Type.Object(
  {
    agent: Type.Object(
      {
        id: Type.Optional(text(256)),
        version: Type.Optional(text(64)),
        intervalSeconds: Type.Optional(Type.Number({ description: "seconds to the next report; 30 when absent" })),
      },
      { additionalProperties: true },
    ),
    host: Type.Object(
      {
        hostname: Type.String({ minLength: 1, maxLength: 256 }),
        name: Type.Optional(text(256)),
        machineId: Type.Optional(text(128)),
        os: Type.Optional(text(256)),
        kernelVersion: Type.Optional(text(256)),
        architecture: Type.Optional(text(64)),
        dockerVersion: Type.Optional(text(64)),
        totalCpu: Type.Optional(Type.Number()),
        totalMemoryBytes: Type.Optional(Type.Number()),
        uptimeSeconds: Type.Optional(Type.Number()),
        engine: Type.Optional(Type.Union([Type.Literal("docker"), Type.Literal("podman")])),
        cpuPercent: Type.Optional(
          Type.Number({ minimum: 0, maximum: 100, description: "percent of all CPUs together" }),
        ),
        memoryUsedBytes: Type.Optional(Type.Number({ minimum: 0, description: "bytes that no program could have" })),
        loadAverage: Type.Optional(
          Type.Array(Type.Number({ minimum: 0 }), {
            minItems: 3,
            maxItems: 3,
            description: "over 1, 5 and 15 minutes",
          }),
        ),
        swarmNodeId: Type.Optional(text(128)),
      },
      { additionalProperties: true },
    ),
    containers: Nullable(Type.Array(ReportedContainer, { maxItems: 5000 })),
    timestamp: Type.Optional(text(64)),
    warnings: Type.Optional(
      Type.Array(text(), { maxItems: 100, description: "what the agent could not read, a sentence each" }),
    ),
  },
  { $id: "DockerReport", additionalProperties: true },
);
export type DockerReport = Static<typeof DockerReport>;

export const DockerContainer = Type.Object(
  {
    id: Type.String({ description: "`docker:HOST/NAME`: a container that is made anew under its name keeps it." }),
    containerId: Type.String({ description: "The engine's own id; another after each making." }),
    hostId: Type.String(),
    name: Type.String(),
    image: Type.String(),
    state: Type.String({ description: "running, exited, paused, restarting, created, dead" }),
    status: Type.String({ description: "As the engine words it: `Up 3 hours (healthy)`" }),
    health: Nullable(Type.String({ description: "healthy, unhealthy, starting; null: it has no check" })),
    cpuPercent: Nullable(Type.Number({ description: "percent of one CPU: 200 keeps two of them busy" })),
    memoryUsageBytes: Nullable(Type.Number()),
    memoryLimitBytes: Nullable(Type.Number({ description: "null: none" })),
    memoryPercent: Nullable(
      Type.Number({ description: "percent of the limit, of the host's memory where there is none" }),
    ),
    uptimeSeconds: Nullable(Type.Number()),
    restartCount: Type.Integer({ description: "since it was made" }),
    exitCode: Type.Integer({ description: "of its last run" }),
    oomKilled: Nullable(Type.Boolean({ description: "null: the agent does not tell" })),
    createdAt: Nullable(Type.Number({ description: "ms since the Unix epoch" })),
    startedAt: Nullable(Type.Number({ description: "ms since the Unix epoch" })),
    finishedAt: Nullable(Type.Number({ description: "ms since the Unix epoch" })),
    ports: Type.Array(Port),
    labels: Type.Record(Type.String(), Type.String()),
    networks: Type.Array(Network),
    project: Nullable(Type.String({ description: "Compose project or swarm stack" })),
    service: Nullable(Type.String({ description: "Of the project, or of the swarm" })),
    imageId: Nullable(Type.String({ description: "sha256:…" })),
    imageCreatedAt: Nullable(Type.Number({ description: "When the image was built, ms since the Unix epoch" })),
    networkIn: Nullable(Type.Number({ description: "bytes a second, all networks" })),
    networkOut: Nullable(Type.Number({ description: "bytes a second, all networks" })),
    diskRead: Nullable(Type.Number({ description: "bytes a second, from block devices" })),
    diskWrite: Nullable(Type.Number({ description: "bytes a second, to block devices" })),
    mounts: Type.Array(Mount),
    restartPolicy: Nullable(Type.String({ description: "no, always, unless-stopped, on-failure, on-failure:5" })),
    pids: Nullable(Type.Integer({ description: "processes and threads" })),
    ...freshness,
  },
  { $id: "DockerContainer" },
);
export type DockerContainer = Static<typeof DockerContainer>;

export const DockerIssue = Type.Object({
  kind: Type.Union([
    Type.Literal("restart-loop"),
    Type.Literal("unhealthy"),
    Type.Literal("out-of-memory"),
    Type.Literal("memory-pressure"),
    Type.Literal("identity", { description: "Another machine reports under the same id." }),
  ]),
  container: Nullable(Type.String({ description: "Its id; null: the host itself" })),
  name: Type.String({ description: "Of the container, or of the host." }),
  message: Type.String(),
});
export type DockerIssue = Static<typeof DockerIssue>;

const ExitCode = Type.Object({
  container: Type.String({ description: "Its id." }),
  name: Type.String(),
  exitCode: Type.Integer(),
  at: Type.Number({ description: "ms since the Unix epoch" }),
});

/** A Docker host as the picture keeps it; its containers are a collection of their own. */
export const DockerHostFacts = Type.Object({
  id: Type.String({ description: "What its agent calls it." }),
  agentId: Type.String(),
  hostname: Type.String(),
  displayName: Type.String(),
  machineId: Nullable(Type.String()),
  os: Nullable(Type.String()),
  kernelVersion: Nullable(Type.String()),
  architecture: Nullable(Type.String()),
  dockerVersion: Nullable(Type.String()),
  cpus: Nullable(Type.Number()),
  totalMemoryBytes: Nullable(Type.Number()),
  uptimeSeconds: Nullable(Type.Number()),
  engine: Nullable(Type.String({ description: "docker or podman; null: the agent does not tell" })),
  swarmNodeId: Nullable(Type.String()),
  cpuPercent: Nullable(Type.Number({ description: "percent of all CPUs together; see `measured`" })),
  memoryUsedBytes: Nullable(Type.Number({ description: "see `measured`" })),
  measured: Type.Union(
    [
      Type.Literal("host", { description: "The agent tells of the host as a whole." }),
      Type.Literal("containers", { description: "It does not: what its containers use together." }),
    ],
    { description: "What CPU and memory are those of." },
  ),
  loadAverage: Nullable(Type.Array(Type.Number(), { description: "over 1, 5 and 15 minutes" })),
  warnings: Type.Array(Type.String(), { description: "What the agent could not read, a sentence each." }),
  status: Type.Union([Type.Literal("online"), Type.Literal("offline", { description: "Four reports are missing." })]),
  intervalSeconds: Type.Number(),
  agentVersion: Nullable(Type.String()),
  clockSkew: Nullable(Type.Number({ description: "ms its clock is ahead of ours; null: it does not tell" })),
  issues: Type.Array(DockerIssue),
  recentExitCodes: Type.Array(ExitCode, { description: "Of containers that ended badly, the newest first." }),
  ...freshness,
});
export type DockerHostFacts = Static<typeof DockerHostFacts>;

export const DockerHost = Type.Object(
  { ...DockerHostFacts.properties, containers: Type.Array(DockerContainer) },
  { $id: "DockerHost", description: "A host that reports through the Docker agent, with its containers." },
);
