import { readFileSync } from "node:fs";
import { join } from "node:path";
import { BadSettings } from "./bad-settings.ts";
import { openSealed } from "./transfer-seal.ts";

/** 32 bytes as base64. */
const KEY_FILE = ".encryption.key";
/** What each file of an older version's data folder is in the document of an export. */
const FILES: readonly { file: string; field: string; isSealed: boolean }[] = [
  { file: "nodes.enc", field: "nodes", isSealed: true },
  { file: "email.enc", field: "email", isSealed: true },
  { file: "webhooks.enc", field: "webhooks", isSealed: true },
  { file: "system.json", field: "system", isSealed: false },
  { file: "alerts.json", field: "alerts", isSealed: false },
  { file: "guest_metadata.json", field: "guestMetadata", isSealed: false },
];

/**
 * What lies in the data folder of an older version (`/etc/pulse`), as the document of an export. Files that are not there are left out.
 * Throws BadSettings telling every file that cannot be used.
 */
export function readLegacyFolder(folder: string): Record<string, unknown> {
  const problems: string[] = [];
  const key = read(folder, KEY_FILE, problems);
  const document: Record<string, unknown> = {};
  for (const { file, field, isSealed } of FILES) {
    const bytes = read(folder, file, problems);
    if (bytes === null) continue;
    const text = isSealed ? open(bytes, key) : bytes.toString("utf8");
    const value = text === null ? undefined : parse(text);
    if (text === null)
      problems.push(
        key === null
          ? `${join(folder, file)}: is sealed, and ${KEY_FILE} is not beside it`
          : `${join(folder, file)}: cannot be opened with ${KEY_FILE}: is it the key of this folder?`,
      );
    else if (value === undefined) problems.push(`${join(folder, file)}: is no JSON`);
    else document[field] = value;
  }
  if (problems.length === 0 && Object.keys(document).length === 0)
    problems.push(`${folder}: holds no configuration of an older Pulse (${FILES.map(({ file }) => file).join(", ")})`);
  if (problems.length > 0) throw new BadSettings(problems);
  return document;
}

/** null: there is none. */
function read(folder: string, file: string, problems: string[]): Buffer | null {
  try {
    return readFileSync(join(folder, file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") problems.push(`${join(folder, file)}: cannot be read (${code})`);
    return null;
  }
}

/** Nonce, ciphertext, tag; some versions write that as base64. */
function open(bytes: Buffer, key: Buffer | null): string | null {
  if (key === null) return null;
  const secret = Buffer.from(key.toString("utf8").trim(), "base64");
  return openSealed(bytes, secret) ?? openSealed(Buffer.from(bytes.toString("utf8").trim(), "base64"), secret);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
