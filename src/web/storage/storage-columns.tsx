import { Show } from "solid-js";
import type { CephCluster } from "../../model/ceph.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import type { Storage } from "../../model/storage.ts";
import { zfsUsage } from "../../model/zfs.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, UNKNOWN } from "../format/format.ts";
import { scanText } from "../format/scan-text.ts";
import type { Column } from "../ui/column.ts";
import { byText } from "../ui/grouping.ts";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";
import { errorsOf, storageStatus, type ZfsRow } from "./storage-rows.ts";

const text = { numeric: false, hint: null };
const figure = { numeric: true, hint: null };

/** The columns of the table of storages. */
export const STORAGES: readonly Column<Storage>[] = [
  {
    ...text,
    key: "name",
    name: t("Storage"),
    width: "minmax(11rem, 1.6fr)",
    sortBy: storage => storage.name,
    onPhone: "title",
    cell: storage => (
      <span class="cell-line">
        <StatusDot status={storageStatus(storage())} />
        <span class="name">{storage().name}</span>
        <AlertBadge id={storage().id} />
        <Show when={storage().shared}>
          <span class="tag">{t("shared")}</span>
        </Show>
        <StaleMark entity={storage()} />
      </span>
    ),
  },
  {
    ...text,
    key: "node",
    name: t("Node"),
    width: "minmax(7rem, 1fr)",
    sortBy: storage => `${storage.instance} ${storage.shared ? "" : storage.node}`,
    onPhone: "corner",
    cell: storage => (
      <>
        {storage().shared
          ? storage().nodes.length === 1
            ? storage().nodes[0]
            : plural(storage().nodes.length, "node")
          : storage().node}{" "}
        <span class="muted">{storage().instance}</span>
      </>
    ),
  },
  {
    ...text,
    key: "type",
    name: t("Type"),
    width: "6rem",
    sortBy: storage => storage.type,
    cell: storage => storage().type,
  },
  {
    ...figure,
    key: "usage",
    name: t("Used"),
    width: "minmax(8rem, 1.2fr)",
    sortBy: storage => storage.usage,
    onPhone: "fact",
    cell: storage => (
      <Show
        when={storage().active}
        fallback={<span class="muted">{storage().enabled ? t("not active") : t("disabled")}</span>}
      >
        <Meter percent={storage().usage} limits={DISK_LIMITS} />
      </Show>
    ),
  },
  {
    ...figure,
    key: "avail",
    name: t("Free"),
    width: "6rem",
    sortBy: storage => storage.avail,
    onPhone: "fact",
    cell: storage => <span class="number">{formatBytes(storage().avail)}</span>,
  },
  {
    ...figure,
    key: "total",
    name: t("Size"),
    width: "6rem",
    sortBy: storage => storage.total,
    cell: storage => <span class="number muted">{formatBytes(storage().total)}</span>,
  },
  {
    ...text,
    key: "content",
    name: t("Content"),
    width: "minmax(8rem, 1.4fr)",
    from: 1050,
    sortBy: storage => storage.content,
    cell: storage => <span class="muted">{storage().content.split(",").join(", ")}</span>,
  },
];

export const STORAGE_GROUPINGS = [
  byText<Storage>("node", t("By node"), one => (one.shared ? null : one.node), { unnamed: t("Shared") }),
  byText<Storage>("instance", t("By instance"), ({ instance }) => instance),
  byText<Storage>("type", t("By type"), ({ type }) => type),
];

/** The columns of the table of Ceph clusters. */
export const CEPH: readonly Column<CephCluster>[] = [
  {
    ...text,
    key: "name",
    name: t("Cluster"),
    width: "minmax(10rem, 1.2fr)",
    sortBy: ceph => ceph.name,
    onPhone: "title",
    cell: ceph => (
      <span class="cell-line">
        <StatusDot status={ceph().health} />
        <span class="name">{ceph().name}</span>
        <AlertBadge id={ceph().id} />
        <StaleMark entity={ceph()} />
      </span>
    ),
  },
  {
    ...text,
    key: "health",
    name: t("Health"),
    width: "minmax(10rem, 2fr)",
    sortBy: ceph => ceph.health,
    onPhone: "corner",
    cell: ceph => (
      <span
        class="status-word"
        classList={{ warning: ceph().health === "HEALTH_WARN", critical: ceph().health === "HEALTH_ERR" }}
        title={ceph().healthMessage ?? undefined}
      >
        {stateName(ceph().health.replace("HEALTH_", "").toLowerCase())}
        {ceph().healthMessage ? `: ${ceph().healthMessage}` : ""}
      </span>
    ),
  },
  {
    ...figure,
    key: "usage",
    name: t("Used"),
    width: "minmax(8rem, 1.2fr)",
    sortBy: ceph => ceph.usagePercent,
    onPhone: "fact",
    cell: ceph => <Meter percent={ceph().usagePercent} limits={DISK_LIMITS} />,
  },
  {
    ...figure,
    key: "free",
    name: t("Free"),
    width: "6rem",
    sortBy: ceph => ceph.availableBytes,
    onPhone: "fact",
    cell: ceph => <span class="number">{formatBytes(ceph().availableBytes)}</span>,
  },
  {
    ...figure,
    key: "osds",
    name: t("OSDs up"),
    width: "6rem",
    sortBy: ceph => ceph.numOsdsUp,
    cell: ceph => (
      <span class="number">
        {ceph().numOsdsUp ?? UNKNOWN}
        <span class="muted">/{ceph().numOsds ?? UNKNOWN}</span>
      </span>
    ),
  },
];

/** The columns of the table of ZFS pools. */
export const ZFS: readonly Column<ZfsRow>[] = [
  {
    ...text,
    key: "name",
    name: t("Pool"),
    width: "minmax(10rem, 1.2fr)",
    sortBy: row => row.pool.name,
    onPhone: "title",
    cell: row => (
      <span class="cell-line">
        <StatusDot status={row().pool.state} />
        <span class="name">{row().pool.name}</span>
        <AlertBadge id={row().id} />
        <StaleMark entity={row()} />
      </span>
    ),
  },
  {
    ...text,
    key: "node",
    name: t("Node"),
    width: "minmax(7rem, 1fr)",
    sortBy: row => `${row.instance} ${row.node}`,
    onPhone: "corner",
    cell: row => (
      <>
        {row().node} <span class="muted">{row().instance}</span>
      </>
    ),
  },
  {
    ...text,
    key: "state",
    name: t("State"),
    width: "minmax(8rem, 1.4fr)",
    sortBy: row => row.pool.state,
    onPhone: "fact",
    cell: row => (
      <span class="status-word" classList={{ critical: row().pool.state !== "ONLINE" }}>
        {row().pool.state}
      </span>
    ),
  },
  {
    ...figure,
    key: "usage",
    name: t("Used"),
    width: "minmax(8rem, 1.2fr)",
    sortBy: row => zfsUsage(row.pool),
    onPhone: "fact",
    cell: row => <Meter percent={zfsUsage(row().pool)} limits={DISK_LIMITS} />,
  },
  {
    ...figure,
    key: "errors",
    name: t("Errors"),
    width: "6rem",
    sortBy: row => errorsOf(row.pool),
    cell: row => (
      <span class="number" classList={{ "status-word critical": (errorsOf(row().pool) ?? 0) > 0 }}>
        {errorsOf(row().pool) ?? UNKNOWN}
      </span>
    ),
  },
  {
    ...text,
    key: "scan",
    name: t("Last scrub"),
    width: "minmax(10rem, 2fr)",
    from: 1050,
    sortBy: row => row.pool.scan,
    cell: row => (
      <span class="muted" title={row().pool.scan ?? ""}>
        {scanText(row().pool.scan)}
      </span>
    ),
  },
];

export const ZFS_GROUPINGS = [
  byText<ZfsRow>("node", t("By node"), ({ node }) => node),
  byText<ZfsRow>("state", t("By state"), ({ pool }) => pool.state),
];

/** The columns of the table of physical disks. */
export const DISKS: readonly Column<PhysicalDisk>[] = [
  {
    ...text,
    key: "node",
    name: t("Node"),
    width: "minmax(7rem, 1fr)",
    sortBy: disk => `${disk.instance} ${disk.node} ${disk.devPath}`,
    onPhone: "corner",
    cell: disk => (
      <>
        {disk().node} <span class="muted">{disk().instance}</span>
      </>
    ),
  },
  {
    ...text,
    key: "device",
    name: t("Disk"),
    width: "minmax(9rem, 1fr)",
    sortBy: disk => disk.devPath,
    onPhone: "title",
    cell: disk => (
      <span class="cell-line">
        <StatusDot status={disk().health} />
        <span class="name">{disk().devPath}</span>
        <AlertBadge id={disk().id} />
        <StaleMark entity={disk()} />
      </span>
    ),
  },
  {
    ...text,
    key: "model",
    name: t("Model"),
    width: "minmax(10rem, 1.6fr)",
    from: 1050,
    sortBy: disk => disk.model,
    cell: disk => disk().model || UNKNOWN,
  },
  {
    ...text,
    key: "kind",
    name: t("Kind"),
    width: "4rem",
    sortBy: disk => disk.type,
    cell: disk => <span class="muted">{disk().type}</span>,
  },
  {
    ...figure,
    key: "size",
    name: t("Size"),
    width: "5.5rem",
    sortBy: disk => disk.size,
    cell: disk => <span class="number">{formatBytes(disk().size)}</span>,
  },
  {
    ...text,
    key: "health",
    name: "SMART",
    width: "6rem",
    sortBy: disk => ["FAILED", "UNKNOWN", "PASSED"].indexOf(disk.health),
    onPhone: "fact",
    cell: disk => (
      <span class="status-word" classList={{ critical: disk().health === "FAILED" }}>
        {disk().health === "UNKNOWN" ? t("not told") : stateName(disk().health.toLowerCase())}
      </span>
    ),
  },
  {
    key: "wear",
    name: t("Wear"),
    numeric: true,
    hint: t("How much of the disk's life is used up, as the disk tells"),
    width: "minmax(7.5rem, 1fr)",
    sortBy: disk => (disk.wearout < 0 ? null : 100 - disk.wearout),
    onPhone: "fact",
    cell: disk => <Meter percent={disk().wearout < 0 ? null : 100 - disk().wearout} limits={DISK_LIMITS} />,
  },
  {
    ...figure,
    key: "temperature",
    name: "Temp.",
    width: "4.5rem",
    sortBy: disk => disk.temperature,
    onPhone: "fact",
    cell: disk => <span class="number">{disk().temperature === null ? UNKNOWN : `${disk().temperature} °C`}</span>,
  },
  {
    ...text,
    key: "used",
    name: t("Used for"),
    width: "minmax(6rem, 1fr)",
    from: 1400,
    sortBy: disk => disk.used,
    cell: disk => <span class="muted">{disk().used || UNKNOWN}</span>,
  },
];

export const DISK_GROUPINGS = [
  byText<PhysicalDisk>("node", t("By node"), ({ node }) => node),
  byText<PhysicalDisk>("model", t("By model"), ({ model }) => model),
  byText<PhysicalDisk>("kind", t("By kind"), ({ type }) => type),
];
