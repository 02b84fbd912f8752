import { createCipheriv, createDecipheriv, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";

const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
/** As older versions of Pulse seal their exports, and expect them. */
const ROUNDS = 100_000;

const derive = promisify(pbkdf2);

/** Seals an export: base64 of salt, nonce, ciphertext and tag (AES-256-GCM, PBKDF2 with SHA-256). */
export async function sealExport(text: string, passphrase: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", await derive(passphrase, salt, ROUNDS, KEY_BYTES, "sha256"), nonce);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([salt, nonce, body, cipher.getAuthTag()]).toString("base64");
}

/** The text of an export; null: another passphrase, or it is damaged, or none. */
export async function openExport(data: string, passphrase: string): Promise<string | null> {
  const bytes = Buffer.from(data, "base64");
  if (bytes.length < SALT_BYTES + NONCE_BYTES + TAG_BYTES) return null;
  const salt = bytes.subarray(0, SALT_BYTES);
  const sealed = bytes.subarray(SALT_BYTES);
  return openSealed(sealed, await derive(passphrase, salt, ROUNDS, KEY_BYTES, "sha256"));
}

/** What AES-256-GCM has sealed as nonce, ciphertext, tag; null: with another key, or it is damaged. */
export function openSealed(sealed: Uint8Array, key: Uint8Array): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES || key.length !== KEY_BYTES) return null;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const body = sealed.subarray(NONCE_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch {
    return null;
  }
}

/** What a client sends as an export: its base64, or the answer of the export route as it was saved. null: neither. */
export function toSealedText(data: unknown): string | null {
  if (typeof data === "object" && data !== null) return toSealedText((data as { data?: unknown }).data);
  if (typeof data !== "string") return null;
  const text = data.trim();
  if (/^[A-Za-z0-9+/\s]+=*$/.test(text)) return text;
  if (!text.startsWith("{")) return null;
  try {
    return toSealedText(JSON.parse(text));
  } catch {
    return null;
  }
}
