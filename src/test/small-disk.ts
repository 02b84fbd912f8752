import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bytes, MIB } from "../kit/units.ts";

/** A disk of its own, of a few megabytes, that can be filled and emptied. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Takes all the room that is left. */
  fill(): void;
  /** Gives it back. */
  empty(): void;
}

/** null: this user may not mount one. */
export function openSmallDisk(size: Bytes = 16 * MIB): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "pulse-disk-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
  if (status !== 0) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill() {
      const file = openSync(ballast, "a");
      const block = Buffer.alloc(4096);
      try {
        for (;;) writeSync(file, block);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      } finally {
        closeSync(file);
      }
      if (statfsSync(folder).bfree > 0) throw new Error("The disk is not full");
    },
    empty: () => rmSync(ballast),
    [Symbol.dispose]() {
      spawnSync("umount", ["-l", folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
