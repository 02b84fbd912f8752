import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { BLOCK, headerOf } from "../../src/updates/tar-header.ts";

/** A file of an archive: its path there, and where its content comes from. */
export interface Packed {
  path: string;
  content: string | Buffer | { file: string };
  executable?: boolean;
}

/**
 * Writes a .tar.gz (POSIX ustar) and answers its SHA-256 and size. The same files at the same `time` (seconds since the Unix epoch) are the
 * same bytes: they are sorted, belong to root, and nothing else of them is kept.
 */
export async function writeTarGz(
  path: string,
  files: readonly Packed[],
  time: number,
): Promise<{ sha256: string; size: number }> {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  // A path that cannot be told is found out before anything is written.
  for (const { path } of sorted) headerOf(path, 0, { mode: 0o644, type: "0", time });
  const gzip = createGzip();
  const hash = createHash("sha256");
  let size = 0;
  gzip.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    size += chunk.length;
  });
  const file = createWriteStream(path);
  gzip.pipe(file);
  const write = async (bytes: Uint8Array) => {
    if (!gzip.write(bytes)) await once(gzip, "drain");
  };
  for (const folder of foldersOf(sorted)) await write(headerOf(`${folder}/`, 0, { mode: 0o755, type: "5", time }));
  for (const { path: name, content, executable } of sorted) {
    const bytes = await bytesOf(content);
    await write(headerOf(name, bytes.length, { mode: executable ? 0o755 : 0o644, type: "0", time }));
    await write(bytes);
    await write(Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  gzip.end(Buffer.alloc(2 * BLOCK));
  await finished(file);
  return { sha256: hash.digest("hex"), size };
}

async function bytesOf(content: Packed["content"]): Promise<Uint8Array> {
  if (typeof content === "string") return Buffer.from(content);
  return "file" in content ? readFile(content.file) : content;
}

/** Every folder that a file lies in, those that lie in others after them. */
function foldersOf(files: readonly Packed[]): string[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    const parts = path.split("/").slice(0, -1);
    for (const [index] of parts.entries()) folders.add(parts.slice(0, index + 1).join("/"));
  }
  return [...folders].sort();
}
