import { Show } from "solid-js";
import type { DockerHostFacts } from "../../model/docker.ts";
import { memoryPercentOf } from "../../model/docker-memory.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, formatUptime, UNKNOWN } from "../format/format.ts";
import type { Column } from "../ui/column.ts";
import { CPU_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { Said } from "../words/said.tsx";
import { plural, t } from "../words/words.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** A host with what the table tells of its containers. */
export type HostRow = DockerHostFacts & { containers: number; running: number };

export const HOSTS: readonly Column<HostRow>[] = [
  {
    ...text,
    key: "name",
    name: t("Host"),
    width: "minmax(11rem, 1.6fr)",
    sortBy: host => host.displayName,
    onPhone: "title",
    cell: host => (
      <span class="cell-line">
        <StatusDot status={host().status} />
        <span class="name">{host().displayName}</span>
        <AlertBadge id={host().id} />
        <StaleMark entity={host()} />
      </span>
    ),
  },
  {
    ...figure,
    key: "containers",
    name: t("Containers"),
    width: "minmax(7rem, 1fr)",
    sortBy: host => host.containers,
    onPhone: "corner",
    cell: host => (
      <span class="number">
        <Said
          text={t("{running} of {count} running")}
          parts={{ running: host().running, count: <span class="muted">{host().containers}</span> }}
        />
      </span>
    ),
  },
  {
    ...text,
    key: "issues",
    name: t("Issues"),
    width: "minmax(8rem, 1fr)",
    sortBy: host => -host.issues.length,
    onPhone: "fact",
    cell: host => (
      <Show when={host().issues.length > 0} fallback={<span class="muted">{t("none")}</span>}>
        <span class="status-word warning">{plural(host().issues.length, "issue")}</span>
      </Show>
    ),
  },
  {
    ...figure,
    key: "cpu",
    name: t("CPU"),
    width: "minmax(7rem, 1fr)",
    sortBy: host => host.cpuPercent,
    onPhone: "fact",
    cell: host => (
      <Meter percent={host().cpuPercent} limits={CPU_LIMITS} title={shareText(host(), ofCpus(host().cpus))} />
    ),
  },
  {
    ...figure,
    key: "memory",
    name: t("Memory"),
    width: "minmax(7rem, 1fr)",
    sortBy: host => memoryPercentOf(host),
    onPhone: "fact",
    cell: host => (
      <Meter
        percent={memoryPercentOf(host())}
        limits={MEMORY_LIMITS}
        title={shareText(
          host(),
          t("{used} of {total}", {
            used: formatBytes(host().memoryUsedBytes),
            total: formatBytes(host().totalMemoryBytes),
          }),
        )}
      />
    ),
  },
  {
    ...figure,
    key: "uptime",
    name: t("Uptime"),
    width: "5.5rem",
    sortBy: host => host.uptimeSeconds,
    cell: host => <span class="number">{formatUptime(host().uptimeSeconds)}</span>,
  },
  {
    ...figure,
    key: "size",
    name: t("CPUs, memory"),
    width: "minmax(7rem, 0.8fr)",
    from: 1050,
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
    name: t("Engine"),
    width: "minmax(7rem, 0.8fr)",
    sortBy: host => engineOf(host),
    from: 1050,
    cell: host => engineOf(host()),
  },
  {
    ...text,
    key: "agent",
    name: t("Agent"),
    width: "6rem",
    from: 1050,
    sortBy: host => host.agentVersion,
    cell: host => host().agentVersion ?? UNKNOWN,
  },
];

/** "Docker 27.5.1"; what is not known is left out. */
export function engineOf({ engine, dockerVersion }: Pick<DockerHostFacts, "engine" | "dockerVersion">): string {
  return [engine === "podman" ? "Podman" : "Docker", dockerVersion].filter(Boolean).join(" ");
}

function ofCpus(cpus: number | null): string {
  return cpus === null ? "" : t("of {what}", { what: plural(cpus, "CPU") });
}

/** What a figure is of; said where it is not of the whole host. */
function shareText({ measured }: DockerHostFacts, figure: string): string {
  return measured === "host" ? figure : t("Its containers together: {figure}", { figure });
}
