import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/** In `/proc/PID/stat`, counted from the field after the command's name: where the kernel keeps the arguments. */
const ARG_START = 45;

/**
 * Overwrites secrets among this process's arguments where `ps` and `/proc/PID/cmdline` read them: the kernel shows the process's own memory.
 * `secrets`: texts of some length. Answers whether they are out of sight; some kernels do not let a process write there.
 */
export function concealArguments(secrets: readonly string[]): boolean {
  if (secrets.length === 0) return true;
  try {
    const shown = readFileSync("/proc/self/cmdline");
    const stat = readFileSync("/proc/self/stat", "latin1");
    const start = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[ARG_START]);
    const memory = openSync("/proc/self/mem", "r+");
    try {
      for (const secret of secrets) {
        const blank = Buffer.alloc(Buffer.byteLength(secret), "x");
        for (let at = shown.indexOf(secret); at >= 0; at = shown.indexOf(secret, at + 1))
          writeSync(memory, blank, 0, blank.length, start + at);
      }
    } finally {
      closeSync(memory);
    }
    const left = readFileSync("/proc/self/cmdline");
    return !secrets.some(secret => left.includes(secret));
  } catch {
    // Not Linux, or a hardened one: they stay in sight, which the caller says.
    return false;
  }
}
