import type { CHART_RANGES } from "../../contract/history-limits.ts";
import { type Instant, KIB, MIB } from "../../kit/units.ts";
import type { BackupServer, Datastore } from "../../model/backup-server.ts";
import type { CephCluster } from "../../model/ceph.ts";
import type { DockerContainer, DockerHostFacts } from "../../model/docker.ts";
import { memoryPercentOf } from "../../model/docker-memory.ts";
import type { Guest } from "../../model/guest.ts";
import type { Node } from "../../model/node.ts";
import type { Storage } from "../../model/storage.ts";
import { type ZfsPool, zfsUsage } from "../../model/zfs.ts";
import { formatBytes, formatPercent, formatRate } from "../format/format.ts";
import type { ValueScale } from "../ui/plot.ts";
import { t } from "../words/words.ts";

/** What has history, by kind. */
export interface Charted {
  guest: Guest;
  node: Node;
  storage: Storage;
  container: DockerContainer;
  dockerHost: DockerHostFacts;
  server: Dated<BackupServer>;
  datastore: Datastore & { stale: boolean; lastSeen: Instant };
  zfs: ZfsPool & { id: string };
  ceph: CephCluster;
}
/** With the time it was seen as a number. */
type Dated<T> = Omit<T, "lastSeen"> & { lastSeen: Instant };
export type ChartedKind = keyof Charted;

/** A line of a chart: a metric of `/api/history`, and its present value, in the same unit. null: unknown now. */
export interface MetricSpec<T> {
  metric: string;
  name: string;
  read: (entity: T) => number | null;
}

export interface ChartSpec<T> {
  title: string;
  scale: ValueScale;
  metrics: readonly MetricSpec<T>[];
}

const PERCENT: ValueScale = { format: formatPercent, floor: 10, top: 100, binary: false };
const RATE: ValueScale = { format: formatRate, floor: KIB, top: null, binary: true };
const SIZE: ValueScale = { format: formatBytes, floor: MIB, top: null, binary: true };

const cpu = {
  metric: "cpu",
  name: t("CPU"),
  read: (entity: Guest | Node) => (entity.cpu === null ? null : entity.cpu * 100),
};
const memory = { metric: "memory", name: t("Memory"), read: (entity: Guest | Node) => entity.memory?.usage ?? null };
const disk = {
  metric: "disk",
  name: t("Disk"),
  // -1 is how a disk says that nobody knows.
  read: ({ disk }: Guest | Node) => (disk && disk.usage >= 0 ? disk.usage : null),
};

/** The charts of each kind, in their order. */
export const CHARTS: { readonly [K in ChartedKind]: readonly ChartSpec<Charted[K]>[] } = {
  guest: [
    { title: t("CPU"), scale: PERCENT, metrics: [cpu] },
    { title: t("Memory"), scale: PERCENT, metrics: [memory] },
    { title: t("Disk"), scale: PERCENT, metrics: [disk] },
    {
      title: t("Network"),
      scale: RATE,
      metrics: [
        { metric: "networkIn", name: t("In"), read: guest => guest.networkIn },
        { metric: "networkOut", name: t("Out"), read: guest => guest.networkOut },
      ],
    },
    {
      title: t("Disk I/O"),
      scale: RATE,
      metrics: [
        { metric: "diskRead", name: t("Read"), read: guest => guest.diskRead },
        { metric: "diskWrite", name: t("Written"), read: guest => guest.diskWrite },
      ],
    },
  ],
  node: [
    { title: t("CPU"), scale: PERCENT, metrics: [cpu] },
    { title: t("Memory"), scale: PERCENT, metrics: [memory] },
    { title: t("Root disk"), scale: PERCENT, metrics: [disk] },
  ],
  storage: [
    {
      title: t("Space"),
      scale: SIZE,
      metrics: [
        { metric: "used", name: t("Used"), read: storage => storage.used },
        { metric: "total", name: t("Size"), read: storage => storage.total },
      ],
    },
    {
      title: t("Share used"),
      scale: PERCENT,
      metrics: [{ metric: "usage", name: t("Used"), read: storage => storage.usage }],
    },
  ],
  container: [
    {
      title: t("CPU"),
      scale: { ...PERCENT, top: null },
      metrics: [{ metric: "cpu", name: t("CPU"), read: one => one.cpuPercent }],
    },
    {
      title: t("Memory"),
      scale: PERCENT,
      metrics: [{ metric: "memory", name: t("Memory"), read: one => one.memoryPercent }],
    },
    {
      title: t("Network"),
      scale: RATE,
      metrics: [
        { metric: "networkIn", name: t("In"), read: one => one.networkIn },
        { metric: "networkOut", name: t("Out"), read: one => one.networkOut },
      ],
    },
    {
      title: t("Disk I/O"),
      scale: RATE,
      metrics: [
        { metric: "diskRead", name: t("Read"), read: one => one.diskRead },
        { metric: "diskWrite", name: t("Written"), read: one => one.diskWrite },
      ],
    },
  ],
  dockerHost: [
    {
      title: t("CPU"),
      scale: PERCENT,
      metrics: [{ metric: "cpu", name: t("CPU"), read: ({ cpuPercent }) => cpuPercent }],
    },
    {
      title: t("Memory"),
      scale: PERCENT,
      metrics: [{ metric: "memory", name: t("Memory"), read: host => memoryPercentOf(host) }],
    },
  ],
  server: [
    { title: t("CPU"), scale: PERCENT, metrics: [{ metric: "cpu", name: t("CPU"), read: ({ cpu }) => cpu }] },
    {
      title: t("Memory"),
      scale: PERCENT,
      metrics: [{ metric: "memory", name: t("Memory"), read: ({ memory }) => memory }],
    },
  ],
  datastore: [
    {
      title: t("Space"),
      scale: SIZE,
      metrics: [
        { metric: "used", name: t("Used"), read: ({ used }) => used },
        { metric: "total", name: t("Size"), read: ({ total }) => total },
      ],
    },
  ],
  zfs: [
    {
      title: t("Share used"),
      scale: PERCENT,
      metrics: [{ metric: "usage", name: t("Used"), read: pool => zfsUsage(pool) }],
    },
  ],
  ceph: [
    {
      title: t("Share used"),
      scale: PERCENT,
      metrics: [{ metric: "usage", name: t("Used"), read: ({ usagePercent }) => usagePercent }],
    },
  ],
};

export type RangeName = keyof typeof CHART_RANGES;
/** The ranges that are offered, in their order: as far back as Pulse itself keeps something unless told otherwise. */
export const RANGES: readonly RangeName[] = ["5m", "1h", "4h", "24h", "7d", "30d", "90d", "1y", "2y", "5y"];
export const USUAL_RANGE: RangeName = "1h";

/** The range that an address names; an unknown one is the usual one. */
export function toRange(text: string): RangeName {
  return RANGES.find(range => range === text) ?? USUAL_RANGE;
}
