import { createHash } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";

const BLOCK = 512;

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
  for (const file of sorted) split(file.path);
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

/** The block before a file: where each field begins, and how long it is, is told in POSIX.1-1988 (ustar). */
function headerOf(
  path: string,
  size: number,
  { mode, type, time }: { mode: number; type: "0" | "5"; time: number },
): Buffer {
  const header = Buffer.alloc(BLOCK);
  const [name, prefix] = split(path);
  const octal = (value: number, at: number, length: number) =>
    header.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  header.write(name, 0, "utf8");
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(time, 136, 12);
  header.write(" ".repeat(8), 148);
  header.write(type, 156);
  header.write("ustar\u000000", 257);
  header.write("root", 265);
  header.write("root", 297);
  header.write(prefix, 345, "utf8");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** A path longer than 100 bytes is told in two parts, parted at a slash. */
function split(path: string): readonly [name: string, prefix: string] {
  if (Buffer.byteLength(path) <= 100) return [path, ""];
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [name, prefix];
  }
  throw new Error(`"${path}" is too long for a tar archive`);
}
