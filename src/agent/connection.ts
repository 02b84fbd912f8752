import type { Socket } from "node:net";
import { type Bytes, MIB } from "../kit/units.ts";
import { type HttpAnswer, HttpReader } from "./http-answer.ts";

/** More than that is no answer that an engine gives to what we ask. */
const LARGEST_ANSWER: Bytes = 64 * MIB;

interface Call {
  reader: HttpReader;
  resolve: (answer: HttpAnswer) => void;
  reject: (cause: Error) => void;
}

/** The other side closed the connection before its answer was whole. */
export class CutOff extends Error {
  override name = "CutOff";
}

/** A connection to an engine, for one call after the other. */
export class Connection {
  readonly #socket: Socket;
  #call: Call | null = null;
  #isOpen = true;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", bytes => this.#read(bytes));
    socket.on("error", cause => this.#end(cause));
    socket.on("close", () => this.#end(new CutOff("The connection was closed")));
  }

  /** Another call may be made. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Rejects with the socket's error, CutOff, SyntaxError, or what it was `abandon`ed for. */
  get(path: string): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      this.#call = { reader: new HttpReader(LARGEST_ANSWER), resolve, reject };
      this.#socket.write(`GET ${path} HTTP/1.1\r\nhost: docker\r\nuser-agent: pulse-docker-agent\r\n\r\n`);
    });
  }

  /** Closes it; a call that is under way fails. */
  abandon(cause: Error): void {
    this.#end(cause);
  }

  #read(bytes: Buffer): void {
    try {
      const answer = this.#call?.reader.add(bytes) ?? null;
      if (answer !== null) this.#succeed(answer);
    } catch (error) {
      this.#end(error as SyntaxError);
    }
  }

  #succeed(answer: HttpAnswer): void {
    const call = this.#call;
    this.#call = null;
    if (!answer.keeps) this.#end(new CutOff("The connection was closed"));
    call?.resolve(answer);
  }

  #end(cause: Error): void {
    this.#isOpen = false;
    this.#socket.destroy();
    const call = this.#call;
    this.#call = null;
    const answer = cause instanceof CutOff ? (call?.reader.end() ?? null) : null;
    if (answer !== null) call?.resolve(answer);
    else call?.reject(cause);
  }
}
