import type { Instant } from "../kit/units.ts";
import { toShare } from "./guest-answers.ts";
import type { Instance } from "./instance.ts";
import { type Guest, loadOf, type Node, type Scene } from "./scene.ts";
import { usedOn } from "./storage-answers.ts";
import { isOn } from "./storage-plan.ts";

/** How many ticks Proxmox keeps besides the newest: half an hour. */
const GENERATIONS = 180;

export interface ExportQuery {
  history: boolean;
  /** Only what was measured after this second; null: no bound. */
  startTime: number | null;
  /** Only this node's own metrics; null: the whole cluster's. */
  node: string | null;
}

/**
 * `GET /cluster/metrics/export` (since 8.2.5), serialised: one record a figure, the oldest first. Without `history` there is only the
 * newest tick. Nodes that are off have left no records.
 */
export function toMetricsExport(instance: Instance, query: ExportQuery, now: Instant): string {
  const { tick } = instance;
  const newest = Math.floor(now / tick);
  const oldest = query.history ? newest - GENERATIONS : newest;
  const pieces: string[] = [];
  for (let index = oldest; index <= newest; index++) {
    if (query.startTime !== null && Math.floor((index * tick) / 1000) <= query.startTime) continue;
    const piece = instance.ofTick(index, query.node ?? "", scene => toRecords(scene, query.node));
    if (piece !== "") pieces.push(piece);
  }
  return `{"data":{"data":[${pieces.join(",")}]}}`;
}

/** All records of one instant, comma-separated. Written by hand: a large cluster has hundreds of thousands of them. */
function toRecords(scene: Scene, only: string | null): string {
  const timestamp = Math.floor(scene.at / 1000);
  const records: string[] = [];
  const write = (id: string, type: "gauge" | "derive", figures: Readonly<Record<string, number>>) => {
    for (const metric in figures)
      records.push(
        `{"id":"${id}","metric":"${metric}","timestamp":${timestamp},"type":"${type}","value":${figures[metric]}}`,
      );
  };
  const nodes = scene.nodes.filter(node => node.online && (only === null || node.plan.name === only));
  for (const node of nodes) writeNode(node, scene, write);
  for (const guest of scene.guests)
    if (guest.status !== "unknown" && (only === null || guest.node === only)) writeGuest(guest, write);
  return records.join(",");
}

type Write = (id: string, type: "gauge" | "derive", figures: Readonly<Record<string, number>>) => void;

function writeNode(node: Node, scene: Scene, write: Write): void {
  const { plan } = node;
  const id = `node/${plan.name}`;
  const [cpu_avg1, cpu_avg5, cpu_avg15] = loadOf(node, scene.at);
  write(id, "gauge", { uptime: node.uptime });
  write(id, "derive", { net_in: node.netin, net_out: node.netout });
  write(id, "gauge", {
    cpu_avg1,
    cpu_avg5,
    cpu_avg15,
    cpu_max: plan.cores,
    cpu_current: toShare(node.cpu),
    cpu_iowait: toShare(node.cpu * 0.03),
    mem_total: plan.maxmem,
    mem_used: node.mem,
    swap_total: 8 * 2 ** 30,
    swap_used: 12 * 2 ** 20,
    disk_total: plan.rootfs,
    disk_used: node.disk,
  });
  for (const storage of scene.plan.storages)
    if (isOn(storage, plan.name))
      write(`storage/${plan.name}/${storage.name}`, "gauge", {
        disk_total: storage.total,
        disk_used: usedOn(storage, plan.name, scene.at),
      });
}

/** A guest that does not run tells only its size. */
function writeGuest(guest: Guest, write: Write): void {
  const { plan } = guest;
  const id = `${plan.type}/${plan.vmid}`;
  if (guest.status !== "stopped") {
    write(id, "gauge", { cpu_current: toShare(guest.cpu), mem_used: guest.mem });
    write(id, "derive", {
      disk_read: guest.diskread,
      disk_write: guest.diskwrite,
      net_in: guest.netin,
      net_out: guest.netout,
    });
    if (plan.type === "lxc") write(id, "gauge", { disk_used: guest.disk });
  }
  write(id, "gauge", {
    uptime: guest.uptime,
    cpu_max: plan.cores,
    mem_total: plan.maxmem,
    disk_total: plan.maxdisk,
  });
}
