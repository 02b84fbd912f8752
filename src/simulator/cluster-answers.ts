import { toResourceRow } from "./guest-answers.ts";
import type { Instance } from "./instance.ts";
import { toNodeRow } from "./node-answers.ts";
import { Refusal } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { toStorageRows } from "./storage-answers.ts";

/** What `type` of `GET /cluster/resources` may be. */
export const RESOURCE_TYPES = ["vm", "storage", "node", "sdn"] as const;

/** `GET /cluster/resources`: guests, nodes, storages and networks of the whole cluster, or those of one `type`. */
export function toResources(scene: Scene, type: string | undefined): Record<string, unknown>[] {
  const { release } = scene.plan;
  const wanted = (kind: (typeof RESOURCE_TYPES)[number]) => type === undefined || type === kind;
  return [
    ...(wanted("vm") ? scene.guests.map(guest => toResourceRow(guest, release)) : []),
    ...(wanted("node") ? scene.nodes.map(node => toNodeRow(node, release)) : []),
    ...(wanted("storage") ? toStorageRows(scene) : []),
    ...(wanted("sdn") ? toNetworkRows(scene) : []),
  ];
}

function toNetworkRows(scene: Scene): Record<string, unknown>[] {
  const { networks } = scene.plan.release;
  if (networks === "none") return [];
  const zone = "localnetwork";
  return scene.nodes
    .filter(node => node.online)
    .map(({ plan: { name: node } }) =>
      networks === "sdn"
        ? { id: `sdn/${node}/${zone}`, sdn: zone, node, type: "sdn", status: "ok" }
        : {
            id: `network/${node}/zone/${zone}`,
            network: zone,
            "network-type": "zone",
            "zone-type": "simple",
            node,
            type: "network",
            status: "ok",
          },
    );
}

/** `GET /cluster/status`. A standalone host has no "cluster" entry and node number 0; `local` depends on who is asked. */
export function toClusterStatus(scene: Scene, instance: Instance, asked: string): Record<string, unknown>[] {
  const { plan } = scene;
  const nodes = scene.nodes.map(({ plan: { name }, online }, index) => ({
    type: "node",
    id: `node/${name}`,
    name,
    nodeid: plan.standalone ? 0 : index + 1,
    online: online ? 1 : 0,
    local: name === asked ? 1 : 0,
    level: "",
    ...toIp(instance, name),
  }));
  if (plan.standalone) return nodes;
  const online = scene.nodes.filter(node => node.online).length;
  const quorate = online > scene.nodes.length / 2 ? 1 : 0;
  return [
    { type: "cluster", id: "cluster", name: plan.name, nodes: nodes.length, version: nodes.length + 2, quorate },
    ...nodes,
  ];
}

/** Left out where a client could do nothing with it, and by old hosts that stand alone. */
function toIp(instance: Instance, node: string): { ip?: string } {
  const { standalone, release } = instance.plan;
  const address = instance.addresses.get(node);
  const silent = !instance.tellsAddresses || (standalone && release.release < "8");
  return silent || !address ? {} : { ip: address.ip };
}

/** `GET /cluster/config/join`: what a node needs to know to join, the fingerprints of all members among it. */
export function toJoinInfo(scene: Scene, instance: Instance, asked: string): Record<string, unknown> {
  const { plan } = scene;
  if (plan.standalone) throw new Refusal(500, "node is not in a cluster, no join info available!");
  const nodelist = scene.nodes.map(({ plan: { name } }, index) => {
    const ip = instance.addresses.get(name)?.ip ?? "127.0.0.1";
    return {
      name,
      nodeid: String(index + 1),
      quorum_votes: "1",
      ring0_addr: ip,
      pve_addr: ip,
      pve_fp: instance.certificateOf(name).fingerprint,
    };
  });
  const totem = {
    cluster_name: plan.name,
    config_version: String(nodelist.length + 2),
    ip_version: "ipv4-6",
    version: "2",
  };
  return { config_digest: "9b57b5d1f4a2e3ad", nodelist, preferred_node: asked, totem };
}
