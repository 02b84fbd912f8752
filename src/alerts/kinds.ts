import type { ResourceType } from "../model/alert.ts";
import { DOCKER_CONTAINERS, DOCKER_HOSTS } from "./docker-signals.ts";
import { GUESTS, REPLICATION_JOBS } from "./guest-signals.ts";
import { CORES, EDGES } from "./member-signals.ts";
import { CEPHS, DISKS, INSTANCES, NODES, ZFS_POOLS } from "./node-signals.ts";
import { SELVES } from "./self-signals.ts";
import { BACKUP_SERVERS, DATASTORES, MAIL_GATEWAYS, SERVER_JOBS } from "./server-signals.ts";
import type { Kind } from "./signal.ts";
import { STORAGES } from "./storage-signals.ts";

/** Every kind of resource that is judged. What carries others stands before them, so that a cause fires first. */
export const KINDS = {
  pulse: SELVES,
  core: CORES,
  edge: EDGES,
  instance: INSTANCES,
  node: NODES,
  pbs: BACKUP_SERVERS,
  pmg: MAIL_GATEWAYS,
  "docker-host": DOCKER_HOSTS,
  ceph: CEPHS,
  storage: STORAGES,
  datastore: DATASTORES,
  "zfs-pool": ZFS_POOLS,
  disk: DISKS,
  guest: GUESTS,
  "docker-container": DOCKER_CONTAINERS,
  "backup-job": SERVER_JOBS,
  "replication-job": REPLICATION_JOBS,
} as const satisfies { readonly [R in ResourceType]: Kind<unknown> };
