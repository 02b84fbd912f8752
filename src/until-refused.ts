import { BadSettings } from "./settings/bad-settings.ts";
import { refusalOf, StoreError } from "./store/database.ts";

/** How long a stop may take before the process goes anyway. */
export const STOP_DEADLINE = 10_000;

/** What `work` answers; 1 or 2, once it is told why, when it cannot be begun. */
export async function untilRefused(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadSettings) return complain(error.problems, 2);
    if (error instanceof StoreError) return complain([error.message], 1);
    const problem = toListenProblem(error) ?? toDiskProblem(error);
    if (problem) return complain([problem], 1);
    throw error;
  }
}

/** The sentence for a disk that takes nothing; null for any other error. */
function toDiskProblem(error: unknown): string | null {
  const { code = "", path = process.env.PULSE_DATA_DIR ?? "./data" } = error as NodeJS.ErrnoException;
  const reason = refusalOf(error)?.reason ?? DISK_CODES[code];
  return reason === undefined ? null : `Cannot write to "${path}": ${reason}`;
}

const DISK_CODES: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk is read-only",
};

/** The sentence for a port or address that cannot be listened on; null for any other error. */
function toListenProblem(error: unknown): string | null {
  const { code, syscall, port, address } = error as {
    code?: string;
    syscall?: string;
    port?: number;
    address?: string;
  };
  if (syscall !== "listen" && syscall !== "getaddrinfo") return null;
  if (code === "EADDRINUSE") return `Port ${port} is taken by another program; set FRONTEND_PORT to a free one`;
  if (code === "EACCES") return `Port ${port} may not be used by this user; set FRONTEND_PORT to one above 1023`;
  return `Cannot listen on BIND_HOST "${process.env.BIND_HOST ?? address}" (${code})`;
}

function complain(problems: readonly string[], code: number): number {
  for (const problem of problems) process.stderr.write(`Pulse cannot start: ${problem}\n`);
  return code;
}
