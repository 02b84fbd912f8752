import { For, Show } from "solid-js";
import type { DockerHostFacts } from "../../model/docker.ts";
import { formatBytes, formatPercent, formatUptime, plural, UNKNOWN } from "../format/format.ts";
import type { HostedContainer } from "../search/fields.ts";
import type { Column } from "../ui/data-table.tsx";
import { MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** A host with what the table tells of its containers. */
export type HostRow = DockerHostFacts & { containers: number; running: number };

export const HOSTS: readonly Column<HostRow>[] = [
  {
    ...text,
    key: "name",
    name: "Host",
    width: "minmax(11rem, 1.6fr)",
    sortBy: host => host.displayName,
    onPhone: "title",
    cell: host => (
      <span class="cell-line">
        <StatusDot status={host().status} />
        <span class="name">{host().displayName}</span>
        <StaleMark entity={host()} />
      </span>
    ),
  },
  {
    ...figure,
    key: "containers",
    name: "Containers",
    width: "minmax(7rem, 1fr)",
    sortBy: host => host.containers,
    onPhone: "corner",
    cell: host => (
      <span class="number">
        {host().running} <span class="muted">of {host().containers} running</span>
      </span>
    ),
  },
  {
    ...text,
    key: "issues",
    name: "Issues",
    width: "minmax(8rem, 1fr)",
    sortBy: host => -host.issues.length,
    onPhone: "fact",
    cell: host => (
      <Show when={host().issues.length > 0} fallback={<span class="muted">none</span>}>
        <span class="status-word warning">{plural(host().issues.length, "issue")}</span>
      </Show>
    ),
  },
  {
    ...figure,
    key: "uptime",
    name: "Uptime",
    width: "6rem",
    sortBy: host => host.uptimeSeconds,
    onPhone: "fact",
    cell: host => <span class="number">{formatUptime(host().uptimeSeconds)}</span>,
  },
  {
    ...figure,
    key: "size",
    name: "CPUs, memory",
    width: "minmax(8rem, 1fr)",
    sortBy: host => host.totalMemoryBytes,
    cell: host => (
      <span class="number">
        {host().cpus ?? UNKNOWN}, {formatBytes(host().totalMemoryBytes)}
      </span>
    ),
  },
  {
    ...text,
    key: "engine",
    name: "Engine",
    width: "6rem",
    sortBy: host => host.dockerVersion,
    cell: host => host().dockerVersion ?? UNKNOWN,
  },
  {
    ...text,
    key: "agent",
    name: "Agent",
    width: "6rem",
    from: 1050,
    sortBy: host => host.agentVersion,
    cell: host => host().agentVersion ?? UNKNOWN,
  },
];

export const CONTAINER_COLUMNS: readonly Column<HostedContainer>[] = [
  {
    ...text,
    key: "name",
    name: "Container",
    width: "minmax(11rem, 1.6fr)",
    sortBy: one => one.name,
    onPhone: "title",
    cell: one => (
      <span class="cell-line">
        <StatusDot status={one().state} />
        <span class="name">{one().name}</span>
        <Show when={one().project}>{project => <span class="tag">{project()}</span>}</Show>
        <StaleMark entity={one()} />
      </span>
    ),
  },
  {
    ...text,
    key: "host",
    name: "Host",
    width: "minmax(6rem, 0.8fr)",
    sortBy: one => one.hostname,
    onPhone: "corner",
    cell: one => one().hostname,
  },
  {
    ...text,
    key: "state",
    name: "State",
    width: "8rem",
    sortBy: one => stateOf(one),
    onPhone: "fact",
    cell: one => <span class={`status-word ${levelOf(one())}`}>{stateOf(one())}</span>,
  },
  {
    ...figure,
    key: "cpu",
    name: "CPU",
    width: "5rem",
    sortBy: one => one.cpuPercent,
    onPhone: "fact",
    cell: one => <span class="number">{formatPercent(one().cpuPercent)}</span>,
  },
  {
    ...figure,
    key: "memory",
    name: "Memory",
    width: "minmax(9rem, 1fr)",
    sortBy: one => one.memoryPercent,
    onPhone: "fact",
    cell: one => (
      <Meter
        percent={one().memoryPercent}
        limits={MEMORY_LIMITS}
        title={`${formatBytes(one().memoryUsageBytes)}${one().memoryLimitBytes === null ? ", no limit of its own" : ` of ${formatBytes(one().memoryLimitBytes)}`}`}
      />
    ),
  },
  {
    ...figure,
    key: "restarts",
    name: "Restarts",
    width: "5rem",
    sortBy: one => one.restartCount,
    cell: one => <span class="number">{one().restartCount}</span>,
  },
  {
    ...figure,
    key: "uptime",
    name: "Uptime",
    width: "6rem",
    sortBy: one => one.uptimeSeconds,
    onPhone: "fact",
    cell: one => <span class="number">{formatUptime(one().uptimeSeconds)}</span>,
  },
  {
    ...text,
    key: "image",
    name: "Image",
    width: "minmax(9rem, 1.4fr)",
    from: 1050,
    sortBy: one => one.image,
    cell: one => <span class="muted ellipsis">{one().image}</span>,
  },
  {
    ...text,
    key: "ports",
    name: "Ports",
    width: "minmax(6rem, 0.8fr)",
    from: 1400,
    sortBy: one => portsOf(one)[0] ?? null,
    cell: one => <For each={portsOf(one()).slice(0, 3)}>{port => <span class="tag">{port}</span>}</For>,
  },
];

/** "8080:80", as Docker writes it; each once, whatever addresses it is bound to. */
export function portsOf({ ports }: Pick<HostedContainer, "ports">): string[] {
  const texts = ports.map(({ publicPort, privatePort, protocol }) => {
    const port = publicPort === undefined || publicPort === 0 ? `${privatePort}` : `${publicPort}:${privatePort}`;
    return protocol === "tcp" ? port : `${port}/${protocol}`;
  });
  return [...new Set(texts)];
}

/** The health where there is one to tell, and how it ended where it did. */
export function stateOf({ state, health, exitCode }: Pick<HostedContainer, "state" | "health" | "exitCode">): string {
  if (state === "running") return health && health !== "healthy" ? health : "running";
  return state === "exited" && exitCode !== 0 ? `exited (${exitCode})` : state;
}

/** How bad that is, as a class of CSS. */
export function levelOf({ state, health, exitCode }: Pick<HostedContainer, "state" | "health" | "exitCode">): string {
  if (state === "restarting" || state === "dead" || health === "unhealthy") return "critical";
  return state === "exited" && exitCode !== 0 ? "warning" : "";
}
