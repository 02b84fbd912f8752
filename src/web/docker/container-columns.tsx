import { For, type JSX, Show } from "solid-js";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatAge, formatBytes, formatPercent, formatUptime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { HostedContainer } from "../search/fields.ts";
import type { Column } from "../ui/column.ts";
import { Icon } from "../ui/icon.tsx";
import { CPU_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { Pair } from "../ui/pair.tsx";
import { sumOf } from "../ui/sort.ts";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { t } from "../words/words.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

const NAME: Column<HostedContainer> = {
  ...text,
  key: "name",
  name: t("Container"),
  width: "minmax(12rem, 1.6fr)",
  sortBy: one => one.name,
  onPhone: "title",
  cell: one => (
    <span class="cell-line">
      <StatusDot status={one().state} />
      <span class="name">{one().name}</span>
      <AlertBadge id={one().id} />
      <StaleMark entity={one()} />
      <span class="tags">
        <For each={portsOf(one()).slice(0, 2)}>{port => <span class="tag">{port}</span>}</For>
      </span>
    </span>
  ),
};

const PROJECT: Column<HostedContainer> = {
  ...text,
  key: "project",
  name: t("Project"),
  width: "minmax(5rem, 0.7fr)",
  from: 1400,
  saidBy: "project",
  sortBy: one => one.project,
  cell: one => <span class="muted">{one().project ?? UNKNOWN}</span>,
};

const HOST: Column<HostedContainer> = {
  ...text,
  key: "host",
  name: t("Host"),
  width: "minmax(4.5rem, 0.6fr)",
  saidBy: "host",
  sortBy: one => one.hostname,
  cell: one => <span class="muted">{one().hostname}</span>,
};

const FIGURES: readonly Column<HostedContainer>[] = [
  {
    ...text,
    key: "state",
    name: t("State"),
    width: "6.75rem",
    sortBy: one => stateOf(one),
    onPhone: "corner",
    cell: one => (
      <span class={`status-word ${levelOf(one())}`} title={one().status}>
        {stateOf(one())}
      </span>
    ),
  },
  {
    ...figure,
    key: "cpu",
    name: t("CPU"),
    width: "minmax(6.5rem, 0.8fr)",
    sortBy: one => one.cpuPercent,
    onPhone: "fact",
    cell: one => (
      <Show when={isUp(one())} fallback={<Nothing />}>
        <Meter
          percent={one().cpuPercent}
          limits={CPU_LIMITS}
          full={100 * (one().hostCpus ?? 1)}
          title={t("percent of one CPU; the bar is full at all {cpus} of the host", { cpus: one().hostCpus })}
        />
      </Show>
    ),
  },
  {
    ...figure,
    key: "memory",
    name: t("Memory"),
    width: "minmax(7.5rem, 0.9fr)",
    sortBy: one => one.memoryUsageBytes,
    onPhone: "fact",
    cell: one => (
      <Show when={isUp(one())} fallback={<Nothing />}>
        <Meter
          percent={one().memoryPercent}
          limits={MEMORY_LIMITS}
          text={formatBytes(one().memoryUsageBytes)}
          title={`${formatPercent(one().memoryPercent)}: ${memoryOf(one())}`}
        />
      </Show>
    ),
  },
  {
    ...figure,
    key: "network",
    name: t("Network"),
    width: "11.5rem",
    from: 1050,
    sortBy: one => sumOf(one.networkIn, one.networkOut),
    cell: one => (
      <span class="number pair">
        <Pair
          first={one().networkIn}
          second={one().networkOut}
          shown={isUp(one())}
          signs={[<Icon name="down" />, <Icon name="up" />]}
        />
      </span>
    ),
  },
  {
    ...figure,
    key: "disk",
    name: t("Disk I/O"),
    width: "11.5rem",
    from: 1400,
    sortBy: one => sumOf(one.diskRead, one.diskWrite),
    cell: one => (
      <span class="number pair">
        <Pair first={one().diskRead} second={one().diskWrite} shown={isUp(one())} signs={["R", "W"]} />
      </span>
    ),
  },
  {
    ...figure,
    key: "restarts",
    name: t("Restarts"),
    width: "4.25rem",
    sortBy: one => one.restartCount,
    cell: one => <span class="number">{one().restartCount}</span>,
  },
  {
    ...figure,
    key: "uptime",
    name: t("Uptime"),
    width: "5rem",
    sortBy: one => one.uptimeSeconds,
    onPhone: "fact",
    cell: one => <span class="number">{formatUptime(one().uptimeSeconds)}</span>,
  },
  {
    ...text,
    key: "image",
    name: t("Image"),
    width: "minmax(9rem, 1.1fr)",
    from: 1050,
    sortBy: one => one.image,
    cell: one => <Image one={one()} />,
  },
];

/** The columns of containers; what the head of a group says is left out below it. */
export const CONTAINER_COLUMNS: readonly Column<HostedContainer>[] = [NAME, HOST, PROJECT, ...FIGURES];

/** The image without its registry, and how old it is. */
function Image(props: { one: HostedContainer }): JSX.Element {
  const { now } = useLive();
  const age = () => {
    const built = props.one.imageCreatedAt;
    return built === null ? null : formatAge(built, now());
  };
  return (
    <span
      class="cell-line"
      title={age() === null ? props.one.image : `${props.one.image}, ${t("built {age} ago", { age: age() })}`}
    >
      <span class="muted ellipsis">{props.one.image.split("/").at(-1)}</span>
      <Show when={age()}>{text => <span class="vmid">{text()}</span>}</Show>
    </span>
  );
}

function Nothing(): JSX.Element {
  return <span class="none">{UNKNOWN}</span>;
}

function isUp({ state }: HostedContainer): boolean {
  return state === "running" || state === "paused";
}

/** "120 MiB of 1.0 GiB" */
export function memoryOf({
  memoryUsageBytes,
  memoryLimitBytes,
}: Pick<HostedContainer, "memoryUsageBytes" | "memoryLimitBytes">): string {
  const used = formatBytes(memoryUsageBytes);
  return memoryLimitBytes === null
    ? t("{used}, no limit of its own", { used })
    : t("{used} of {total}", { used, total: formatBytes(memoryLimitBytes) });
}

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
  if (state === "running") return stateName(health && health !== "healthy" ? health : "running");
  return state === "exited" && exitCode !== 0 ? t("exited ({code})", { code: exitCode }) : stateName(state);
}

/** How bad that is, as a class of CSS. */
export function levelOf({ state, health, exitCode }: Pick<HostedContainer, "state" | "health" | "exitCode">): string {
  if (state === "restarting" || state === "dead" || health === "unhealthy") return "critical";
  return state === "exited" && exitCode !== 0 ? "warning" : "";
}
