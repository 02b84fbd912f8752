import type { CephCluster } from "../model/ceph.ts";
import type { DockerContainer, DockerHostFacts } from "../model/docker.ts";
import type { Guest } from "../model/guest.ts";
import { cephClusterId, dockerContainerId, guestId, nodeId, storageId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { Node } from "../model/node.ts";
import { emptyPicture, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import type { ZfsPool } from "../model/zfs.ts";

const FRESH = { stale: false, fault: null };

/** A picture made by hand, for tests: an instance "home" with a node. */
export function samplePicture(at: number): Picture {
  const picture = emptyPicture();
  putInstance(picture, "home", at);
  putNode(picture, "pve1", at);
  return picture;
}

export function putInstance(picture: Picture, id: string, at: number, fields: Partial<Instance> = {}): void {
  const made = { id, name: id, type: "pve", status: "online", fault: null, lastSeen: at, ...fields };
  picture.instances[id] = made as Instance;
}

export function putNode(picture: Picture, node: string, at: number, fields: Partial<Node> = {}): void {
  const id = nodeId("home", node);
  const made = { id, node, displayName: node, instance: "home", status: "online", uptime: 1e6, lastSeen: at, ...FRESH };
  picture.nodes[id] = { ...made, pveVersion: "9.0.3", kernelVersion: "6.14", ...fields } as Node;
}

export function putGuest(picture: Picture, vmid: number, at: number, fields: Partial<Guest> = {}): void {
  const id = guestId("home", vmid);
  const made = { id, vmid, name: `vm${vmid}`, node: "pve1", instance: "home", type: "qemu", status: "running" };
  const size = { cpus: 2, maxmem: 2 ** 31, maxdisk: 2 ** 34, template: false, uptime: 1e6, lastSeen: at, ...FRESH };
  picture.vms[id] = { ...made, ...size, ...fields } as Guest;
}

export function putStorage(picture: Picture, name: string, at: number, fields: Partial<Storage> = {}): void {
  const id = storageId("home", name, null);
  const made = { id, name, node: "shared", instance: "home", type: "nfs", enabled: true, lastSeen: at, ...FRESH };
  picture.storage[id] = { ...made, ...fields } as Storage;
}

export function putDockerHost(picture: Picture, id: string, at: number, fields: Partial<DockerHostFacts> = {}): void {
  const made = { id, displayName: id, dockerVersion: "28.1", lastSeen: at, ...FRESH, ...fields };
  picture.dockerHosts[id] = made as unknown as DockerHostFacts;
}

/** On the host "dock". */
export function putContainer(picture: Picture, name: string, at: number, fields: Partial<DockerContainer> = {}): void {
  const id = dockerContainerId("dock", name);
  const made = { id, hostId: "dock", name, state: "running", image: `${name}:1`, imageId: null };
  const times = { startedAt: 1e9, uptimeSeconds: (at - 1e9) / 1000, lastSeen: at, ...FRESH };
  picture.dockerContainers[id] = { ...made, ...times, ...fields } as DockerContainer;
}

export function toPool(name: string, fields: Partial<ZfsPool> = {}): ZfsPool {
  const none = { readErrors: 0, writeErrors: 0, checksumErrors: 0, scan: null };
  return { name, state: "ONLINE", ...none, lastSeen: 1, ...FRESH, ...fields } as ZfsPool;
}

export function putCeph(picture: Picture, fields: Partial<CephCluster> = {}): void {
  const id = cephClusterId("home");
  const osds = { numOsds: 6, numOsdsUp: 6, numOsdsIn: 6 };
  const made = { id, instance: "home", name: "home", health: "HEALTH_OK", healthMessage: null, ...osds, lastSeen: 1 };
  picture.cephClusters[id] = { ...made, pools: [{ name: "vms" }], ...FRESH, ...fields } as CephCluster;
}
