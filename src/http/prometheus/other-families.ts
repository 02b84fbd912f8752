import { type Instant, SECOND } from "../../kit/units.ts";
import type { Picture } from "../../model/picture.ts";
import type { SourceReport } from "../../model/source-report.ts";
import type { Family, Sample } from "./exposition.ts";

const gauge = (name: string, help: string, samples: Iterable<Sample>): Family => ({
  name,
  help,
  type: "gauge",
  samples,
});

/** Disks, pools, Ceph, Backup Servers, Mail Gateways and Docker hosts: what the field's exporter does not tell. */
export function* otherFamilies(picture: Picture): Generator<Family> {
  yield* diskFamilies(picture);
  yield* backupServerFamilies(picture);
  yield* gatewayFamilies(picture);
  yield* dockerFamilies(picture);
}

function* diskFamilies({ physicalDisks, nodes, cephClusters }: Picture): Generator<Family> {
  const disks = Object.values(physicalDisks).filter(({ stale }) => !stale);
  const ofDisk = (of: (disk: (typeof disks)[number]) => number | null): Sample[] =>
    disks.map(disk => {
      const { instance, node, devPath: device, serial, model } = disk;
      return [{ pulse_instance: instance, node, device, serial, model }, of(disk)];
    });
  yield gauge(
    "pulse_disk_healthy",
    "Whether a disk's SMART health is passed",
    ofDisk(({ health }) => (health === "UNKNOWN" ? null : Number(health === "PASSED"))),
  );
  yield gauge(
    "pulse_disk_life_left_ratio",
    "Share of an SSD's life that is left, 1 to 0",
    ofDisk(({ wearout }) => (wearout < 0 ? null : wearout / 100)),
  );
  yield gauge(
    "pulse_disk_temperature_celsius",
    "Temperature of a disk",
    ofDisk(({ temperature }) => temperature),
  );
  const pools = Object.values(nodes).flatMap(({ instance, node, zfsPools, stale }) =>
    stale ? [] : (zfsPools ?? []).filter(pool => !pool.stale).map(pool => ({ instance, node, pool })),
  );
  const ofPool = (of: (pool: (typeof pools)[number]["pool"]) => number | boolean | null): Sample[] =>
    pools.map(({ instance, node, pool }) => [{ pulse_instance: instance, node, pool: pool.name }, of(pool)]);
  yield gauge(
    "pulse_zfs_pool_online",
    "Whether a ZFS pool is ONLINE",
    ofPool(({ state }) => state === "ONLINE"),
  );
  yield gauge(
    "pulse_zfs_pool_size_bytes",
    "Size of a ZFS pool, redundancy included",
    ofPool(({ size }) => size),
  );
  yield gauge(
    "pulse_zfs_pool_free_bytes",
    "Free bytes of a ZFS pool, redundancy included",
    ofPool(({ free }) => free),
  );
  yield gauge(
    "pulse_zfs_pool_errors",
    "Read, write and checksum errors of a ZFS pool since they were cleared",
    ofPool(({ readErrors, writeErrors, checksumErrors }) =>
      readErrors === null && writeErrors === null && checksumErrors === null
        ? null
        : (readErrors ?? 0) + (writeErrors ?? 0) + (checksumErrors ?? 0),
    ),
  );
  const levels: Readonly<Record<string, number>> = { HEALTH_OK: 0, HEALTH_WARN: 1, HEALTH_ERR: 2 };
  const cephs = Object.values(cephClusters).filter(({ stale }) => !stale);
  const ofCeph = (of: (ceph: (typeof cephs)[number]) => number | null): Sample[] =>
    cephs.map(ceph => [{ pulse_instance: ceph.instance }, of(ceph)]);
  yield gauge(
    "pulse_ceph_health",
    "Health of Ceph: 0 OK, 1 warnings, 2 errors",
    ofCeph(({ health }) => levels[health] ?? null),
  );
  yield gauge(
    "pulse_ceph_size_bytes",
    "Size of a Ceph cluster",
    ofCeph(({ totalBytes }) => totalBytes),
  );
  yield gauge(
    "pulse_ceph_usage_bytes",
    "Bytes in use of a Ceph cluster",
    ofCeph(({ usedBytes }) => usedBytes),
  );
  yield gauge(
    "pulse_ceph_osds",
    "OSDs there are",
    ofCeph(({ numOsds }) => numOsds),
  );
  yield gauge(
    "pulse_ceph_osds_up",
    "OSDs that are up",
    ofCeph(({ numOsdsUp }) => numOsdsUp),
  );
}

function* backupServerFamilies({ pbs }: Picture): Generator<Family> {
  const stores = Object.values(pbs)
    .filter(({ stale }) => !stale)
    .flatMap(({ instance, datastores }) => datastores.map(store => ({ instance, store })));
  const ofStore = (of: (store: (typeof stores)[number]["store"]) => number | boolean | null): Sample[] =>
    stores.map(({ instance, store }) => [{ pulse_instance: instance, datastore: store.name }, of(store)]);
  yield gauge(
    "pulse_datastore_available",
    "Whether a datastore can be used",
    ofStore(({ status }) => status === "available"),
  );
  yield gauge(
    "pulse_datastore_size_bytes",
    "Size of a datastore",
    ofStore(({ total }) => total),
  );
  yield gauge(
    "pulse_datastore_usage_bytes",
    "Bytes in use of a datastore",
    ofStore(({ used }) => used),
  );
  yield gauge(
    "pulse_datastore_deduplication_factor",
    "Bytes that backups hold together for each on disk",
    ofStore(({ deduplicationFactor }) => deduplicationFactor),
  );
  yield gauge(
    "pulse_datastore_days_until_full",
    "Days until a datastore is full",
    ofStore(({ daysUntilFull }) => daysUntilFull),
  );
}

function* gatewayFamilies({ pmg }: Picture): Generator<Family> {
  const nodes = Object.values(pmg)
    .filter(({ stale }) => !stale)
    .flatMap(({ instance, nodes }) => (nodes ?? []).map(node => ({ instance, node })));
  yield gauge(
    "pulse_mail_queue_messages",
    "Mails in the queues of a gateway",
    nodes.flatMap(({ instance, node: { name, queueStatus } }): Sample[] =>
      (["active", "deferred", "hold", "incoming"] as const).map(queue => [
        { pulse_instance: instance, node: name, queue },
        queueStatus?.[queue] ?? null,
      ]),
    ),
  );
}

function* dockerFamilies({ dockerHosts, dockerContainers }: Picture): Generator<Family> {
  yield gauge(
    "pulse_docker_host_up",
    "Whether a Docker host reports",
    Object.values(dockerHosts).map(
      ({ id, displayName, status }): Sample => [{ host: id, name: displayName }, status === "online"],
    ),
  );
  const containers = Object.values(dockerContainers).filter(({ stale }) => !stale);
  const ofContainer = (of: (container: (typeof containers)[number]) => number | boolean | null): Sample[] =>
    containers.map(container => {
      const { hostId, name, image, project } = container;
      return [{ host: hostId, name, image, project }, of(container)];
    });
  yield gauge(
    "pulse_docker_container_up",
    "Whether a container runs",
    ofContainer(({ state }) => state === "running"),
  );
  yield gauge(
    "pulse_docker_container_cpu_ratio",
    "CPUs that a container keeps busy",
    ofContainer(({ cpuPercent }) => (cpuPercent === null ? null : cpuPercent / 100)),
  );
  yield gauge(
    "pulse_docker_container_memory_bytes",
    "Memory of a container",
    ofContainer(({ memoryUsageBytes }) => memoryUsageBytes),
  );
  yield gauge(
    "pulse_docker_container_restarts",
    "Restarts of a container since it was made",
    ofContainer(({ restartCount }) => restartCount),
  );
}

/** What Pulse itself does. */
export interface Own {
  version: string;
  now: Instant;
  sources: readonly SourceReport[];
  streamClients: number;
  series: number;
  channels: readonly ChannelFigures[];
}

/** A channel of notifications: how many it took, or did not take for good, since the start; how many wait; whether it works. */
interface ChannelFigures {
  channel: string;
  service: string;
  enabled: boolean;
  delivered: number;
  failed: number;
  waiting: number;
  error: string | null;
}

/** Pulse's own health: how old its data is, what watching costs, who watches it. */
export function* ownFamilies(
  picture: Picture,
  { version, now, sources, streamClients, series, channels }: Own,
): Generator<Family> {
  const instances = Object.values(picture.instances);
  const ofInstance = (of: (instance: (typeof instances)[number]) => number | boolean | null): Sample[] =>
    instances.map(instance => [{ pulse_instance: instance.id, type: instance.type }, of(instance)]);
  yield gauge("pulse_build_info", "The version of Pulse; always 1", [[{ version }, 1]]);
  yield gauge(
    "pulse_instance_up",
    "Whether an instance answers as it should",
    ofInstance(({ status }) => (status === "connecting" ? null : status === "online")),
  );
  yield gauge(
    "pulse_instance_data_age_seconds",
    "Seconds since the last complete look at an instance began",
    ofInstance(({ lastSeen }) => (lastSeen === 0 ? null : Math.max(0, (now - lastSeen) / SECOND))),
  );
  yield gauge(
    "pulse_instance_look_duration_seconds",
    "How long the last look at an instance took",
    ofInstance(({ took }) => (took === null ? null : took / SECOND)),
  );
  yield gauge(
    "pulse_instance_calls_last_minute",
    "Requests to an instance's API within the last minute",
    sources.map(({ instance, callsLastMinute }): Sample => [{ pulse_instance: instance }, callsLastMinute]),
  );
  yield gauge(
    "pulse_instance_failing_looks",
    "Parts of an instance whose last look failed",
    sources.flatMap(({ instance, scopes }) =>
      scopes.map(({ scope, failing }): Sample => [{ pulse_instance: instance, scope }, failing]),
    ),
  );
  yield gauge("pulse_stream_clients", "Clients of the live stream", [[{}, streamClients]]);
  yield gauge("pulse_history_series", "Series that history is kept of", [[{}, series]]);
  yield* channelFamilies(channels);
}

function* channelFamilies(channels: readonly ChannelFigures[]): Generator<Family> {
  const labels = ({ channel, service }: ChannelFigures) => ({ channel, service });
  yield {
    name: "pulse_notifications_total",
    help: "Notifications that a channel took, and those that were given up, since the start",
    type: "counter",
    samples: channels.flatMap((of): Sample[] => [
      [{ ...labels(of), status: "delivered" }, of.delivered],
      [{ ...labels(of), status: "failed" }, of.failed],
    ]),
  };
  yield gauge(
    "pulse_notifications_waiting",
    "Notifications that wait for a channel",
    channels.map((of): Sample => [labels(of), of.waiting]),
  );
  yield gauge(
    "pulse_channel_up",
    "Whether a channel took what it was last sent",
    channels.filter(({ enabled }) => enabled).map((of): Sample => [labels(of), of.error === null]),
  );
}
