import { type Instant, SECOND } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import type { Node } from "../../model/node.ts";
import { isBackupRecent, unknownBackups } from "../../model/not-known.ts";
import type { Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import type { Family, Sample } from "./exposition.ts";

/** Who something is, by the names of prometheus-pve-exporter; `pulse_instance` tells clusters apart, in which the same ids occur. */
type Id = { id: string; pulse_instance: string };

const nodeLabels = ({ node, instance }: Node): Id => ({ id: `node/${node}`, pulse_instance: instance });
const guestLabels = ({ type, vmid, instance }: Guest): Id => ({ id: `${type}/${vmid}`, pulse_instance: instance });

/** The exporter lists a shared storage once a node. */
function storageLabels({ storage, nodes, instance }: Storage): (Id & { node: string })[] {
  return nodes.map(node => ({ id: `storage/${node}/${storage}`, pulse_instance: instance, node }));
}

/**
 * What the field's exporter of Proxmox VE tells, under its names, so that its dashboards and alerts keep working. What is unknown or stale
 * is left out. Its counters of network and disk are not among them: what is watched here are rates, and they have names of their own.
 */
export function* proxmoxFamilies(picture: Picture): Generator<Family> {
  const nodes = Object.values(picture.nodes);
  const guests = [...Object.values(picture.vms), ...Object.values(picture.containers)];
  const storages = Object.values(picture.storage);
  const backups = newestBackups(picture);
  const fresh = { nodes: nodes.filter(isFresh), guests: guests.filter(isFresh), storages: storages.filter(isFresh) };
  const gauge = (name: string, help: string, samples: Iterable<Sample>): Family => ({
    name,
    help,
    type: "gauge",
    samples,
  });
  const ofAll = (
    ofNode: ((node: Node) => number | null) | null,
    ofGuest: ((guest: Guest) => number | null) | null,
    ofStorage: ((storage: Storage) => number | null) | null = null,
  ): Sample[] => [
    ...(ofNode ? fresh.nodes.map((node): Sample => [nodeLabels(node), ofNode(node)]) : []),
    ...(ofGuest ? fresh.guests.map((guest): Sample => [guestLabels(guest), ofGuest(guest)]) : []),
    ...(ofStorage
      ? fresh.storages.flatMap(one => storageLabels(one).map(({ node: _, ...id }): Sample => [id, ofStorage(one)]))
      : []),
  ];
  const guestRate = (name: string, help: string, of: (guest: Guest) => number | null) =>
    gauge(`pulse_guest_${name}_bytes_per_second`, help, ofAll(null, of));

  yield gauge("pve_up", "Whether a node is online, a guest runs, a storage is available, a cluster is quorate", [
    ...nodes.map((node): Sample => [nodeLabels(node), node.status === "unknown" ? null : node.status === "online"]),
    ...fresh.guests.map((guest): Sample => [guestLabels(guest), isKnown(guest) ? guest.status === "running" : null]),
    ...fresh.storages.flatMap(one => storageLabels(one).map(({ node: _, ...id }): Sample => [id, one.active])),
    ...Object.values(picture.instances).map(
      ({ id, clusterName, quorate }): Sample => [
        { id: `cluster/${clusterName ?? id}`, pulse_instance: id },
        clusterName === null ? null : quorate,
      ],
    ),
  ]);
  yield gauge(
    "pve_cpu_usage_ratio",
    "Share of the CPUs in use, 0 to 1",
    ofAll(
      ({ cpu }) => cpu,
      ({ cpu }) => cpu,
    ),
  );
  yield gauge(
    "pve_cpu_usage_limit",
    "Number of CPUs",
    ofAll(
      ({ cpuInfo }) => cpuInfo?.cores ?? null,
      ({ cpus }) => cpus,
    ),
  );
  yield gauge(
    "pve_memory_usage_bytes",
    "Memory in use",
    ofAll(
      ({ mem }) => mem,
      ({ mem }) => mem,
    ),
  );
  yield gauge(
    "pve_memory_size_bytes",
    "Memory there is",
    ofAll(
      ({ maxmem }) => maxmem,
      ({ maxmem }) => maxmem,
    ),
  );
  yield gauge(
    "pve_disk_usage_bytes",
    "Bytes in use: of a node's root filesystem, of a guest's disks, of a storage",
    ofAll(
      ({ disk }) => usedOf(disk),
      ({ disk }) => usedOf(disk),
      ({ used }) => used,
    ),
  );
  yield gauge(
    "pve_disk_size_bytes",
    "Bytes there are",
    ofAll(
      ({ maxdisk }) => maxdisk,
      ({ maxdisk }) => maxdisk,
      ({ total }) => total,
    ),
  );
  yield gauge(
    "pve_uptime_seconds",
    "Seconds since it was started",
    ofAll(
      ({ uptime }) => uptime,
      ({ uptime }) => uptime,
    ),
  );
  yield gauge(
    "pve_guest_info",
    "Who a guest is; always 1",
    guests.map((guest): Sample => {
      const { node, name, type, template, tags } = guest;
      return [{ ...guestLabels(guest), node, name, type, template: template ? "1" : "0", tags: tags ?? "" }, 1];
    }),
  );
  yield gauge(
    "pve_node_info",
    "Who a node is; always 1",
    nodes.map((node): Sample => [{ ...nodeLabels(node), name: node.node, version: node.pveVersion }, 1]),
  );
  yield gauge(
    "pve_storage_info",
    "Who a storage is; always 1",
    storages.flatMap(one =>
      storageLabels(one).map(
        (id): Sample => [{ ...id, storage: one.storage, plugintype: one.type, content: one.content }, 1],
      ),
    ),
  );
  yield gauge(
    "pve_storage_shared",
    "Whether a storage is shared",
    storages.flatMap(one => storageLabels(one).map(({ node: _, ...id }): Sample => [id, one.shared])),
  );
  yield gauge(
    "pve_cluster_info",
    "Who a cluster is; always 1",
    Object.values(picture.instances).flatMap(({ id, clusterName, quorate, version, endpoints }): Sample[] => {
      if (clusterName === null) return [];
      const labels = { id: `cluster/${clusterName}`, pulse_instance: id, nodes: String(endpoints.length), version };
      return [[{ ...labels, quorate: quorate === null ? null : String(Number(quorate)) }, 1]];
    }),
  );
  yield gauge(
    "pve_onboot_status",
    "Whether a guest is started with its node",
    guests.map((guest): Sample => [{ ...guestLabels(guest), node: guest.node, type: guest.type }, guest.onboot]),
  );
  yield gauge(
    "pve_ha_state",
    "The state that high availability gives a guest; 1 for the one it has",
    fresh.guests.map(
      (guest): Sample => [{ ...guestLabels(guest), state: guest.hastate }, guest.hastate === null ? null : 1],
    ),
  );
  yield gauge(
    "pve_lock_state",
    "Why a guest is locked; 1 for the reason it has",
    fresh.guests.map((guest): Sample => [{ ...guestLabels(guest), state: guest.lock }, guest.lock === null ? null : 1]),
  );
  yield gauge("pve_not_backed_up_total", "Guests that no backup job covers", uncovered(guests));
  yield gauge(
    "pve_not_backed_up_info",
    "Each guest that no backup job covers; always 1",
    guests.filter(({ inBackupJob }) => inBackupJob === false).map((guest): Sample => [guestLabels(guest), 1]),
  );
  yield guestRate("network_receive", "Received", ({ networkIn }) => networkIn);
  yield guestRate("network_transmit", "Sent", ({ networkOut }) => networkOut);
  yield guestRate("disk_read", "Read from disks", ({ diskRead }) => diskRead);
  yield guestRate("disk_write", "Written to disks", ({ diskWrite }) => diskWrite);
  yield gauge(
    "pulse_node_load1",
    "Load average over a minute",
    ofAll(({ loadAverage }) => loadAverage?.[0] ?? null, null),
  );
  yield gauge(
    "pulse_node_load5",
    "Load average over 5 minutes",
    ofAll(({ loadAverage }) => loadAverage?.[1] ?? null, null),
  );
  yield gauge(
    "pulse_node_load15",
    "Load average over 15 minutes",
    ofAll(({ loadAverage }) => loadAverage?.[2] ?? null, null),
  );
  yield gauge(
    "pulse_node_certificate_expiry_timestamp_seconds",
    "When the certificate of its API expires",
    ofAll(({ certificateExpires }) => (certificateExpires === null ? null : certificateExpires / SECOND), null),
  );
  yield gauge(
    "pulse_guest_last_backup_timestamp_seconds",
    "When the newest backup of a guest was made",
    backups.map(({ guest, at }): Sample => [guestLabels(guest), at === null ? null : at / SECOND]),
  );
  yield gauge(
    "pulse_guest_backups_known",
    "Whether it is known which backups a guest has; 0: not everything has been read yet, or can be",
    backups.map(({ guest, isKnown }): Sample => [guestLabels(guest), isKnown]),
  );
}

/** The newest backup of each guest; one that is not recent may not be the newest, as long as not everything has been read. */
function newestBackups(picture: Picture): { guest: Guest; at: Instant | null; isKnown: boolean }[] {
  const notKnown = unknownBackups(picture);
  return [...Object.values(picture.vms), ...Object.values(picture.containers)].map(guest => {
    const isKnown = notKnown(guest) === null;
    const isCertain = isKnown || isBackupRecent(guest.lastBackup, picture.lastUpdate);
    return { guest, at: isCertain ? guest.lastBackup : null, isKnown };
  });
}

/** In whole minutes' steps it would jump: seconds. Of guests that were never backed up nothing can be told. */
export function backupAge(picture: Picture, now: number): Family {
  return {
    name: "pulse_guest_backup_age_seconds",
    help: "How old the newest backup of a guest is",
    type: "gauge",
    samples: newestBackups(picture).map(
      ({ guest, at }): Sample => [
        guestLabels(guest),
        // A clock a little ahead of ours makes no backup of the future.
        at === null ? null : Math.max(0, Math.round((now - at) / SECOND)),
      ],
    ),
  };
}

function* uncovered(guests: readonly Guest[]): Generator<Sample> {
  for (const [instance, own] of Map.groupBy(guests, guest => guest.instance))
    if (own.some(({ inBackupJob }) => inBackupJob !== null))
      yield [{ pulse_instance: instance }, own.filter(({ inBackupJob }) => inBackupJob === false).length];
}

function isFresh({ stale }: { stale: boolean }): boolean {
  return !stale;
}

function isKnown({ status }: Guest): boolean {
  return status !== "unknown";
}

/** -1 is how a disk says that nobody knows. */
function usedOf(disk: { used: number | null; usage: number } | null): number | null {
  return disk === null || disk.usage < 0 ? null : disk.used;
}
