import { existsSync, readFileSync } from "node:fs";
import { hostname, release } from "node:os";
import { join } from "node:path";
import { type Bytes, KIB, type Percent, round } from "../kit/units.ts";

/** What the machine that the agent runs on tells of itself; null: not readable. */
export interface Machine {
  hostname: string;
  /** The agent runs in a container: `hostname` is that container's. */
  isContainer: boolean;
  machineId: string | null;
  kernelVersion: string;
  memoryTotal: Bytes | null;
  memoryUsed: Bytes | null;
  loadAverage: [number, number, number] | null;
  uptimeSeconds: number | null;
  /** Counts since its start, in ticks of all CPUs. */
  cpu: CpuTicks | null;
}

export interface CpuTicks {
  busy: number;
  all: number;
}

/** Reads the machine's own files, below `root`. */
export function readMachine(root = "/"): Machine {
  const read = (path: string) => readOrNull(join(root, path));
  const memory = toMemory(read("proc/meminfo") ?? "");
  const uptime = Number.parseFloat(read("proc/uptime") ?? "");
  return {
    hostname: hostname(),
    isContainer: existsSync(join(root, ".dockerenv")) || existsSync(join(root, "run/.containerenv")),
    machineId: toMachineId(read("etc/machine-id") ?? read("var/lib/dbus/machine-id")),
    kernelVersion: release(),
    memoryTotal: memory.total,
    memoryUsed: memory.used,
    loadAverage: toLoadAverage(read("proc/loadavg") ?? ""),
    uptimeSeconds: uptime > 0 ? Math.floor(uptime) : null,
    cpu: toCpuTicks(read("proc/stat") ?? ""),
  };
}

/** Of `/proc/stat`: user nice system idle iowait irq softirq steal. What waits for a disk is idle. */
export function toCpuTicks(stat: string): CpuTicks | null {
  const line = /^cpu\s+([\d ]+)$/m.exec(stat)?.[1];
  if (line === undefined) return null;
  // Guests' time comes after these eight, and is in the first two already.
  const ticks = line.trim().split(/\s+/).slice(0, 8).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return { busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all };
}

/** Between two readings, percent of all CPUs; null where there is nothing to compare. Counters of idle time may go back a little. */
export function toBusyPercent(before: CpuTicks | null, now: CpuTicks | null): Percent | null {
  if (before === null || now === null || now.all <= before.all) return null;
  return round(Math.min(100, Math.max(0, ((now.busy - before.busy) / (now.all - before.all)) * 100)), 2);
}

/** Of `/proc/meminfo`: used is what no program could have without somebody being pushed out. */
export function toMemory(meminfo: string): { total: Bytes | null; used: Bytes | null } {
  const read = (name: string) => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1];
    return kib === undefined ? null : Number(kib) * KIB;
  };
  const [total, available] = [read("MemTotal"), read("MemAvailable")];
  return { total, used: total !== null && available !== null && available <= total ? total - available : null };
}

function toLoadAverage(text: string): Machine["loadAverage"] {
  const [one = Number.NaN, five = Number.NaN, fifteen = Number.NaN] = text.split(" ").slice(0, 3).map(Number);
  return one >= 0 && five >= 0 && fifteen >= 0 ? [one, five, fifteen] : null;
}

/** systemd writes "uninitialized" into that of an image that has not been started yet. */
function toMachineId(text: string | null): string | null {
  const id = text?.trim() ?? "";
  return /^[0-9a-f-]{32,36}$/i.test(id) ? id : null;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A container, another kernel or a hardened host does not show everything.
    return null;
  }
}
