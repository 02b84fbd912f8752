import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";

const compress = promisify(gzip);

/** The current picture, as the rest of the server hands it over. */
export interface PictureSource {
  readonly epoch: string;
  version(): number;
  /** The whole state as JSON. */
  json(): string;
}

/** The state's wire forms, each made at most once a version, and only when somebody asks. */
export class PictureView {
  readonly #source: PictureSource;
  #version = -1;
  #plain: Buffer | null = null;
  #gzip: Promise<Buffer> | null = null;
  #frames = new Map<string, Buffer>();

  constructor(source: PictureSource) {
    this.#source = source;
  }

  /** Names this version of the picture; other after each change and each restart. */
  etag(): string {
    return `W/"${this.#source.epoch}-${this.#source.version()}"`;
  }

  plain(): Buffer {
    this.#renew();
    this.#plain ??= Buffer.from(this.#source.json());
    return this.#plain;
  }

  gzipped(): Promise<Buffer> {
    const plain = this.plain();
    this.#gzip ??= compress(plain, { level: constants.Z_BEST_SPEED });
    return this.#gzip;
  }

  /** A frame of the live stream that carries the whole state. */
  frame(type: "initialState" | "rawData" | "snapshot"): Buffer {
    const plain = this.plain();
    const known = this.#frames.get(type);
    if (known) return known;
    const frame = Buffer.concat([Buffer.from(`{"type":"${type}","data":`), plain, Buffer.from("}")]);
    this.#frames.set(type, frame);
    return frame;
  }

  /** Lets go of what belongs to an older picture. */
  #renew(): void {
    const version = this.#source.version();
    if (version === this.#version) return;
    this.#version = version;
    this.#plain = null;
    this.#gzip = null;
    this.#frames = new Map();
  }
}
