/**
 * The one place that makes resource ids. An id is built from the instance and what Proxmox keeps stable; never from the node a guest
 * happens to be on, so that a migration keeps the id. The kind in the middle keeps a node called "100" and guest 100 apart.
 */
export function nodeId(instance: string, node: string): string {
  return `${instance}:node:${node}`;
}

/** `vmid` is unique in an instance (a cluster), for VMs and LXCs together. */
export function guestId(instance: string, vmid: number): string {
  return `${instance}:guest:${vmid}`;
}

/** A shared storage exists once in an instance; a local one once a node. */
export function storageId(instance: string, storage: string, node: string | null): string {
  return node === null ? `${instance}:storage:${storage}` : `${instance}:storage:${storage}@${node}`;
}

/** What an instance may be called: it is part of every id, so no separator and nothing that needs escaping in a URL. */
export const INSTANCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
