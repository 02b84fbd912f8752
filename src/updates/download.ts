import { createHash } from "node:crypto";
import { createReadStream, existsSync, rmSync, statfsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { type Bytes, MIB } from "../kit/units.ts";
import type { Asset } from "../model/release.ts";
import { ARCHIVE_LIMITS, begin, type FetchLimits } from "./fetching.ts";
import { UpdateFault } from "./update-fault.ts";

interface DownloadOptions {
  /** How much of it is there. */
  progress: (bytes: Bytes) => void;
  signal?: AbortSignal;
  limits?: FetchLimits;
}

/**
 * Downloads an archive to `path`, unless it is there already. What an earlier try has left of it is gone on with; whatever comes of that, the
 * file is what the index tells, by size and SHA-256, or it is removed. Throws UpdateFault, and what the disk says.
 */
export async function download(url: URL, asset: Asset, path: string, options: DownloadOptions): Promise<void> {
  const there = sizeOf(path);
  if (there > asset.size) rmSync(path);
  else if (there < asset.size) await goOn(url, asset, path, options);
  const [size, found] = [sizeOf(path), await sha256Of(path)];
  if (found === asset.sha256) return;
  rmSync(path);
  if (size !== asset.size)
    throw new UpdateFault("bad-size", `The archive has ${size} bytes; the index says ${asset.size}`);
  throw new UpdateFault("bad-checksum", "The archive is not the one that the index tells: its SHA-256 is another");
}

/** Adds what is missing. A server that starts from the beginning again is followed. */
async function goOn(
  url: URL,
  asset: Asset,
  path: string,
  { progress, signal, limits }: DownloadOptions,
): Promise<void> {
  const there = sizeOf(path);
  const headers: Record<string, string> = there > 0 ? { range: `bytes=${there}-` } : {};
  const { status, headers: told, pieces } = await begin(url, limits ?? ARCHIVE_LIMITS, { headers, signal });
  if (status === 416) {
    // It has less than is here: what is here is of something else.
    rmSync(path);
    throw new UpdateFault("unreachable", "What an earlier download has left was of no use; try again");
  }
  const from = status === 206 && told.get("content-range")?.startsWith(`bytes ${there}-`) ? there : 0;
  const file = await open(path, from === 0 ? "w" : "a", 0o600);
  let size = from;
  try {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > asset.size) break;
      await file.writeFile(piece);
      progress(size);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  // More than the index tells: nothing of it is kept.
  if (size > asset.size) {
    rmSync(path);
    throw new UpdateFault("bad-size", `The archive is larger than the ${asset.size} bytes that the index says`);
  }
  if (size < asset.size)
    throw new UpdateFault("unreachable", `The download ended after ${size} of ${asset.size} bytes`);
}

/** Throws UpdateFault ("no-space") where less than that is free. */
export function assertRoom(folder: string, needed: Bytes): void {
  const { bavail, bsize } = statfsSync(folder);
  const [free, wanted] = [bavail * bsize, needed + 64 * MIB];
  if (free < wanted) {
    const toMib = (bytes: Bytes) => Math.ceil(bytes / MIB);
    throw new UpdateFault("no-space", `"${folder}" has ${toMib(free)} MiB free; ${toMib(wanted)} MiB are needed`);
  }
}

function sizeOf(path: string): Bytes {
  return existsSync(path) ? statSync(path).size : 0;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  if (existsSync(path)) for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
