import { type Row, toNumber, toRow, toText } from "../kit/fields.ts";
import type { DockerReport } from "../model/docker.ts";
import { clip, clipped } from "./clip.ts";
import type { Engine } from "./engine.ts";
import { type CpuTicks, type Machine, toBusyPercent } from "./machine.ts";

type Host = DockerReport["host"];

export interface HostParts {
  engine: Pick<Engine, "kind" | "address">;
  /** What the engine answers to `GET /info`; null: nothing yet. */
  info: Row | null;
  machine: Machine;
  /** The reading before. */
  cpuBefore: CpuTicks | null;
  /** What the operator calls it. */
  hostname: string | null;
}

/** The host of a report; null where its name cannot be told yet: under another name it would be taken for another host. */
export function toHost({ engine, info, machine, cpuBefore, hostname }: HostParts): Host | null {
  const isHere = engine.address.kind === "socket" || isOf(info, machine);
  const name = hostname ?? (isHere && !machine.isContainer ? machine.hostname : toText(info?.Name));
  if (name === null) return null;
  const host: { [K in keyof Host]: Host[K] | null } = {
    hostname: clip(name, 256),
    os: clipped(info?.OperatingSystem, 256),
    kernelVersion: clipped(info?.KernelVersion, 256),
    architecture: clipped(info?.Architecture, 64),
    dockerVersion: clipped(info?.ServerVersion, 64),
    totalCpu: toNumber(info?.NCPU),
    totalMemoryBytes: toNumber(info?.MemTotal),
    engine: engine.kind,
    swarmNodeId: clipped(toRow(info?.Swarm)?.NodeID, 128),
  };
  if (isHere) {
    host.machineId = machine.machineId;
    host.kernelVersion ??= clip(machine.kernelVersion, 256);
    host.totalMemoryBytes ??= machine.memoryTotal;
    host.uptimeSeconds = machine.uptimeSeconds;
    host.cpuPercent = toBusyPercent(cpuBefore, machine.cpu);
    host.memoryUsedBytes = machine.memoryUsed;
    host.loadAverage = machine.loadAverage;
  }
  return Object.fromEntries(Object.entries(host).filter(([, value]) => value !== null && value !== undefined)) as Host;
}

/** An engine behind an address is on this very machine when it tells its memory to the byte, and its kernel: a proxy before the socket. */
function isOf(info: Row | null, { memoryTotal, kernelVersion }: Machine): boolean {
  return memoryTotal !== null && toNumber(info?.MemTotal) === memoryTotal && info?.KernelVersion === kernelVersion;
}
