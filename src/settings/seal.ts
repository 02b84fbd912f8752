import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { BadSettings } from "./bad-settings.ts";

/** The key that secrets are sealed with, beside the database and not in it. */
export const KEY_FILE = "pulse.key";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Of the format below, its first byte. */
const VERSION = 1;

/** Nothing may be sealed: what is sealed with a key that nobody has could never be opened again. */
export class KeyGone extends Error {
  override name = "KeyGone";
}

/** A key from elsewhere than the data folder: as text (`PULSE_ENCRYPTION_KEY`), or in a file that systemd hands over. */
export type GivenKey = { text: string } | { file: string };

/** Where the key lies; null: it comes as text. */
export function keyFileOf({ dataDir, sealKey }: { dataDir: string; sealKey?: GivenKey | null }): string | null {
  if (sealKey) return "file" in sealKey ? sealKey.file : null;
  return join(dataDir, KEY_FILE);
}

/** The key of a data folder, or the given one, as text. Throws BadSettings when there is none. */
export function keyText(folder: string, given: GivenKey | null): string {
  if (given && "text" in given) return toKey(given.text, "PULSE_ENCRYPTION_KEY").toString("base64");
  const path = given?.file ?? join(folder, KEY_FILE);
  try {
    return toKey(readFileSync(path, "utf8"), path).toString("base64");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof BadSettings) throw error;
    throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
  }
}

/** Seals secrets with AES-256-GCM: version, nonce, tag, ciphertext. */
export class Seal {
  readonly #key: Buffer;
  /** null: the key came as text, and no file can vanish. */
  readonly #path: string | null;

  private constructor(key: Buffer, path: string | null) {
    this.#key = key;
    this.#path = path;
  }

  /**
   * Opens the key of the data folder; makes one when there is none yet and nothing `isSealed`. A key is never replaced.
   * `given`: the key comes from elsewhere, and the folder's is not looked at. Throws BadSettings when the key is missing or unreadable
   * though there are sealed secrets, or cannot be written.
   */
  static open(folder: string, isSealed: boolean, given: GivenKey | null = null): Seal {
    if (given && "text" in given) return new Seal(toKey(given.text, "PULSE_ENCRYPTION_KEY"), null);
    const path = given?.file ?? join(folder, KEY_FILE);
    try {
      return new Seal(toKey(readFileSync(path, "utf8"), path), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code !== "ENOENT") throw new BadSettings([`${path}: cannot be read (${code})`], { cause: error });
    }
    if (isSealed || given)
      throw new BadSettings([
        `${path}: missing, and without it the kept passwords and tokens cannot be read. Put it back from a backup; ` +
          "if it is lost, remove pulse.db too and enter the instances anew",
      ]);
    return new Seal(makeKey(path), path);
  }

  /**
   * `context` belongs to the secret: sealed for one thing, it opens for no other. Throws KeyGone when the key's file is not there any more,
   * or is another one's: after the next start the secret would be lost.
   */
  close(secret: string, context: string): Uint8Array {
    this.#checkFile();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), body]);
  }

  /** `bytes` that nobody has without the key, the same for the same `purpose`. */
  derive(purpose: string, bytes: number): Uint8Array {
    return new Uint8Array(hkdfSync("sha256", this.#key, "", purpose, bytes));
  }

  /** The secret; null when it was sealed with another key or for something else, or was damaged. */
  open(sealed: Uint8Array, context: string): string | null {
    const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
    const tag = sealed.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES);
    if (sealed[0] !== VERSION || tag.length !== TAG_BYTES) return null;
    const decipher = createDecipheriv("aes-256-gcm", this.#key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
    try {
      const body = sealed.subarray(1 + NONCE_BYTES + TAG_BYTES);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
    } catch {
      return null;
    }
  }

  #checkFile(): void {
    if (this.#path === null) return;
    let there: string;
    try {
      there = readFileSync(this.#path, "utf8");
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new KeyGone(`${KEY_FILE} can no longer be read (${code}): put it back, nothing is saved until then`, {
        cause: error,
      });
    }
    if (!toKey(there, this.#path).equals(this.#key))
      throw new KeyGone(
        `${KEY_FILE} is not the key Pulse was started with: put that back, nothing is saved until then`,
      );
  }
}

/** The 32 bytes of a key file. Throws BadSettings for what is none. */
export function toKey(text: string, path: string): Buffer {
  const bare = text.trim();
  const key = Buffer.from(bare, /^[0-9a-f]{64}$/i.test(bare) ? "hex" : "base64");
  if (key.length !== KEY_BYTES)
    throw new BadSettings([`${path}: is no key of Pulse (32 bytes as base64 or hex); put the right one back`]);
  return key;
}

/** Written through to the disk before anything is sealed with it; readable by its owner only. */
export function makeKey(path: string): Buffer {
  const key = randomBytes(KEY_BYTES);
  try {
    const file = openSync(path, "wx", 0o600);
    writeSync(file, `${key.toString("base64")}\n`);
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    throw new BadSettings([`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`], { cause: error });
  }
  return key;
}
