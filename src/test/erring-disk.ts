import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own with a real file system (ext4), that can be made to take nothing more. */
export interface ErringDisk extends Disposable {
  readonly folder: string;
  /** Each write into a file that is there is an error, whoever has it open; until `accept`. */
  refuse(): void;
  accept(): void;
  /** The system makes it read-only, as it does when it finds an error in it; until it is repaired. */
  breakDown(): void;
  /** Brings it back, as an operator does; nobody may have a file of it open. */
  repair(): void;
}

/** null: this user may not mount one. */
export function openErringDisk(): ErringDisk | null {
  const home = mkdtempSync(join(tmpdir(), "pulse-erring-"));
  const [image, folder] = [join(home, "image"), join(home, "disk")];
  mkdirSync(folder);
  const isMounted = [
    ["truncate", "-s", "48M", image],
    ["mkfs.ext4", "-q", image],
    ["mount", "-o", "loop", image, folder],
  ].every(([file = "", ...args]) => spawnSync(file, args, { stdio: "ignore" }).status === 0);
  if (!isMounted) {
    rmSync(home, { recursive: true });
    return null;
  }
  const mark = (sign: "+i" | "-i") => {
    const files = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile());
    execFileSync("chattr", [sign, ...files.map(({ name }) => join(folder, name))]);
  };
  return {
    folder,
    refuse: () => mark("+i"),
    accept: () => mark("-i"),
    breakDown: () => void execFileSync("mount", ["-o", "remount,abort", folder]),
    repair() {
      execFileSync("umount", [folder]);
      // 1: errors were found, and mended.
      const { status } = spawnSync("fsck.ext4", ["-y", image], { stdio: "ignore" });
      if (status !== 0 && status !== 1) throw new Error(`fsck ended with ${status}`);
      execFileSync("mount", ["-o", "loop", image, folder]);
    },
    [Symbol.dispose]() {
      spawnSync("umount", ["-l", folder]);
      rmSync(home, { recursive: true, force: true });
    },
  };
}
