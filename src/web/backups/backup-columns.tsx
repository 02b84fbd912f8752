import { type JSX, Show } from "solid-js";
import type { Instant } from "../../kit/units.ts";
import type { Datastore } from "../../model/backup-server.ts";
import { isBackupRecent } from "../../model/not-known.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatAgo, formatBytes, formatNumber, formatTime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { Column } from "../ui/column.ts";
import { byText } from "../ui/grouping.ts";
import { Icon } from "../ui/icon.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { notKnownText } from "../words/not-known.ts";
import { stateName } from "../words/states.ts";
import { plural, t, told } from "../words/words.ts";
import type { FailedRun, GuestBackups } from "./backup-rows.ts";
import type { Backup } from "./finding-backups.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** How long ago, with the time itself as a tooltip. */
function Ago(props: { at: Instant }): JSX.Element {
  const live = useLive();
  return (
    <span class="number" title={formatTime(props.at)}>
      {formatAgo(props.at, live.now())}
    </span>
  );
}

function Verification(props: { of: Backup }): JSX.Element {
  return (
    <Show when={props.of.verification} fallback={<span class="muted">{UNKNOWN}</span>}>
      {found => (
        <span class="status-word" classList={{ critical: found() === "failed" }}>
          {found() === "ok" ? t("verified") : t("failed")}
        </span>
      )}
    </Show>
  );
}

function LastBackup(props: { of: GuestBackups }): JSX.Element {
  const live = useLive();
  return (
    <Show
      when={props.of.last}
      fallback={
        <Show when={props.of.unknown} fallback={<span class="status-word critical">{t("no backup")}</span>}>
          {unknown => (
            <span class="muted" title={notKnownText(unknown())}>
              {notKnownText(unknown())}
            </span>
          )}
        </Show>
      }
    >
      {last => (
        <span
          classList={{ "status-word warning": props.of.unknown === null && !isBackupRecent(last().at, live.now()) }}
          title={
            props.of.unknown ? t("A newer one: {unknown}", { unknown: notKnownText(props.of.unknown) }) : undefined
          }
        >
          <Ago at={last().at} />
        </span>
      )}
    </Show>
  );
}

/** The columns of the guests, by how well they are backed up. */
export const GUESTS: readonly Column<GuestBackups>[] = [
  {
    ...text,
    key: "guest",
    name: t("Guest"),
    width: "minmax(13rem, 1.6fr)",
    sortBy: row => row.guest.name,
    onPhone: "title",
    cell: row => (
      <span class="cell-line">
        <Icon name={row().guest.type === "lxc" ? "lxc" : "vm"} class="kind" />
        <span class="name">{row().guest.name}</span>
        <AlertBadge id={row().guest.id} />
        <span class="vmid">{row().guest.vmid}</span>
      </span>
    ),
  },
  {
    ...text,
    key: "instance",
    name: t("Instance"),
    width: "minmax(5rem, 0.8fr)",
    sortBy: row => row.guest.instance,
    cell: row => <span class="muted">{row().guest.instance}</span>,
  },
  {
    key: "last",
    name: t("Last backup"),
    numeric: false,
    hint: t("Guests without one come first"),
    width: "minmax(7rem, 1fr)",
    sortBy: row => row.last?.at ?? 0,
    onPhone: "corner",
    cell: row => <LastBackup of={row()} />,
  },
  {
    ...text,
    key: "job",
    name: t("Job"),
    width: "6rem",
    sortBy: row => (row.guest.inBackupJob === null ? null : Number(row.guest.inBackupJob)),
    onPhone: "fact",
    cell: row => (
      <span class="status-word" classList={{ warning: row().guest.inBackupJob === false }}>
        {row().guest.inBackupJob === null ? UNKNOWN : row().guest.inBackupJob ? t("scheduled") : t("no job")}
      </span>
    ),
  },
  {
    ...text,
    key: "place",
    name: t("Where"),
    width: "minmax(9rem, 1.6fr)",
    from: 1050,
    sortBy: row => row.last?.place ?? null,
    cell: row => <span class="muted">{row().last?.place ?? UNKNOWN}</span>,
  },
  {
    ...figure,
    key: "size",
    name: t("Size"),
    width: "6rem",
    sortBy: row => row.last?.size ?? null,
    onPhone: "fact",
    cell: row => <span class="number">{formatBytes(row().last?.size ?? null)}</span>,
  },
  {
    ...text,
    key: "verified",
    name: t("Verified"),
    width: "8rem",
    sortBy: row => ["failed", "ok"].indexOf(row.last?.verification ?? "") + 1 || null,
    onPhone: "fact",
    cell: row => <Show when={row().last}>{last => <Verification of={last()} />}</Show>,
  },
  {
    ...figure,
    key: "count",
    name: t("Kept"),
    width: "6rem",
    sortBy: row => row.count,
    cell: row => <span class="number">{row().count}</span>,
  },
];

export const GUEST_GROUPINGS = [
  byText<GuestBackups>("instance", t("By instance"), ({ guest }) => guest.instance),
  byText<GuestBackups>("node", t("By node"), ({ guest }) => guest.node),
  byText<GuestBackups>("place", t("By place"), ({ last }) => last?.place ?? null, { unnamed: t("none seen") }),
];

/** The columns of all backups. */
export const BACKUPS: readonly Column<Backup>[] = [
  {
    ...text,
    key: "title",
    name: t("Backup of"),
    width: "minmax(13rem, 1.6fr)",
    sortBy: row => row.title,
    onPhone: "title",
    cell: row => (
      <span class="cell-line">
        <span class="name">{row().title}</span>
        <Show when={row().protected}>
          <span class="tag">{t("protected")}</span>
        </Show>
      </span>
    ),
  },
  {
    ...figure,
    key: "at",
    name: t("Made"),
    width: "minmax(11rem, 1fr)",
    sortBy: row => row.at,
    onPhone: "corner",
    cell: row => <span class="number">{formatTime(row().at)}</span>,
  },
  {
    ...text,
    key: "place",
    name: t("Where"),
    width: "minmax(9rem, 1.6fr)",
    from: 1050,
    sortBy: row => row.place,
    cell: row => <span class="muted">{row().place}</span>,
  },
  {
    ...figure,
    key: "size",
    name: t("Size"),
    width: "6rem",
    sortBy: row => row.size,
    onPhone: "fact",
    cell: row => <span class="number">{formatBytes(row().size)}</span>,
  },
  {
    ...text,
    key: "verified",
    name: t("Verified"),
    width: "8rem",
    sortBy: row => ["failed", "ok"].indexOf(row.verification ?? "") + 1 || null,
    onPhone: "fact",
    cell: row => <Verification of={row()} />,
  },
];

export const BACKUP_GROUPINGS = [
  byText<Backup>("guest", t("By guest"), ({ title }) => title),
  byText<Backup>("place", t("By place"), ({ place }) => place),
];

/** The columns of what failed. */
export const FAILED: readonly Column<FailedRun>[] = [
  {
    ...text,
    key: "subject",
    name: t("What"),
    width: "minmax(10rem, 1fr)",
    sortBy: row => row.subject,
    onPhone: "title",
    cell: row => (
      <span class="cell-line">
        <StatusDot status="FAILED" />
        <span class="name">{row().subject}</span>
        <Show when={row().times > 1}>
          <span class="tag">{t("{times} times", { times: row().times })}</span>
        </Show>
      </span>
    ),
  },
  {
    ...figure,
    key: "at",
    name: t("When"),
    width: "7rem",
    sortBy: row => row.at,
    onPhone: "corner",
    cell: row => <Ago at={row().at} />,
  },
  {
    ...text,
    key: "place",
    name: t("Where"),
    width: "minmax(8rem, 1fr)",
    from: 1050,
    sortBy: row => row.place,
    cell: row => <span class="muted">{row().place}</span>,
  },
  {
    ...text,
    key: "error",
    name: t("What it said"),
    width: "minmax(12rem, 3fr)",
    sortBy: row => row.error,
    onPhone: "line",
    cell: row => <span title={row().error}>{row().error}</span>,
  },
];

/** A datastore and the server that has it. */
export interface DatastoreRow {
  id: string;
  server: string;
  serverId: string;
  store: Datastore;
  stale: boolean;
  lastSeen: number;
  fault: string | null;
}

/** The columns of the datastores of all Backup Servers. */
export const DATASTORES: readonly Column<DatastoreRow>[] = [
  {
    ...text,
    key: "name",
    name: t("Datastore"),
    width: "minmax(11rem, 1.4fr)",
    sortBy: row => row.store.name,
    onPhone: "title",
    cell: row => (
      <span class="cell-line">
        <StatusDot status={row().store.status === "available" ? "online" : "paused"} />
        <span class="name">{row().store.name}</span>
        <AlertBadge id={row().store.id} />
        <StaleMark entity={row()} />
      </span>
    ),
  },
  {
    ...text,
    key: "server",
    name: t("Server"),
    width: "minmax(6rem, 1fr)",
    sortBy: row => row.server,
    onPhone: "corner",
    cell: row => <span class="muted">{row().server}</span>,
  },
  {
    ...figure,
    key: "usage",
    name: t("Used"),
    width: "minmax(8rem, 1.2fr)",
    sortBy: row => row.store.usage,
    onPhone: "fact",
    cell: row => <Meter percent={row().store.usage} limits={DISK_LIMITS} />,
  },
  {
    ...figure,
    key: "free",
    name: t("Free"),
    width: "6rem",
    sortBy: row => row.store.free,
    onPhone: "fact",
    cell: row => <span class="number">{formatBytes(row().store.free)}</span>,
  },
  {
    key: "full",
    name: t("Full in"),
    numeric: false,
    hint: t("At the present pace, as the server estimates"),
    width: "6rem",
    sortBy: row => row.store.daysUntilFull,
    onPhone: "fact",
    cell: row => (
      <span class="number" classList={{ "status-word warning": (row().store.daysUntilFull ?? 99) < 14 }}>
        {row().store.daysUntilFull === null ? UNKNOWN : plural(Math.round(row().store.daysUntilFull ?? 0), "day")}
      </span>
    ),
  },
  {
    key: "dedup",
    name: t("Dedup"),
    numeric: true,
    hint: t("Bytes of backups for each byte on disk"),
    width: "5rem",
    sortBy: row => row.store.deduplicationFactor,
    cell: row => (
      <span class="number">
        {row().store.deduplicationFactor === null
          ? UNKNOWN
          : `${formatNumber(row().store.deduplicationFactor ?? 0, 1)}×`}
      </span>
    ),
  },
  {
    ...text,
    key: "error",
    name: t("State"),
    width: "minmax(8rem, 1.4fr)",
    from: 1050,
    sortBy: row => row.store.status,
    cell: row => (
      <span class="muted" title={row().store.error ? told(row().store.error ?? "") : undefined}>
        {row().store.error ? told(row().store.error ?? "") : stateName(row().store.status)}
      </span>
    ),
  },
];
