import { type JSX, Show } from "solid-js";
import type { Node } from "../../model/node.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, formatNumber, formatUptime, UNKNOWN } from "../format/format.ts";
import { TrendSpark } from "../trends/trends.tsx";
import type { Column } from "../ui/column.ts";
import { Icon } from "../ui/icon.tsx";
import { CPU_LIMITS, DISK_LIMITS, type Limits, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** A node with what the table tells of its guests. */
export type NodeRow = Node & { guests: { running: number; total: number } };

/** The columns of nodes; `isOneOfSeveral`: there are other instances, so that each is named. */
export function nodeColumns(isOneOfSeveral: boolean, hasTrends: boolean): readonly Column<NodeRow>[] {
  const share = hasTrends ? "minmax(11rem, 1.3fr)" : "minmax(6.5rem, 1.3fr)";
  return [
    {
      ...text,
      key: "name",
      name: t("Node"),
      width: "minmax(11rem, 1.6fr)",
      sortBy: node => `${node.displayName} ${node.instance}`,
      onPhone: "title",
      cell: node => <NodeName node={node()} isOneOfSeveral={isOneOfSeveral} />,
    },
    {
      ...text,
      key: "instance",
      name: t("Instance"),
      width: "minmax(5rem, 0.6fr)",
      extra: true,
      sortBy: node => node.instance,
      cell: node => <span class="muted">{node().instance}</span>,
    },
    {
      ...figure,
      key: "guests",
      name: t("Guests"),
      width: "5.5rem",
      sortBy: node => node.guests.running,
      onPhone: "corner",
      cell: node => (
        <span
          class="number"
          title={t("{running} of {count} running", { running: node().guests.running, count: node().guests.total })}
        >
          {node().guests.running}
          <span class="muted">/{node().guests.total}</span>
        </span>
      ),
    },
    {
      ...figure,
      key: "uptime",
      name: t("Uptime"),
      width: "4.75rem",
      sortBy: node => (node.status === "online" ? node.uptime : null),
      cell: node => <span class="number">{node().status === "online" ? formatUptime(node().uptime) : UNKNOWN}</span>,
    },
    cpu(share),
    memory(share),
    {
      ...figure,
      key: "disk",
      name: t("Root disk"),
      width: "minmax(6.5rem, 1.3fr)",
      sortBy: node => node.disk?.usage ?? null,
      onPhone: "fact",
      cell: node => (
        <span class="cell-line">
          <Measure measure={node().disk} limits={DISK_LIMITS} />
        </span>
      ),
    },
    {
      key: "load",
      name: t("Load"),
      numeric: true,
      hint: t("1, 5 and 15 minutes"),
      width: "7rem",
      from: 1050,
      sortBy: node => node.loadAverage?.[0] ?? null,
      cell: node => (
        <span class="number">
          {node()
            .loadAverage?.map(load => formatNumber(load, 1))
            .join("  ") ?? UNKNOWN}
        </span>
      ),
    },
    {
      ...text,
      key: "version",
      name: t("Version"),
      width: "7rem",
      from: 1050,
      sortBy: node => versionOf(node),
      cell: node => <Version node={node()} />,
    },
  ];
}

function cpu(width: string): Column<NodeRow> {
  return {
    ...figure,
    key: "cpu",
    name: t("CPU"),
    width,
    sortBy: node => node.cpu,
    onPhone: "fact",
    cell: node => (
      <span class="cell-line">
        <Meter
          percent={node().cpu === null ? null : (node().cpu ?? 0) * 100}
          limits={CPU_LIMITS}
          title={node().cpuInfo ? t("of {what}", { what: plural(node().cpuInfo?.cores ?? 0, "thread") }) : undefined}
        />
        <TrendSpark id={node().id} metric="cpu" />
      </span>
    ),
  };
}

function memory(width: string): Column<NodeRow> {
  return {
    ...figure,
    key: "memory",
    name: t("Memory"),
    width,
    sortBy: node => node.memory?.usage ?? null,
    onPhone: "fact",
    cell: node => (
      <span class="cell-line">
        <Measure measure={node().memory} limits={MEMORY_LIMITS} />
        <TrendSpark id={node().id} metric="memory" />
      </span>
    ),
  };
}

/** A share, and beside it, where there is room, of how much. */
function Measure(props: {
  measure: { usage: number; used: number | null; total: number | null } | null | undefined;
  limits: Limits;
}): JSX.Element {
  const words = () => {
    const { used = null, total = null } = props.measure ?? {};
    return props.measure ? t("{used} of {total}", { used: formatBytes(used), total: formatBytes(total) }) : undefined;
  };
  return (
    <>
      <Meter percent={props.measure?.usage ?? null} limits={props.limits} title={words()} />
      <span class="beside">{words()}</span>
    </>
  );
}

function NodeName(props: { node: NodeRow; isOneOfSeveral: boolean }): JSX.Element {
  return (
    <span class="cell-line">
      <StatusDot status={props.node.status} />
      <span class="name">{props.node.displayName}</span>
      <Show when={props.isOneOfSeveral && props.node.instance !== props.node.displayName}>
        <span class="muted">{props.node.instance}</span>
      </Show>
      <Show when={props.node.status !== "online"}>
        <span class="status-word critical">{stateName(props.node.status)}</span>
      </Show>
      <AlertBadge id={props.node.id} />
      <StaleMark entity={props.node} />
    </span>
  );
}

function Version(props: { node: Node }): JSX.Element {
  return (
    <span class="cell-line">
      <span class="muted">{versionOf(props.node) ?? UNKNOWN}</span>
      <Show when={props.node.host}>
        {host => (
          <a
            class="icon-link"
            href={host()}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={t("Open {name} in Proxmox VE", { name: props.node.displayName })}
            title={t("Open in Proxmox VE")}
            onClick={event => event.stopPropagation()}
          >
            <Icon name="external" />
          </a>
        )}
      </Show>
    </span>
  );
}

/** "8.2.4" of "pve-manager/8.2.4/…" */
function versionOf({ pveVersion }: Node): string | null {
  return pveVersion?.replace(/^pve-manager\//, "").split("/")[0] ?? null;
}
