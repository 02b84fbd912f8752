import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Bytes, GIB } from "../kit/units.ts";
import { BLOCK } from "./tar-header.ts";
import { UpdateFault } from "./update-fault.ts";

const MOST_FILES = 20_000;
const MOST_BYTES: Bytes = 4 * GIB;

/**
 * Unpacks a .tar.gz with one folder named `top` into `folder`, which must be there and empty; the files of `top` come to lie right in it.
 * It takes what `npm run release` makes and nothing else: files and folders, no links, no devices, no way out of the folder. Throws
 * UpdateFault ("bad-archive") at the first entry that is something else, and what the disk says.
 */
export async function unpack(archive: string, folder: string, top: string): Promise<void> {
  const gunzip = createGunzip();
  const source = createReadStream(archive);
  const unpacked = pipeline(source, gunzip, stream => readEntries(stream as unknown as Readable, folder, top));
  await unpacked.catch((error: NodeJS.ErrnoException) => {
    if (!error.code?.startsWith("Z_")) throw error;
    throw new UpdateFault("bad-archive", "The archive is damaged: it cannot be unpacked", { cause: error });
  });
}

interface Entry {
  path: string;
  size: number;
  isFolder: boolean;
  executable: boolean;
}

async function readEntries(stream: AsyncIterable<Buffer>, folder: string, top: string): Promise<void> {
  const blocks = new Blocks(stream);
  const known = new Set<string>();
  let bytes = 0;
  for (;;) {
    const header = await blocks.take(BLOCK);
    if (header.every(byte => byte === 0)) break;
    const entry = toEntry(header, top);
    bytes += entry.size;
    if (known.size >= MOST_FILES || bytes > MOST_BYTES) throw bad("it holds too much");
    if (known.has(entry.path)) throw bad(`"${entry.path}" is in it twice`);
    known.add(entry.path);
    const parent = entry.path.split("/").slice(0, -1).join("/");
    if (entry.path === "" ? !entry.isFolder : !known.has(parent)) throw bad(`"${entry.path}" lies in no folder`);
    if (entry.isFolder) await mkdir(join(folder, entry.path), { mode: 0o755, recursive: entry.path === "" });
    else await writeEntry(entry, folder, blocks);
  }
  await blocks.drain();
  if (!known.has("")) throw bad(`there is no folder "${top}" in it`);
}

async function writeEntry({ path, size, executable }: Entry, folder: string, blocks: Blocks): Promise<void> {
  // NOTE: "wx" writes to nothing that is there already, so through no link either.
  const file: FileHandle = await open(join(folder, path), "wx", executable ? 0o755 : 0o644);
  try {
    for (let left = size; left > 0; ) {
      const piece = await blocks.upTo(left);
      await file.writeFile(piece);
      left -= piece.length;
    }
    await blocks.take((BLOCK - (size % BLOCK)) % BLOCK);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What a header tells; where its fields are: POSIX.1-1988 (ustar). */
function toEntry(header: Buffer, top: string): Entry {
  const text = (at: number, length: number) => header.toString("utf8", at, at + length).split("\0", 1)[0] ?? "";
  const octal = (at: number, length: number) => {
    const digits = text(at, length).trim();
    if (!/^[0-7]+$/.test(digits)) throw bad("a header of it cannot be read");
    return Number.parseInt(digits, 8);
  };
  const sum = header.reduce((total, byte, place) => total + (place >= 148 && place < 156 ? 32 : byte), 0);
  if (text(257, 5) !== "ustar" || octal(148, 8) !== sum) throw bad("a header of it cannot be read");
  const prefix = text(345, 155);
  const path = `${prefix === "" ? "" : `${prefix}/`}${text(0, 100)}`;
  const type = text(156, 1) || "0";
  if (type !== "0" && type !== "5") throw bad(`"${path.slice(0, 200)}" is neither a file nor a folder`);
  const size = octal(124, 12);
  if (type === "5" && size > 0) throw bad("a folder has content");
  return {
    path: within(path.replace(/\/$/, ""), top),
    size,
    isFolder: type === "5",
    executable: (octal(100, 8) & 0o100) !== 0,
  };
}

/** The path below `top`; nothing that could lead elsewhere passes. */
function within(path: string, top: string): string {
  const [first, ...parts] = path.split("/");
  const isPlain = (part: string) => /^[A-Za-z0-9@_+.,-]{1,200}$/.test(part) && part !== "." && part !== "..";
  if (first !== top || !parts.every(isPlain)) throw bad(`"${path.slice(0, 200)}" leads out of "${top}"`);
  return parts.join("/");
}

const bad = (what: string) => new UpdateFault("bad-archive", `The archive is not what a release is: ${what}`);

/** Pieces of a stream, of the sizes that are asked for. */
class Blocks {
  readonly #stream: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** Exactly `size` bytes, few of them. */
  async take(size: number): Promise<Buffer> {
    while (this.#held.length < size) this.#held = Buffer.concat([this.#held, await this.#more()]);
    const taken = this.#held.subarray(0, size);
    this.#held = this.#held.subarray(size);
    return taken;
  }

  /** At least one byte, and at most `size`. */
  async upTo(size: number): Promise<Buffer> {
    while (this.#held.length === 0) this.#held = await this.#more();
    return this.take(Math.min(size, this.#held.length));
  }

  /** Passes over what is left, so that what the end says of the whole is looked at, too. */
  async drain(): Promise<void> {
    let left = 0;
    for (let next = await this.#stream.next(); !next.done; next = await this.#stream.next()) {
      left += next.value.length;
      if (left > MOST_BYTES) throw bad("it holds too much");
    }
  }

  async #more(): Promise<Buffer> {
    const { done, value } = await this.#stream.next();
    if (done) throw bad("it ends too early");
    return value;
  }
}
