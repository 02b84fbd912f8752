import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Bytes } from "../kit/units.ts";

const CLOCK_TICKS = 100;
const PAGE: Bytes = 4096;

/** CPU seconds that a process has used, user and system: fields 14 and 15 of /proc/PID/stat, counted after the command's name. */
export function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS;
}

/** Resident memory of a process. */
export function memoryOf({ pid }: ChildProcess): Bytes {
  return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE;
}

/** Bytes that a process has made the system write to disks (proc(5), /proc/PID/io). */
export function writtenBy({ pid }: ChildProcess): Bytes {
  return Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
}
