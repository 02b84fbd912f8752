import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";

// Packages of npm for another kind of processor than this machine's, which `npm ci` leaves out.

interface Package {
  name: string;
  version: string;
  /** Of its archive, base64. */
  sha512: string;
}

const KEPT = resolve("dist/.packages");

/** The package as an unpacked tar archive; fetched by npm, so from where npm is told to fetch, and kept. */
export function readPackage({ name, version, sha512 }: Package): Buffer {
  const kept = join(KEPT, `${name.replaceAll("/", "-")}-${version}.tgz`);
  if (!existsSync(kept)) fetchPackage(`${name}@${version}`, kept);
  const archive = readFileSync(kept);
  const found = createHash("sha512").update(archive).digest("base64");
  if (found !== sha512) {
    rmSync(kept);
    throw new Error(`${name}@${version} is not what was expected: sha512-${found}`);
  }
  return gunzipSync(archive);
}

function fetchPackage(wanted: string, kept: string): void {
  mkdirSync(KEPT, { recursive: true });
  const folder = mkdtempSync(join(KEPT, "fetch-"));
  try {
    process.stderr.write(`Fetching ${wanted}…\n`);
    const printed = runOrThrow("npm", ["pack", "--loglevel=error", "--pack-destination", folder, wanted]);
    renameSync(join(folder, basename(printed.trim())), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file of a tar archive: blocks of 512 bytes, a header (name at 0, size in octal at 124) and the content after it. */
export function fileOf(tar: Buffer, name: string): Buffer {
  for (let at = 0; at + 512 <= tar.length; ) {
    const text = (from: number, length: number) =>
      tar.toString("latin1", at + from, at + from + length).split("\0")[0] ?? "";
    const size = Number.parseInt(text(124, 12), 8) || 0;
    if (text(0, 100) === name) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`There is no "${name}" in the archive`);
}

/** Answers what it printed. */
export function runOrThrow(file: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`"${file}" ended with ${status}: ${stderr || stdout}`, { cause: error });
  return stdout;
}
