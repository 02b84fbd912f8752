import { closeSync, fsyncSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Where an installed Pulse and its updates lie. `root`: `/opt/pulse`, root's own. `dataDir`: the server's, who may write what it likes there. */
export function pathsOf({ root, dataDir }: { root: string; dataDir: string }) {
  const [update, updates] = [join(root, "update"), join(dataDir, "updates")];
  return {
    releases: join(root, "releases"),
    /** The version that runs, and the one that an update began with. */
    current: join(root, "current"),
    previous: join(root, "previous"),
    key: join(root, "release-key.pub"),
    update,
    /** How far an update is. */
    journal: join(update, "journal.json"),
    /** What came of the last one. */
    outcome: join(update, "outcome.json"),
    archive: join(update, "archive.tar.gz"),
    /** What the server asks for: the request, and the signed index that it is about. */
    updates,
    request: join(updates, "request.json"),
    index: join(updates, "releases.json"),
    signature: join(updates, "releases.json.sig"),
  };
}
export type Paths = ReturnType<typeof pathsOf>;

/** The folder of a version. */
export const folderOf = (paths: Pick<Paths, "releases">, version: string): string => join(paths.releases, version);

/** Writes a file so that, whenever the power goes, it is there as a whole or as it was before. */
export function writeSafely(path: string, content: string | Uint8Array, mode = 0o644): void {
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  const file = openSync(aside, "wx", mode);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
  syncFolder(dirname(path));
}

/** Removes a file for good; it need not be there. */
export function removeSafely(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Makes `link` lead to the version in `folder`, from one moment to the next. */
export function pointTo(link: string, folder: string): void {
  const aside = `${link}.new`;
  rmSync(aside, { force: true });
  symlinkSync(join("releases", basename(folder)), aside);
  renameSync(aside, link);
  syncFolder(dirname(link));
}

export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
