/**
 * The one place that makes resource ids. An id is built from the instance and what Proxmox keeps stable; never from the node a guest
 * happens to be on, so that a migration keeps the id. The kind in the middle keeps a node called "100" and guest 100 apart.
 */
export function nodeId(instance: string, node: string): string {
  return `${instance}:node:${node}`;
}

/** This server itself: no instance has a name with a blank. */
export const SELF_ID = "pulse itself";

/** One of several Pulses: a core, or an edge of a site. */
export function memberId({ site, name }: { site: string | null; name: string }): string {
  return site === null ? `pulse core ${name}` : `pulse edge ${site}/${name}`;
}

/** `vmid` is unique in an instance (a cluster), for VMs and LXCs together. */
export function guestId(instance: string, vmid: number): string {
  return `${instance}:guest:${vmid}`;
}

/** A shared storage exists once in an instance; a local one once a node. */
export function storageId(instance: string, storage: string, node: string | null): string {
  return node === null ? `${instance}:storage:${storage}` : `${instance}:storage:${storage}@${node}`;
}

/** `key`: the serial number, which outlives device names; the device where there is none. */
export function physicalDiskId(instance: string, node: string, key: string): string {
  return `${instance}:disk:${node}/${key}`;
}

/** An instance runs one Ceph cluster at the most. */
export function cephClusterId(instance: string): string {
  return `${instance}:ceph`;
}

/** `volume`: the volume id without the storage's name. */
export function storageBackupId(storage: string, volume: string): string {
  return `${storage}/${volume}`;
}

/** One task may have backed up several guests. */
export function backupTaskId(instance: string, upid: string, vmid: number): string {
  return `${instance}:task:${upid}/${vmid}`;
}

export function backupJobId(instance: string, job: string): string {
  return `${instance}:backup-job:${job}`;
}

export function replicationJobId(instance: string, job: string): string {
  return `${instance}:replication:${job}`;
}

export function guestSnapshotId(guest: string, name: string): string {
  return `${guest}/${name}`;
}

/** A datastore of a Backup Server. */
export function datastoreId(instance: string, datastore: string): string {
  return `${instance}:datastore:${datastore}`;
}

/** A namespace of a datastore; `path` "" is its root. */
export function namespaceId(instance: string, datastore: string, path: string): string {
  return `${datastoreId(instance, datastore)}/${path}`;
}

/** `group`: type and id, such as `vm/100`; `time` in s since the Unix epoch: together unique in a namespace. */
export function pbsBackupId(namespace: string, group: string, time: number): string {
  return `${namespace}:${group}/${time}`;
}

/** A Docker host's id is its agent's; as a part of something it stands behind this, so that it is no instance's. */
export function dockerPart(host: string): string {
  return `docker:${host}`;
}

/** The host that a container's id names. No container's name has a slash; what its host is called may have one. */
export function dockerHostOf(container: string): string {
  return container.slice(dockerPart("").length, container.lastIndexOf("/"));
}

/** By its name, which outlives the making of it anew; names are unique on a host. */
export function dockerContainerId(host: string, name: string): string {
  return `${dockerPart(host)}/${name}`;
}

/** A ZFS pool of a node; its name is unique there. */
export function zfsPoolId(instance: string, node: string, pool: string): string {
  return `${instance}:zfs:${node}/${pool}`;
}

/** A job of a Backup Server; ids are unique within a kind: sync, verify, prune, garbage. */
export function serverJobId(instance: string, kind: string, job: string): string {
  return `${instance}:job:${kind}/${job}`;
}

/** The alert of a resource and a signal. Signals have fixed names, so it cannot be mistaken for that of another resource. */
export function alertId(resource: string, type: string): string {
  return `${resource}-${type}`;
}

/** What an instance may be called: it is part of every id, so no separator and nothing that needs escaping in a URL. */
export const INSTANCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
