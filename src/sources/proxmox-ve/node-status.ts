import { nodeId } from "../../model/ids.ts";
import type { Node } from "../../model/node.ts";
import type { Facts } from "../../model/observation.ts";
import { type Row, toNumber, toRow, toText } from "../fields.ts";
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
