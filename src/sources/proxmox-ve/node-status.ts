import { type Row, toNumber, toRow, toText } from "../../kit/fields.ts";
import { percentOf } from "../../kit/units.ts";
import { nodeId } from "../../model/ids.ts";
import type { Memory } from "../../model/measures.ts";
import type { Node } from "../../model/node.ts";
import type { Facts } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";

/** Translates `GET /nodes/{node}/status`: what only the node itself knows. Numbers may be strings. Throws LookFailed. */
export function toNodeStatus(data: unknown, instance: string, node: string): Facts<Node> {
  const status = toRow(data);
  if (!status) throw new LookFailed("garbled", `"${instance}" answered "/nodes/${node}/status" without an object`);
  return {
    id: nodeId(instance, node),
    loadAverage: toLoad(status.loadavg),
    kernelVersion: toText(toRow(status["current-kernel"])?.release) ?? toText(status.kversion)?.split(" ")[1] ?? null,
    pveVersion: toText(status.pveversion),
    cpuInfo: toCpuInfo(toRow(status.cpuinfo)),
  };
}

/**
 * A node's memory in `GET /nodes/{node}/status`: by what is `available` where it says so (from about 8.4 on), otherwise by what it calls
 * used. Not total less free: caches are no load.
 */
export function toNodeMemory(data: unknown): Memory | null {
  const memory = toRow(toRow(data)?.memory);
  const [total, used] = [toNumber(memory?.total), toNumber(memory?.used)];
  const available = toNumber(memory?.available);
  if (total === null || total <= 0) return null;
  const told = available !== null && available <= total;
  const known = told ? total - available : used;
  if (known === null || known < 0 || known > total) return null;
  const swap = toRow(toRow(data)?.swap);
  const [swapUsed, swapTotal] = [toNumber(swap?.used), toNumber(swap?.total)];
  return {
    total,
    used: known,
    free: total - known,
    usage: percentOf(known, total) ?? 0,
    ...(swapUsed === null || swapTotal === null ? {} : { swapUsed, swapTotal }),
    source: told ? "node-available" : "node-used",
  };
}

function toLoad(value: unknown): number[] | null {
  if (!Array.isArray(value)) return null;
  const load = value.map(toNumber);
  return load.length === 3 && load.every(number => number !== null) ? load : null;
}

function toCpuInfo(row: Row | null): Node["cpuInfo"] {
  if (!row) return null;
  const cores = toNumber(row.cpus) ?? toNumber(row.cores);
  if (cores === null) return null;
  const mhz = row.mhz;
  return {
    model: toText(row.model)?.trim() ?? "",
    cores,
    sockets: toNumber(row.sockets) ?? 1,
    mhz: typeof mhz === "string" || typeof mhz === "number" ? String(mhz) : "",
  };
}
