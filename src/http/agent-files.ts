import { createHash } from "node:crypto";
import { createWriteStream, type Stats } from "node:fs";
import { type FileHandle, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** What the agent is built for. */
export type AgentArch = "amd64" | "arm64";

/** The agent's program file, open for reading: who gets it closes it. */
export interface AgentFile {
  /** "pulse-docker-agent-linux-amd64" */
  name: string;
  /** Of the program, in hex, however it is sent. */
  sha256: string;
  /** Of what is sent, bytes. */
  size: number;
  gzip: boolean;
  handle: FileHandle;
}

/** The file is not what its checksum says: it was not built, or copied, to its end. */
export class BrokenAgentFile extends Error {
  override readonly name = "BrokenAgentFile";
}

/**
 * The agent's program files, as the build lays them in `folder`. Each is compressed once, when it is first asked for so, and kept beside;
 * where nothing can be written it is sent as it is.
 */
export class AgentFiles {
  readonly #folder: string | null;
  /** By file and its state, so that a file that is built anew is read anew. */
  readonly #digests = new Map<string, Promise<string>>();
  readonly #zips = new Map<string, Promise<string | null>>();

  /** null: there are none. */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** null: it is not built. `gzip`: compressed, if that can be had. Throws BrokenAgentFile. */
  async open(arch: AgentArch, gzip: boolean): Promise<AgentFile | null> {
    if (this.#folder === null) return null;
    const name = `pulse-docker-agent-linux-${arch}`;
    const path = join(this.#folder, name);
    const handle = await openIfThere(path);
    if (handle === null) return null;
    try {
      const stats = await handle.stat();
      const sha256 = await this.#digestOf(path, handle, stats);
      const zip = gzip ? await this.#zipOf(path, sha256) : null;
      const zipped = zip === null ? null : await openIfThere(zip);
      if (zipped === null) return { name, sha256, size: stats.size, gzip: false, handle };
      await handle.close();
      return { name, sha256, size: (await zipped.stat()).size, gzip: true, handle: zipped };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  #digestOf(path: string, handle: FileHandle, { ino, size, mtimeMs }: Stats): Promise<string> {
    return once(this.#digests, `${path} ${ino} ${size} ${mtimeMs}`, async () => {
      const hash = createHash("sha256");
      for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
      const found = hash.digest("hex");
      const written = await readFile(`${path}.sha256`, "utf8").catch(() => found);
      if (!written.startsWith(found)) throw new BrokenAgentFile(`"${path}" is not what its checksum says`);
      return found;
    });
  }

  /** The path of the compressed one; null: it cannot be made. Its name has the checksum, so that none is of an earlier build. */
  #zipOf(path: string, sha256: string): Promise<string | null> {
    const zip = `${path}.${sha256.slice(0, 16)}.gz`;
    return once(this.#zips, zip, async () => {
      const there = await openIfThere(zip);
      await there?.close();
      if (there) return zip;
      const unfinished = `${zip}.${process.pid}`;
      try {
        await using source = await open(path);
        await pipeline(source.createReadStream({ autoClose: false }), createGzip(), createWriteStream(unfinished));
        await removeOlder(path);
        await rename(unfinished, zip);
        return zip;
      } catch {
        await rm(unfinished, { force: true }).catch(() => {});
        return null;
      }
    });
  }
}

/** What `make` makes for `key`, once for all who ask; a failure is tried again. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key);
  if (known) return known;
  const making = make();
  made.set(key, making);
  making.catch(() => made.delete(key));
  return making;
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Takes away what was compressed of an earlier build. */
async function removeOlder(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (file.startsWith(`${path}.`) && file.endsWith(".gz")) await rm(file, { force: true });
  }
}
