import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A WebSocket client that counts what it gets and looks at nothing else, so that a hundred of them fit into one process. */
export class FrameCounter {
  bytes = 0;
  frames = 0;
  /** Bytes until the next frame begins. */
  #left = 0;
  #head = Buffer.alloc(0);
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(port: number, path: string, deflates: boolean): Promise<FrameCounter> {
    const socket = connect(port, "127.0.0.1");
    const counter = new FrameCounter(socket);
    const offer = deflates ? "Sec-WebSocket-Extensions: permessage-deflate\r\n" : "";
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${offer}\r\n`,
    );
    const [first] = (await once(socket, "data")) as [Buffer];
    const end = first.indexOf("\r\n\r\n");
    if (!first.toString("latin1").startsWith("HTTP/1.1 101")) throw new Error(first.toString("latin1", 0, end));
    counter.#take(first.subarray(end + 4));
    socket.on("data", chunk => counter.#take(chunk));
    return counter;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    let at = 0;
    while (at < chunk.length) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, chunk.length - at);
        this.#left -= taken;
        at += taken;
        continue;
      }
      this.#head = Buffer.concat([this.#head, chunk.subarray(at, ++at)]);
      const length = lengthOf(this.#head);
      if (length === null) continue;
      this.#left = length;
      this.frames += 1;
      this.#head = Buffer.alloc(0);
    }
  }
}

/** The payload's length by a frame's head; null while the head is not complete. */
function lengthOf(head: Buffer): number | null {
  const short = head[1] ?? 0;
  if (head.length === 2 && short < 126) return short;
  if (head.length === 4 && short === 126) return head.readUInt16BE(2);
  if (head.length === 10 && short === 127) return Number(head.readBigUInt64BE(2));
  return null;
}
