import { constants, deflateRawSync } from "node:zlib";
import { KIB } from "../kit/units.ts";

/** Bytes as they go onto a socket, one after the other; shared by all who get them, so never written to. */
export type Bytes = readonly Buffer[];

/** Smaller messages go plain: deflating them spares less than a packet. */
const WORTH_DEFLATING = KIB;

/** One text message, made into WebSocket frames at most once each way, whoever gets it. */
export class TextMessage {
  readonly #text: Buffer;
  #plain: Bytes | null = null;
  #deflated: Bytes | null = null;

  constructor(text: string) {
    this.#text = Buffer.from(text);
  }

  /** Bytes of the text. */
  get size(): number {
    return this.#text.length;
  }

  frame(deflates: boolean): Bytes {
    if (deflates && this.size >= WORTH_DEFLATING) {
      this.#deflated ??= toFrame([toMessageTail(deflateRawSync(this.#text, SHARED))], true);
      return this.#deflated;
    }
    this.#plain ??= toFrame([this.#text], false);
    return this.#plain;
  }
}

/** Ends on a byte boundary and leaves the stream open, so that the result can be put between other deflated pieces. */
export const SHARED = { level: constants.Z_BEST_SPEED, finishFlush: constants.Z_SYNC_FLUSH };

/** What Z_SYNC_FLUSH ends on, and what permessage-deflate leaves away at the end of a message (RFC 7692, 7.2.1). */
const SYNC_MARK = 4;

function toMessageTail(deflated: Buffer): Buffer {
  return deflated.subarray(0, deflated.length - SYNC_MARK);
}

/** `deflated`, made with SHARED, between two texts, as the payload of one deflated message. It is not copied. */
export function embed(before: string, deflated: Bytes, after: string): Bytes {
  // An empty stored block ends the message; its length is the mark that is left away.
  return [stored(before), ...deflated, stored(after), Buffer.of(0)];
}

/** A stored block of deflate: one byte for its kind, its length, the length's complement, the bytes as they are (RFC 1951, 3.2.4). */
function stored(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

/** An unfragmented text frame from server to client (RFC 6455, 5.2); `deflated` sets RSV1 (RFC 7692, 6). */
export function toFrame(payload: Bytes, deflated: boolean): Bytes {
  return [toHeader(sizeOf(payload), deflated), ...payload];
}

export function sizeOf(bytes: Bytes): number {
  return bytes.reduce((sum, piece) => sum + piece.length, 0);
}

function toHeader(length: number, deflated: boolean): Buffer {
  const first = deflated ? 0xc1 : 0x81;
  if (length < 126) return Buffer.of(first, length);
  if (length < 2 ** 16) return Buffer.of(first, 126, length >> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/**
 * Whether a client takes messages deflated with the full window, by its Sec-WebSocket-Extensions. Who asks for a smaller window gets
 * plain messages: what is deflated once for all cannot heed it.
 */
export function takesDeflate(extensions: string | undefined): boolean {
  return (
    extensions !== undefined && /\bpermessage-deflate\b/.test(extensions) && !/server_max_window_bits/.test(extensions)
  );
}
