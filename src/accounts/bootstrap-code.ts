import { randomInt } from "node:crypto";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sameText } from "./digest.ts";

/** Where the code lies until setup is done, readable by the owner of the process only. */
const FILE = "setup-code";
/** Nothing that is mistaken for something else when read aloud or typed. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const GROUPS = 4;
const GROUP = 4;

/** The one-time code that whoever sets a fresh server up from afar must know: it stands in the log and in the data folder. */
export class BootstrapCode {
  readonly path: string;
  /** Made by this start: it has not been told yet. */
  readonly isNew: boolean;
  readonly code: string;

  private constructor(path: string, code: string, isNew: boolean) {
    this.path = path;
    this.code = code;
    this.isNew = isNew;
  }

  /** The code of the data folder, or a new one. Throws when the folder cannot be written. */
  static open(folder: string): BootstrapCode {
    const path = join(folder, FILE);
    const kept = readKept(path);
    if (kept !== null) return new BootstrapCode(path, kept, false);
    const letters = Array.from({ length: GROUPS * GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
    const code = letters.replaceAll(/(.{4})(?=.)/g, "$1-");
    writeFileSync(path, `${code}\n`, { mode: 0o600 });
    chmodSync(path, 0o600);
    return new BootstrapCode(path, code, true);
  }

  /** Setup is done: the code is worth nothing from now on. */
  static remove(folder: string): void {
    rmSync(join(folder, FILE), { force: true });
  }

  matches(code: string): boolean {
    return sameText(bare(code), bare(this.code));
  }
}

function bare(code: string): string {
  return code.toUpperCase().replaceAll(/[^0-9A-Z]/g, "");
}

function readKept(path: string): string | null {
  try {
    const text = readFileSync(path, "utf8").trim();
    return bare(text).length === GROUPS * GROUP ? text : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
