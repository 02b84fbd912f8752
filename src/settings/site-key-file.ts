import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BadSettings } from "./bad-settings.ts";
import { makeKey, toKey } from "./seal.ts";

/** The private part of the key by which an edge opens what was sealed for its site. */
const SITE_KEY_FILE = "site.key";

/** The key in an edge's data folder, made where there is none. Throws BadSettings. */
export function openSiteKey(folder: string): Buffer {
  return readSiteKey(folder) ?? makeKey(join(folder, SITE_KEY_FILE));
}

/** null: there is none. Throws BadSettings when it cannot be read. */
export function readSiteKey(folder: string): Buffer | null {
  const path = join(folder, SITE_KEY_FILE);
  try {
    return toKey(readFileSync(path, "utf8"), path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    if (code === undefined || error instanceof BadSettings) throw error;
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
}
