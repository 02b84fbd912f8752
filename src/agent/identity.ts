import { createHash, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Who this agent is, in its state folder. */
const FILE = "agent-id.json";

export interface Identity {
  id: string;
  /** Why it is not kept in the state folder, as a sentence; null: it is. */
  problem: string | null;
}

interface Kept {
  id: string;
  machineId: string | null;
}

export interface IdentityParts {
  stateDir: string;
  machineId: string | null;
  hostname: string;
  /** Where the engine is: several agents on a machine, one an engine, are several. */
  engine: string;
}

/**
 * The agent's id: made by chance at its first start, and kept. A folder that came along to a machine with another machine id, as with a
 * clone, is not its own: it gets a new one. Where nothing can be kept, the id is a hash of machine, name and engine.
 */
export function readIdentity({ stateDir, machineId, hostname, engine }: IdentityParts): Identity {
  const path = join(stateDir, FILE);
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    const kept = readKept(path);
    if (kept !== null && (kept.machineId === machineId || kept.machineId === null || machineId === null))
      return { id: kept.id, problem: null };
    return { id: keep(path, { id: randomUUID(), machineId }, kept !== null), problem: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const id = createHash("sha256").update([machineId, hostname, engine].join("\0")).digest("hex").slice(0, 32);
    return {
      id,
      problem: `The agent's id cannot be kept in "${stateDir}" (${code}): it is made of the machine's id and name`,
    };
  }
}

/** null: none yet, or none that can be used. */
function readKept(path: string): Kept | null {
  try {
    const kept = JSON.parse(readFileSync(path, "utf8")) as Partial<Kept> | null;
    return typeof kept?.id === "string" && kept.id.length > 0 && kept.id.length <= 256
      ? { id: kept.id, machineId: typeof kept.machineId === "string" ? kept.machineId : null }
      : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Writes whole or not at all. Answers the id that is kept then: of two agents that start at once, the first one's. */
function keep(path: string, kept: Kept, replaces: boolean): string {
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(kept)}\n`, { mode: 0o600, flush: true });
  try {
    if (replaces) renameSync(aside, path);
    else linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const first = readKept(path);
    if (first !== null) return first.id;
    renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
  return kept.id;
}
