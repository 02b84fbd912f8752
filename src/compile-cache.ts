import { lstatSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { type Millis, SECOND } from "./kit/units.ts";

/** By then a start has compiled what it needs. */
const SETTLED: Millis = 5 * SECOND;

/** Where Node keeps what it has compiled. */
export interface KeptCompiled {
  /** To be called once everything runs: what was compiled for that is kept, however the process ends. */
  started(): void;
}

interface Program {
  version: string;
  development: boolean;
  dataDir: string;
}

/**
 * Lets Node keep what it compiles, so that the next start of this version takes half as long: in the folder that systemd gives
 * (`CacheDirectory=`), or in `cache/` of the data folder, which is there in a container that may write nothing else, too. It makes a
 * difference for nothing but time: without room, rights or a data folder a start does without. NOTE: what is kept there is run, so it must be
 * this very user's folder; root, who puts updates in place, believes nothing that the service has written.
 */
export function keepCompiled(
  { version, development, dataDir }: Program,
  environment: NodeJS.ProcessEnv = process.env,
  node: Pick<typeof import("node:module"), "enableCompileCache" | "flushCompileCache"> = {
    enableCompileCache,
    flushCompileCache,
  },
): KeptCompiled {
  const nothing = { started: () => {} };
  // Node has begun already where its own variable says so.
  if (development || environment.NODE_COMPILE_CACHE) return nothing;
  const given = environment.CACHE_DIRECTORY?.split(":")[0] || null;
  const base = given ?? join(dataDir, "cache");
  const name = `compiled-${version}`;
  const folder = join(base, name);
  try {
    for (const each of given === null ? [base, folder] : [folder]) makeOwn(each);
    node.enableCompileCache(folder);
  } catch {
    return nothing;
  }
  return {
    started: () =>
      void setTimeout(() => {
        node.flushCompileCache();
        removeOthers(base, name);
      }, SETTLED).unref(),
  };
}

/** Throws where there is something else than a folder that only this user may write. */
function makeOwn(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const { uid, mode } = lstatSync(folder);
  const isOwn = process.getuid === undefined || uid === process.getuid();
  if (!isOwn || (mode & 0o022) !== 0 || !lstatSync(folder).isDirectory())
    throw new Error(`"${folder}" is somebody else's`);
}

/** Of other versions. */
function removeOthers(base: string, name: string): void {
  try {
    for (const other of readdirSync(base))
      if (other.startsWith("compiled-") && other !== name) rmSync(join(base, other), { recursive: true, force: true });
  } catch {
    // The next start tries again.
  }
}
