import { closeSync, constants, fstatSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import type { Bytes } from "../kit/units.ts";
import { UpdateFault } from "./update-fault.ts";

/** A user of the system. */
export interface Owner {
  uid: number;
  gid: number;
}

/** Whose a folder is. */
export function ownerOf(folder: string): Owner {
  const { uid, gid } = statSync(folder);
  return { uid, gid };
}

/**
 * Does something in a folder that belongs to somebody else with no more rights than that user has: whatever links lie there then lead
 * nowhere that the owner could not go alone. NOTE: it counts for the whole process until `work` is over, so `work` must not wait.
 */
function asOwner<T>({ uid, gid }: Owner, work: () => T): T {
  const { geteuid, getegid, seteuid, setegid, setgroups, getgroups } = process;
  if (geteuid === undefined || geteuid() !== 0 || uid === 0) return work();
  const [ownGroup, groups] = [getegid?.() ?? 0, getgroups?.() ?? []];
  try {
    setgroups?.([gid]);
    setegid?.(gid);
    seteuid?.(uid);
    return work();
  } finally {
    seteuid?.(0);
    setegid?.(ownGroup);
    setgroups?.(groups);
  }
}

/** Opens a file of somebody else for reading; only a plain file, of at most `largest` bytes. Throws otherwise. */
export function openOf(owner: Owner, path: string, largest: Bytes): number {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = asOwner(owner, () => openSync(path, flags));
  const stat = fstatSync(file);
  if (stat.isFile() && stat.size <= largest) return file;
  closeSync(file);
  throw new UpdateFault("bad-size", `"${path}" is no plain file, or larger than ${largest} bytes`);
}

/** The content of such a file; null: it is not there. */
export function readOf(owner: Owner, path: string, largest: Bytes): Buffer | null {
  try {
    const file = openOf(owner, path, largest);
    try {
      return readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

export function removeOf(owner: Owner, path: string): void {
  asOwner(owner, () => rmSync(path, { force: true }));
}
