import { round } from "../kit/units.ts";
import { diceOf } from "./dice.ts";
import type { Scene } from "./scene.ts";
import { isOn, type StoragePlan, usedOf } from "./storage-plan.ts";

/** The storages of all nodes in `GET /cluster/resources`: a shared one once per node, one that is off nowhere. */
export function toStorageRows(scene: Scene): Record<string, unknown>[] {
  return scene.nodes.flatMap(({ plan: { name: node }, online }) =>
    scene.plan.storages
      .filter(storage => isOn(storage, node))
      .map(storage => ({
        id: `storage/${node}/${storage.name}`,
        storage: storage.name,
        node,
        type: "storage",
        plugintype: storage.plugintype,
        status: online ? "available" : "unknown",
        shared: storage.shared ? 1 : 0,
        content: storage.content,
        ...(online ? { maxdisk: storage.total, disk: usedOn(storage, node, scene.at) } : {}),
      })),
  );
}

/** `GET /nodes/{node}/storage`: all of them, with zeros where one is switched off or not for this node. */
export function toNodeStorages(scene: Scene, node: string): Record<string, unknown>[] {
  return scene.plan.storages.map(storage => {
    const on = isOn(storage, node);
    const used = on ? usedOn(storage, node, scene.at) : 0;
    const total = on ? storage.total : 0;
    const reserve = storage.plugintype === "dir" ? Math.floor(total * 0.05) : 0;
    return {
      storage: storage.name,
      type: storage.plugintype,
      content: storage.content,
      shared: storage.shared ? 1 : 0,
      enabled: on ? 1 : 0,
      active: on ? 1 : 0,
      total,
      used,
      avail: Math.max(0, total - used - reserve),
      ...(on ? { used_fraction: round(used / total, 12) } : {}),
    };
  });
}

/** `GET /storage`: the configuration. A flag that is not set is not there, and types shared by nature do not say so. */
export function toStorageSettings(scene: Scene): Record<string, unknown>[] {
  return scene.plan.storages.map(storage => ({
    storage: storage.name,
    type: storage.plugintype,
    content: storage.content,
    digest: "3d7e2c8c1bbd1d1b0c53a6ac3a7cb2a6dcfd54f1",
    ...storage.settings,
    ...(storage.disabled ? { disable: 1 } : {}),
    ...(storage.restricted ? { nodes: storage.restricted.join(",") } : {}),
  }));
}

/** A shared storage is the same from everywhere; local ones fill each at their own pace. */
export function usedOn(storage: StoragePlan, node: string, at: number): number {
  return usedOf(storage, at, storage.shared ? 0 : diceOf(storage.name, node).share());
}
