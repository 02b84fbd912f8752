import { promisify } from "node:util";
import { crc32, deflateRaw } from "node:zlib";
import { type Bytes, embed, SHARED, toFrame } from "./wire-frame.ts";

const deflate = promisify(deflateRaw);

/** The current picture, as the rest of the server hands it over. */
export interface PictureSource {
  readonly epoch: string;
  version(): number;
  /** The whole state as JSON. */
  json(): string;
}

/** A frame of the live stream that carries the whole state. */
export interface StateFrame {
  version: number;
  bytes: Bytes;
}

/**
 * The state's wire forms, each made at most once a version, and only when somebody asks. It is deflated once for all of them: the answer
 * with gzip and the frames of the live stream put the same deflated bytes between a beginning and an end of their own.
 */
export class PictureView {
  readonly #source: PictureSource;
  #version = -1;
  #plain: Buffer | null = null;
  #deflated: Promise<Buffer> | null = null;
  #gzip: Promise<Buffer> | null = null;

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

  /** Names this version of the picture; other after each change and each restart. */
  etag(): string {
    return `W/"${this.epoch}-${this.version}"`;
  }

  plain(): Buffer {
    this.#renew();
    this.#plain ??= Buffer.from(this.#source.json());
    return this.#plain;
  }

  gzipped(): Promise<Buffer> {
    const plain = this.plain();
    this.#gzip ??= this.#toGzip(plain);
    return this.#gzip;
  }

  async #toGzip(plain: Buffer): Promise<Buffer> {
    const deflated = await this.#deflate(plain);
    const end = Buffer.alloc(10);
    // An empty last block, then what gzip checks by (RFC 1952, 2.3.1).
    end.writeUInt16LE(0x0003, 0);
    end.writeUInt32LE(crc32(plain), 2);
    end.writeUInt32LE(plain.length % 2 ** 32, 6);
    return Buffer.concat([GZIP_HEADER, deflated, end]);
  }

  async frame(type: "initialState" | "rawData" | "snapshot", deflates: boolean): Promise<StateFrame> {
    const plain = this.plain();
    const version = this.#version;
    const [before, after] = [`{"type":"${type}","data":`, "}"];
    const bytes = deflates
      ? toFrame(embed(before, await this.#deflate(plain), after), true)
      : toFrame([Buffer.from(before), plain, Buffer.from(after)], false);
    return { version, bytes };
  }

  #deflate(plain: Buffer): Promise<Buffer> {
    this.#deflated ??= deflate(plain, SHARED);
    return this.#deflated;
  }

  /** Lets go of what belongs to an older picture. */
  #renew(): void {
    const version = this.#source.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#plain = null;
    this.#deflated = null;
    this.#gzip = null;
  }
}

/** Deflate, no flags, no time, fastest compression, unknown system (RFC 1952, 2.3.1). */
const GZIP_HEADER = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
