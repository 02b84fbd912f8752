/** An answer as it came over HTTP/1.1. */
export interface HttpAnswer {
  status: number;
  /** By name in small letters. */
  headers: ReadonlyMap<string, string>;
  text: string;
  /** The connection may be used again. */
  keeps: boolean;
}

type Head = Pick<HttpAnswer, "status" | "headers" | "keeps">;

const END_OF_HEAD = "\r\n\r\n";
const LARGEST_HEAD = 64 * 1024;

/**
 * Reads one answer out of the bytes of a connection: with a length, in chunks, or up to the connection's end. A third of the work that
 * Node's own client makes a runtime do; a host's processor is not the agent's. Throws SyntaxError for what is no HTTP.
 */
export class HttpReader {
  readonly #largest: number;
  #rest: Buffer = Buffer.alloc(0);
  #head: Head | null = null;
  #body: Buffer[] = [];
  #size = 0;
  /** Bytes to come of the body, or of its chunk; null: not known, up to the end. */
  #missing: number | null = null;
  #isChunked = false;

  /** `largest`: bytes of a body. */
  constructor(largest: number) {
    this.#largest = largest;
  }

  /** Takes what has come; answers the whole when it is whole. */
  add(bytes: Buffer): HttpAnswer | null {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    if (this.#head === null && !this.#readHead()) return null;
    return (this.#isChunked ? this.#readChunks() : this.#readLength()) ? this.#whole() : null;
  }

  /** The other side has closed: the whole, if its length was not told; null: it is cut off. */
  end(): HttpAnswer | null {
    return this.#head !== null && !this.#isChunked && this.#missing === null ? this.#whole() : null;
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf(END_OF_HEAD);
    if (end < 0 && this.#rest.length > LARGEST_HEAD) throw new SyntaxError("The head of an answer does not end");
    if (end < 0) return false;
    const [first = "", ...lines] = this.#rest.toString("latin1", 0, end).split("\r\n");
    this.#rest = this.#rest.subarray(end + END_OF_HEAD.length);
    const [, minor, status] = /^HTTP\/1\.([01]) (\d{3})/.exec(first) ?? [];
    if (status === undefined) throw new SyntaxError("An answer does not begin as HTTP does");
    const headers = new Map(lines.map(toHeader));
    // "100 Continue" and its like come before the answer itself.
    if (status.startsWith("1")) return this.#readHead();
    const keeps = minor === "1" && headers.get("connection")?.toLowerCase() !== "close";
    this.#head = { status: Number(status), headers, keeps };
    this.#isChunked = headers.get("transfer-encoding")?.toLowerCase() === "chunked";
    const length = headers.get("content-length");
    if (status === "204" || status === "304") this.#missing = 0;
    else if (!this.#isChunked && length !== undefined) this.#missing = toSize(length, 10);
    return true;
  }

  /** Whether the body is whole. */
  #readLength(): boolean {
    const bytes = this.#rest.subarray(0, this.#missing ?? this.#rest.length);
    this.#rest = this.#rest.subarray(bytes.length);
    this.#keep(bytes);
    if (this.#missing !== null) this.#missing -= bytes.length;
    return this.#missing === 0;
  }

  #readChunks(): boolean {
    for (;;) {
      if (this.#missing === null) {
        const end = this.#rest.indexOf("\r\n");
        if (end < 0) return false;
        // What follows a semicolon is an extension.
        const size = toSize(this.#rest.toString("latin1", 0, end).split(";")[0]?.trim() ?? "", 16);
        if (size === 0) return this.#readTrailer(end);
        this.#rest = this.#rest.subarray(end + 2);
        this.#missing = size + 2;
      }
      if (this.#rest.length < this.#missing) return false;
      this.#keep(this.#rest.subarray(0, this.#missing - 2));
      this.#rest = this.#rest.subarray(this.#missing);
      this.#missing = null;
    }
  }

  /** After the chunk of no length: headers that nobody needs, and an empty line. */
  #readTrailer(end: number): boolean {
    const empty = this.#rest.indexOf(END_OF_HEAD, end);
    if (empty >= 0) this.#rest = this.#rest.subarray(empty + END_OF_HEAD.length);
    return empty >= 0;
  }

  #keep(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#size > this.#largest) throw new SyntaxError(`An answer is larger than ${this.#largest} bytes`);
    if (bytes.length > 0) this.#body.push(bytes);
  }

  #whole(): HttpAnswer {
    const head = this.#head ?? { status: 0, headers: new Map(), keeps: false };
    const text = this.#body.length === 1 ? (this.#body[0]?.toString() ?? "") : Buffer.concat(this.#body).toString();
    // Bytes beyond the answer would be taken for the next one's.
    const isClear = this.#rest.length === 0 && (this.#isChunked || this.#missing !== null);
    return { ...head, text, keeps: head.keeps && isClear };
  }
}

function toHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function toSize(text: string, radix: 10 | 16): number {
  if (!(radix === 10 ? /^\d{1,15}$/ : /^[\da-f]{1,12}$/i).test(text))
    throw new SyntaxError("An answer has no true length");
  return Number.parseInt(text, radix);
}
