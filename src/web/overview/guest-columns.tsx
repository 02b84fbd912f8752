import { For, type JSX, Show } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, formatUptime, tagsOf, UNKNOWN } from "../format/format.ts";
import { TrendSpark } from "../trends/trends.tsx";
import type { Column } from "../ui/column.ts";
import { Icon } from "../ui/icon.tsx";
import { CPU_LIMITS, DISK_LIMITS, type Limits, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { Pair } from "../ui/pair.tsx";
import { sumOf } from "../ui/sort.ts";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** The columns of guests; `hasTrends`: those of shares have small lines, for which they need room. */
export function guestColumns(hasTrends: boolean): readonly Column<Guest>[] {
  const share = hasTrends ? "minmax(10.5rem, 1.4fr)" : "minmax(6rem, 1fr)";
  return [NAME, ...PLACE, ...STATE, cpu(share), memory(share), ...FIGURES, ...FURTHER];
}

const NAME: Column<Guest> = {
  ...text,
  key: "name",
  name: t("Guest"),
  width: "minmax(12rem, 2.4fr)",
  sortBy: guest => guest.name,
  onPhone: "title",
  cell: guest => (
    <span class="cell-line">
      <StatusDot status={guest().template ? "template" : guest().status} />
      <Icon name={guest().type === "lxc" ? "lxc" : "vm"} class="kind" />
      <span class="name">{guest().name || t("Guest {vmid}", { vmid: guest().vmid })}</span>
      <span class="vmid">{guest().vmid}</span>
      <AlertBadge id={guest().id} />
      <span class="tags">
        <For each={tagsOf(guest()).slice(0, 3)}>{tag => <span class="tag">{tag}</span>}</For>
      </span>
    </span>
  ),
};

const PLACE: readonly Column<Guest>[] = [
  {
    ...text,
    key: "vmid",
    name: t("VMID"),
    width: "4rem",
    extra: true,
    sortBy: guest => guest.vmid,
    cell: guest => <span class="number muted">{guest().vmid}</span>,
  },
  {
    ...text,
    key: "node",
    name: t("Node"),
    width: "minmax(4.5rem, 0.6fr)",
    saidBy: "node",
    sortBy: guest => `${guest.instance} ${guest.node}`,
    cell: guest => <span class="muted">{guest().node}</span>,
  },
  {
    ...text,
    key: "instance",
    name: t("Instance"),
    width: "minmax(5rem, 0.6fr)",
    extra: true,
    sortBy: guest => guest.instance,
    cell: guest => <span class="muted">{guest().instance}</span>,
  },
];

const STATE: readonly Column<Guest>[] = [
  {
    ...text,
    key: "status",
    name: t("Status"),
    width: "minmax(5.5rem, 0.8fr)",
    sortBy: guest => guest.status,
    onPhone: "corner",
    cell: guest => (
      <Show when={guest().stale} fallback={<StatusWord guest={guest()} />}>
        <StaleMark entity={guest()} />
      </Show>
    ),
  },
  {
    ...figure,
    key: "uptime",
    name: t("Uptime"),
    width: "4.75rem",
    sortBy: guest => guest.uptime || null,
    cell: guest => <span class="number">{formatUptime(guest().uptime)}</span>,
  },
];

function cpu(width: string): Column<Guest> {
  return {
    key: "cpu",
    name: t("CPU"),
    numeric: true,
    hint: t("Share of the guest's own cores"),
    width,
    sortBy: guest => guest.cpu,
    onPhone: "fact",
    cell: guest => (
      <Share
        guest={guest()}
        metric="cpu"
        percent={percentOf(guest().cpu)}
        limits={CPU_LIMITS}
        title={guest().cpus === null ? undefined : t("of {what}", { what: plural(guest().cpus ?? 0, "core") })}
      />
    ),
  };
}

function memory(width: string): Column<Guest> {
  return {
    ...figure,
    key: "memory",
    name: t("Memory"),
    width,
    sortBy: guest => guest.memory?.usage ?? null,
    onPhone: "fact",
    cell: guest => (
      <Share
        guest={guest()}
        metric="memory"
        percent={guest().memory?.usage ?? null}
        limits={MEMORY_LIMITS}
        title={guest().memory ? usedText(guest().memory) : t("Not known")}
      />
    ),
  };
}

const FIGURES: readonly Column<Guest>[] = [
  {
    key: "disk",
    name: t("Disk"),
    numeric: true,
    hint: t("Proxmox VE knows how full a container's disk is, not a VM's"),
    width: "minmax(6rem, 1fr)",
    sortBy: guest => knownDisk(guest)?.usage ?? null,
    onPhone: "fact",
    cell: guest => (
      <Show
        when={knownDisk(guest())}
        fallback={<span class="none number">{formatBytes(guest().maxdisk || null)}</span>}
      >
        {disk => <Meter percent={disk().usage} limits={DISK_LIMITS} title={usedText(disk())} />}
      </Show>
    ),
  },
  {
    key: "network",
    name: t("Network"),
    numeric: true,
    hint: t("Received and sent, a second"),
    width: "11.5rem",
    from: 1050,
    sortBy: guest => sumOf(guest.networkIn, guest.networkOut),
    cell: guest => (
      <span class="number pair">
        <Pair
          first={guest().networkIn}
          second={guest().networkOut}
          shown={guest().status === "running"}
          signs={[<Icon name="down" />, <Icon name="up" />]}
        />
      </span>
    ),
  },
  {
    key: "io",
    name: t("Disk I/O"),
    numeric: true,
    hint: t("Read and written, a second"),
    width: "11.5rem",
    from: 1400,
    sortBy: guest => sumOf(guest.diskRead, guest.diskWrite),
    cell: guest => (
      <span class="number pair">
        <Pair
          first={guest().diskRead}
          second={guest().diskWrite}
          shown={guest().status === "running"}
          signs={["R", "W"]}
        />
      </span>
    ),
  },
];

const FURTHER: readonly Column<Guest>[] = [
  {
    ...text,
    key: "type",
    name: t("Type"),
    width: "4.5rem",
    extra: true,
    sortBy: guest => typeName(guest),
    cell: guest => <span class="muted">{typeName(guest())}</span>,
  },
  {
    ...text,
    key: "tags",
    name: t("Tags"),
    width: "minmax(6rem, 1fr)",
    extra: true,
    sortBy: guest => guest.tags,
    cell: guest => <For each={tagsOf(guest())}>{tag => <span class="tag">{tag}</span>}</For>,
  },
  {
    ...text,
    key: "pool",
    name: t("Pool"),
    width: "minmax(5rem, 0.6fr)",
    extra: true,
    sortBy: guest => guest.pool,
    cell: guest => <span class="muted">{guest().pool ?? UNKNOWN}</span>,
  },
  {
    ...figure,
    key: "cores",
    name: t("Cores"),
    width: "3.5rem",
    extra: true,
    sortBy: guest => guest.cpus,
    cell: guest => <span class="number">{guest().cpus ?? UNKNOWN}</span>,
  },
  {
    ...figure,
    key: "ram",
    name: t("Memory, size"),
    width: "6rem",
    extra: true,
    sortBy: guest => guest.maxmem,
    cell: guest => <span class="number">{formatBytes(guest().maxmem || null)}</span>,
  },
  {
    ...text,
    key: "ha",
    name: t("HA"),
    width: "5.5rem",
    extra: true,
    sortBy: guest => guest.hastate,
    cell: guest => <span class="muted">{guest().hastate ?? UNKNOWN}</span>,
  },
];

/** A share with its small line; nothing of a guest that rests. */
function Share(props: {
  guest: Guest;
  metric: "cpu" | "memory";
  percent: number | null;
  limits: Limits;
  title: string | undefined;
}): JSX.Element {
  return (
    <Show when={!isResting(props.guest)} fallback={<span class="none">{UNKNOWN}</span>}>
      <span class="cell-line">
        <Meter percent={props.percent} limits={props.limits} title={props.title} />
        <TrendSpark id={props.guest.id} metric={props.metric} />
      </span>
    </Show>
  );
}

/** "running" needs no word: the dot says it. */
function StatusWord(props: { guest: Guest }): JSX.Element {
  const word = () => (props.guest.template ? "template" : props.guest.status);
  return (
    <>
      <span class="status-word" classList={{ warning: word() === "paused" || word() === "unknown" }}>
        {stateName(word())}
      </span>
      <Show when={props.guest.lock}>{lock => <span class="tag lock">{lock()}</span>}</Show>
    </>
  );
}

/** It does nothing, and is not meant to. */
export function isResting({ status, template }: Guest): boolean {
  return status === "stopped" || template;
}

/** "VM", "LXC" or "Template" */
export function typeName({ type, template }: Guest): string {
  if (template) return t("Template");
  return type === "lxc" ? "LXC" : "VM";
}

function knownDisk({ disk }: Guest): Guest["disk"] {
  return disk && disk.usage >= 0 ? disk : null;
}

function percentOf(share: number | null): number | null {
  return share === null ? null : share * 100;
}

function usedText(measure: { used: number | null; total: number | null } | null): string {
  return t("{used} of {total}", {
    used: formatBytes(measure?.used ?? null),
    total: formatBytes(measure?.total ?? null),
  });
}
