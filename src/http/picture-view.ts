import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import type { ServerFrame } from "../contract/live.ts";
import { KIB } from "../kit/units.ts";
import type { SnapshotPart } from "../model/snapshot.ts";
import { type Bytes, embed, SHARED, TextMessage, toFrame } from "./wire-frame.ts";

/** The current picture, as the rest of the server hands it over. */
export interface PictureSource {
  readonly epoch: string;
  version(): number;
  /** The whole state of this moment as JSON, piece by piece: it may be megabytes, and is never there as one text. */
  pieces(): Iterable<string>;
  /** The picture of this moment for who takes patches, part by part. */
  parts(): Iterable<SnapshotPart>;
}

/** The whole picture of one version as messages, each made once, when the first of those who get it asks for it. */
export class SharedParts {
  readonly version: number;
  readonly #made: TextMessage[] = [];
  readonly #parts: Iterator<SnapshotPart>;

  constructor(version: number, parts: Iterable<SnapshotPart>) {
    this.version = version;
    this.#parts = parts[Symbol.iterator]();
  }

  /** null: there are no more. Asked for one after the other. */
  at(part: number): TextMessage | null {
    if (part === this.#made.length) {
      const { value, done } = this.#parts.next();
      if (!done)
        this.#made.push(new TextMessage(JSON.stringify({ type: "snapshot", data: value } satisfies ServerFrame)));
    }
    return this.#made[part] ?? null;
  }
}

/** The whole state at one version, in one of its wire forms. */
interface Whole {
  version: number;
  bytes: Bytes;
}

/** What was deflated, and what gzip checks it by. */
interface Deflated extends Whole {
  /** Of the plain text. */
  size: number;
  crc: number;
}

/** A deflated state is gathered in pieces of that size. */
const CHUNK = 64 * KIB;

/**
 * The state's wire forms, each made at most once a version, and only when somebody asks. It is deflated once for all of them: the answer
 * with gzip and the frames of the live stream put the same deflated bytes between a beginning and an end of their own. The text goes
 * into it piece by piece, so that the server neither stands still nor holds all of it meanwhile.
 */
export class PictureView {
  readonly #source: PictureSource;
  #plain: Whole | null = null;
  #parts: SharedParts | null = null;
  #deflated: { version: number; whole: Promise<Deflated> } | null = null;
  /** Follows the one that is being made. */
  #next: Promise<Deflated> | null = null;
  #making = false;

  constructor(source: PictureSource) {
    this.#source = source;
  }

  /** Names one run of the server: versions of another run mean something else. */
  get epoch(): string {
    return this.#source.epoch;
  }

  get version(): number {
    return this.#source.version();
  }

  /** Names a version of the picture; other after each change and each restart. */
  etag(version: number = this.version): string {
    return `W/"${this.epoch}-${version}"`;
  }

  plain(): Whole {
    const { version } = this;
    if (this.#plain?.version !== version)
      this.#plain = { version, bytes: Array.from(this.#source.pieces(), piece => Buffer.from(piece)) };
    return this.#plain;
  }

  async gzipped(): Promise<Whole> {
    const { version, bytes, size, crc } = await this.#deflate();
    const end = Buffer.alloc(10);
    // An empty last block, then what gzip checks by (RFC 1952, 2.3.1).
    end.writeUInt16LE(0x0003, 0);
    end.writeUInt32LE(crc, 2);
    end.writeUInt32LE(size % 2 ** 32, 6);
    return { version, bytes: [GZIP_HEADER, ...bytes, end] };
  }

  /** What who takes patches starts from. */
  parts(): SharedParts {
    const { version } = this;
    if (this.#parts?.version !== version) this.#parts = new SharedParts(version, this.#source.parts());
    return this.#parts;
  }

  /** A frame of the live stream that carries the whole state. */
  async frame(type: "initialState" | "rawData", deflates: boolean): Promise<Whole> {
    const { version, bytes } = deflates ? await this.#deflate() : this.plain();
    const [before, after] = [`{"type":"${type}","data":`, "}"];
    return {
      version,
      bytes: deflates
        ? toFrame(embed(before, bytes, after), true)
        : toFrame([Buffer.from(before), ...bytes, Buffer.from(after)], false),
    };
  }

  /** Lets go of what belongs to an older picture: nobody gets that any more. */
  forget(): void {
    if (this.#plain?.version !== this.version) this.#plain = null;
    if (this.#parts?.version !== this.version) this.#parts = null;
    if (this.#deflated?.version !== this.version && !this.#making) this.#deflated = null;
  }

  /** One at a time: whoever asks while an older picture is being deflated shares the one after it. */
  #deflate(): Promise<Deflated> {
    const { version } = this;
    const known = this.#deflated;
    if (known?.version === version) return known.whole;
    if (known && this.#making) {
      const next = () => {
        this.#next = null;
        return this.#deflate();
      };
      this.#next ??= known.whole.then(next, next);
      return this.#next;
    }
    this.#making = true;
    const whole = deflated(version, this.#source.pieces()).finally(() => {
      this.#making = false;
    });
    this.#deflated = { version, whole };
    return whole;
  }
}

async function deflated(version: number, pieces: Iterable<string>): Promise<Deflated> {
  const made = { version, bytes: [] as Buffer[], size: 0, crc: 0 };
  const plain = function* () {
    for (const piece of pieces) {
      const bytes = Buffer.from(piece);
      made.size += bytes.length;
      made.crc = crc32(bytes, made.crc);
      yield bytes;
    }
  };
  await pipeline(plain, createDeflateRaw({ ...SHARED, chunkSize: CHUNK }), async chunks => {
    for await (const chunk of chunks as AsyncIterable<Buffer>) made.bytes.push(chunk);
  });
  return made;
}

/** Deflate, no flags, no time, fastest compression, unknown system (RFC 1952, 2.3.1). */
const GZIP_HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
