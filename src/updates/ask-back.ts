import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import type { Address, Journal } from "./papers.ts";
import { folderOf, pathsOf, writeSafely } from "./place.ts";

/** What was asked for; `id`: of the outcome that will tell what came of it. */
export interface AskedBack {
  id: string;
  from: string;
  to: string;
}

/**
 * Asks who puts versions in place to go back to the one that the last update began with: with a journal as an update leaves it that has
 * begun to go back, so that this is done by the very code that goes back by itself, and ended when it is cut off. To be called by root. A
 * sentence: why not.
 */
export function askBack({
  root,
  dataDir,
  address,
}: {
  root: string;
  dataDir: string;
  address: Address;
}): AskedBack | string {
  const paths = pathsOf({ root, dataDir });
  if (existsSync(paths.journal)) return "An update is going on: journalctl -u pulse-update tells how far it is";
  const [current, before] = [targetOf(paths.current), targetOf(paths.previous)];
  if (
    current === null ||
    before === null ||
    before === current ||
    !existsSync(join(folderOf(paths, before), "bin/pulse"))
  )
    return "No version before is kept";
  const journal: Journal = {
    ...{ id: randomUUID(), from: before, to: current, address, backup: `before-${current}.db` },
    ...{ state: "going-back", message: `Going back to v${before}` },
    reason: { code: "unwell", message: `Somebody went back from v${current} on the command line` },
  };
  mkdirSync(paths.update, { recursive: true, mode: 0o755 });
  writeSafely(paths.journal, JSON.stringify(journal));
  return { id: journal.id, from: current, to: before };
}

/** null: there is no such link. */
function targetOf(link: string): string | null {
  try {
    return basename(readlinkSync(link));
  } catch {
    return null;
  }
}
