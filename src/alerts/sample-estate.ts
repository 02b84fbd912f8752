import type { DockerContainer } from "../model/docker.ts";
import type { Guest } from "../model/guest.ts";
import { dockerContainerId, guestId, nodeId, storageId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import type { Node } from "../model/node.ts";
import { emptyPicture, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import type { Past } from "./signal.ts";

const FRESH = { stale: false, fault: null, lastSeen: 1 };

/** A picture made by hand, for tests: a cluster "home" whose node "pve1" is well. */
export function samplePicture(): Picture {
  const picture = emptyPicture();
  picture.instances.home = {
    id: "home",
    name: "home",
    type: "pve",
    status: "online",
    interval: 10_000,
    quorate: true,
    fault: null,
  } as Instance;
  addNode(picture, "pve1");
  return picture;
}

export function addNode(picture: Picture, node: string, fields: Partial<Node> = {}): Node {
  const id = nodeId("home", node);
  const made = { id, node, name: node, displayName: node, instance: "home", status: "online", uptime: 1e6, cpu: 0.1 };
  const rest = { memory: null, disk: null, temperature: null, zfsPools: null, certificateExpires: null };
  picture.nodes[id] = { ...made, ...rest, ...FRESH, ...fields } as Node;
  return picture.nodes[id];
}

export function addGuest(picture: Picture, vmid: number, fields: Partial<Guest> = {}): Guest {
  const id = guestId("home", vmid);
  const made = {
    id,
    vmid,
    name: `vm${vmid}`,
    node: "pve1",
    instance: "home",
    type: "qemu",
    status: "running",
    cpu: 0.1,
  };
  const none = { memory: null, disk: null, disks: null, lock: null, tags: null, hastate: null, lastBackup: null };
  const rates = { networkIn: 0, networkOut: 0, diskRead: 0, diskWrite: 0 };
  picture.vms[id] = { ...made, ...none, ...rates, template: false, onboot: true, ...FRESH, ...fields } as Guest;
  return picture.vms[id];
}

export function addStorage(picture: Picture, name: string, fields: Partial<Storage> = {}): Storage {
  const id = storageId("home", name, null);
  const made = { id, storage: name, name, node: "shared", instance: "home", nodes: ["pve1"], shared: true };
  picture.storage[id] = { ...made, enabled: true, active: true, usage: 10, ...FRESH, ...fields } as Storage;
  return picture.storage[id];
}

export function addContainer(picture: Picture, name: string, fields: Partial<DockerContainer> = {}): DockerContainer {
  const id = dockerContainerId("box", name);
  const made = {
    id,
    hostId: "box",
    name,
    state: "running",
    health: null,
    exitCode: 0,
    oomKilled: null,
    restartCount: 0,
  };
  const none = { cpuPercent: null, memoryPercent: null, memoryLimitBytes: null, finishedAt: null };
  picture.dockerContainers[id] = { ...made, ...none, ...FRESH, ...fields } as DockerContainer;
  return picture.dockerContainers[id];
}

export const NO_PAST: Past = { dayBefore: () => null, usual: () => null };
