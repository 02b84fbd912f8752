import type { Percent, Ratio } from "../kit/units.ts";
import type { BackupServer, Datastore } from "../model/backup-server.ts";
import type { CephCluster } from "../model/ceph.ts";
import type { DockerContainer, DockerHostFacts } from "../model/docker.ts";
import { memoryPercentOf } from "../model/docker-memory.ts";
import type { Guest } from "../model/guest.ts";
import { zfsPoolId } from "../model/ids.ts";
import type { MailGateway } from "../model/mail-gateway.ts";
import type { Node } from "../model/node.ts";
import { allOf, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import { type ZfsPool, zfsUsage } from "../model/zfs.ts";
import { LARGEST } from "./packing.ts";

/** What history is kept of. */
interface Entities {
  node: Node;
  guest: Guest;
  storage: Storage;
  docker: DockerContainer;
  dockerHost: DockerHostFacts;
  server: BackupServer;
  datastore: Datastore & { stale: boolean };
  gateway: MailGateway;
  zfs: ZfsPool & { id: string };
  ceph: CephCluster;
}
export type Kind = keyof Entities;

interface Metric<T> {
  readonly name: string;
  /** Decimals that are kept; -3: whole thousands. A series keeps those that it began with. */
  readonly decimals: number;
  /** null: unknown now, which leaves a gap. */
  readonly read: (entity: T) => number | null;
}

/** Every metric, a row each. To add one: a row. To add a kind: a line in `Entities`, its rows here and its part of the picture below. */
export const METRICS: { readonly [K in Kind]: readonly Metric<Entities[K]>[] } = {
  node: [
    { name: "cpu", decimals: 2, read: ({ cpu }) => toPercent(cpu) },
    { name: "memory", decimals: 2, read: ({ memory }) => memory?.usage ?? null },
    { name: "disk", decimals: 2, read: ({ disk }) => knownUsage(disk) },
  ],
  guest: [
    { name: "cpu", decimals: 2, read: ({ cpu }) => toPercent(cpu) },
    { name: "memory", decimals: 2, read: ({ memory }) => memory?.usage ?? null },
    { name: "disk", decimals: 2, read: ({ disk }) => knownUsage(disk) },
    { name: "networkIn", decimals: 0, read: ({ networkIn }) => networkIn },
    { name: "networkOut", decimals: 0, read: ({ networkOut }) => networkOut },
    { name: "diskRead", decimals: 0, read: ({ diskRead }) => diskRead },
    { name: "diskWrite", decimals: 0, read: ({ diskWrite }) => diskWrite },
  ],
  storage: [
    { name: "usage", decimals: 2, read: ({ usage }) => usage },
    { name: "used", decimals: -3, read: ({ used }) => used },
    { name: "total", decimals: -3, read: ({ total }) => total },
    { name: "avail", decimals: -3, read: ({ avail }) => avail },
  ],
  docker: [
    { name: "cpu", decimals: 2, read: ({ cpuPercent }) => cpuPercent },
    { name: "memory", decimals: 2, read: ({ memoryPercent }) => memoryPercent },
    { name: "memoryBytes", decimals: -3, read: ({ memoryUsageBytes }) => memoryUsageBytes },
    { name: "networkIn", decimals: 0, read: ({ networkIn }) => networkIn },
    { name: "networkOut", decimals: 0, read: ({ networkOut }) => networkOut },
    { name: "diskRead", decimals: 0, read: ({ diskRead }) => diskRead },
    { name: "diskWrite", decimals: 0, read: ({ diskWrite }) => diskWrite },
  ],
  dockerHost: [
    { name: "cpu", decimals: 2, read: ({ cpuPercent }) => cpuPercent },
    { name: "memory", decimals: 2, read: host => memoryPercentOf(host) },
  ],
  server: [
    { name: "cpu", decimals: 2, read: ({ cpu }) => cpu },
    { name: "memory", decimals: 2, read: ({ memory }) => memory },
  ],
  datastore: [
    { name: "usage", decimals: 2, read: ({ usage }) => usage },
    { name: "used", decimals: -3, read: ({ used }) => used },
    { name: "total", decimals: -3, read: ({ total }) => total },
  ],
  gateway: [
    { name: "quarantineSpam", decimals: 0, read: ({ quarantine }) => quarantine?.spam ?? null },
    { name: "quarantineVirus", decimals: 0, read: ({ quarantine }) => quarantine?.virus ?? null },
  ],
  zfs: [
    { name: "usage", decimals: 2, read: pool => zfsUsage(pool) },
    { name: "used", decimals: -3, read: ({ size, free }) => (size === null || free === null ? null : size - free) },
    { name: "total", decimals: -3, read: ({ size }) => size },
  ],
  ceph: [
    { name: "usage", decimals: 2, read: ({ usagePercent }) => usagePercent },
    { name: "used", decimals: -3, read: ({ usedBytes }) => usedBytes },
    { name: "total", decimals: -3, read: ({ totalBytes }) => totalBytes },
  ],
};

const PARTS: { readonly [K in Kind]: (picture: Picture) => Entities[K][] } = {
  node: picture => allOf(picture, "nodes"),
  guest: picture => [...allOf(picture, "vms"), ...allOf(picture, "containers")],
  storage: picture => allOf(picture, "storage"),
  docker: picture => allOf(picture, "dockerContainers"),
  dockerHost: ({ dockerHosts }) => Object.values(dockerHosts),
  server: ({ pbs }) => Object.values(pbs),
  datastore: ({ pbs }) =>
    Object.values(pbs).flatMap(({ datastores, stale }) => datastores.map(store => ({ ...store, stale }))),
  gateway: ({ pmg }) => Object.values(pmg),
  zfs: picture =>
    allOf(picture, "nodes").flatMap(({ instance, node, zfsPools, stale }) =>
      (zfsPools ?? []).map(pool => ({ ...pool, id: zfsPoolId(instance, node, pool.name), stale: stale || pool.stale })),
    ),
  ceph: ({ cephClusters }) => Object.values(cephClusters),
};

/** What is known of one entity at one instant: a value for each metric of its kind, in the table's order. */
export interface Samples {
  kind: Kind;
  resource: string;
  values: readonly (number | null)[];
}

/** The present values of everything in the picture that is not stale. */
export function* samplesOf(picture: Picture): Generator<Samples> {
  for (const { kind, resource, values } of passingSamplesOf(picture)) yield { kind, resource, values: [...values] };
}

/** The same, one after the other. NOTE: it is one object, and the next takes the place of the last: thousands are never there at once. */
export function* passingSamplesOf(picture: Picture): Generator<Samples> {
  for (const kind of Object.keys(METRICS) as Kind[]) {
    const metrics: readonly Metric<never>[] = METRICS[kind];
    const values: (number | null)[] = metrics.map(() => null);
    const passing = { kind, resource: "", values };
    for (const entity of PARTS[kind](picture)) {
      if (entity.stale) continue;
      passing.resource = entity.id;
      for (let place = 0; place < metrics.length; place++)
        values[place] = (metrics[place] as Metric<never>).read(entity as never);
      yield passing;
    }
  }
}

/** `value` in whole units of a metric; null: not known, or nothing that can be kept. */
export function toUnits(value: number | null | undefined, decimals: number): number | null {
  if (value === null || value === undefined) return null;
  const units = decimals >= 0 ? Math.round(value * tenTo(decimals)) : Math.round(value / tenTo(-decimals));
  return Math.abs(units) <= LARGEST ? units : null;
}

/** NOTE: a power takes ten times as long as to look it up, and a tick needs one for every sample. */
function tenTo(power: number): number {
  return TENS[power] ?? 10 ** power;
}
const TENS = [1, 10, 100, 1000];

/** The value of `units`, which may be a mean. */
export function fromUnits(units: number, decimals: number): number {
  return decimals >= 0 ? Math.round(units) / 10 ** decimals : Math.round(units) * 10 ** -decimals;
}

function toPercent(share: Ratio | null): Percent | null {
  return share === null ? null : share * 100;
}

/** -1 is how a disk says that nobody knows. */
function knownUsage(disk: { usage: Percent } | null): Percent | null {
  return disk === null || disk.usage < 0 ? null : disk.usage;
}
