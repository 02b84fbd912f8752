import { isIPv4, isIPv6 } from "node:net";
import { type Bytes, type Millis, SECOND } from "../kit/units.ts";
import { UpdateFault } from "./update-fault.ts";

const MOST_REDIRECTS = 5;
/** Nothing is told of this Pulse but that it is one: no version, no id. */
const HEADERS = { "user-agent": "Pulse", accept: "*/*" };

export interface FetchLimits {
  /** Until the answer begins, and between two pieces of it. */
  silence: Millis;
  /** Until all of it is there. */
  whole: Millis;
}
const INDEX_LIMITS: FetchLimits = { silence: 15 * SECOND, whole: 30 * SECOND };
export const ARCHIVE_LIMITS: FetchLimits = { silence: 30 * SECOND, whole: 3600 * SECOND };

/** Where releases may come from: HTTPS, or plain HTTP on this very machine. null: nowhere; no credentials in it either. */
export function toReleaseUrl(text: string, base?: string): URL | null {
  const url = URL.parse(text, base);
  if (url === null || url.username !== "" || url.password !== "") return null;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)) ? url : null;
}

function isLoopback(host: string): boolean {
  if (isIPv4(host)) return host.startsWith("127.");
  return host === "localhost" || (host.startsWith("[") && isIPv6(host.slice(1, -1)) && host === "[::1]");
}

/** An answer that has begun: 200, 206, or 416 where a range was asked for. */
interface Begun {
  status: number;
  headers: Headers;
  /** Its pieces; throws UpdateFault ("unreachable") when they stop coming. */
  pieces: AsyncIterable<Uint8Array>;
}

/**
 * Gets what is at an address; redirects lead only to where releases may come from. Throws UpdateFault ("unreachable") with what went wrong
 * as a sentence.
 */
export async function begin(
  address: URL,
  limits: FetchLimits,
  { headers = {}, signal }: { headers?: Readonly<Record<string, string>>; signal?: AbortSignal | undefined } = {},
): Promise<Begun> {
  const stop = new AbortController();
  const onAbort = () => stop.abort(new UpdateFault("cut-off", "Pulse is stopping"));
  signal?.addEventListener("abort", onAbort, { once: true });
  const end = () => {
    clearTimeout(whole);
    signal?.removeEventListener("abort", onAbort);
  };
  const late = (seconds: number) => new UpdateFault("unreachable", `${nameOf(address)} took longer than ${seconds} s`);
  const whole = setTimeout(() => stop.abort(late(limits.whole / SECOND)), limits.whole);
  const silent = new UpdateFault("unreachable", `${nameOf(address)} said nothing for ${limits.silence / SECOND} s`);
  try {
    const silence = setTimeout(() => stop.abort(silent), limits.silence);
    const response = await follow(address, { ...HEADERS, ...headers }, stop.signal).finally(() =>
      clearTimeout(silence),
    );
    if (![200, 206, 416].includes(response.status)) {
      await response.body?.cancel();
      throw new UpdateFault("unreachable", `${nameOf(address)} answered with ${response.status}${hintOf(response)}`);
    }
    return { status: response.status, headers: response.headers, pieces: piecesOf(response, address, end) };
  } catch (error) {
    end();
    throw toFault(error, address);
  }

  async function* piecesOf(response: Response, from: URL, over: () => void): AsyncGenerator<Uint8Array> {
    let silence = setTimeout(() => stop.abort(silent), limits.silence);
    try {
      for await (const piece of response.body ?? []) {
        clearTimeout(silence);
        yield piece as Uint8Array;
        silence = setTimeout(() => stop.abort(silent), limits.silence);
      }
    } catch (error) {
      throw toFault(error, from);
    } finally {
      clearTimeout(silence);
      over();
      stop.abort();
    }
  }
}

/** The whole of a small file. */
export async function fetchSmall(address: URL, largest: Bytes, signal?: AbortSignal): Promise<Buffer> {
  const { pieces } = await begin(address, INDEX_LIMITS, { signal });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    if (size > largest) throw new UpdateFault("bad-size", `${nameOf(address)} is larger than ${largest} bytes`);
    chunks.push(piece);
  }
  return Buffer.concat(chunks);
}

async function follow(address: URL, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  let url = address;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, { headers, signal, redirect: "manual" });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    const next = toReleaseUrl(response.headers.get("location") ?? "", url.href);
    if (!next) throw new UpdateFault("unreachable", `${nameOf(url)} leads to where no release may come from`);
    // From another machine nothing on this one is asked for.
    if (next.protocol === "http:" && url.protocol === "https:")
      throw new UpdateFault("unreachable", `${nameOf(url)} leads to where no release may come from`);
    url = next;
  }
  throw new UpdateFault("unreachable", `${nameOf(address)} leads on and on`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is not known: is there a connection to the internet?",
  EAI_AGAIN: "its name cannot be looked up: is there a connection to the internet?",
  ECONNREFUSED: "it refuses the connection",
  ECONNRESET: "it ended the connection",
  UND_ERR_SOCKET: "it ended the connection",
  ENETUNREACH: "there is no way there: is there a connection to the internet?",
  EHOSTUNREACH: "there is no way there: is there a connection to the internet?",
  ETIMEDOUT: "it does not answer",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
};

function toFault(error: unknown, address: URL): UpdateFault {
  if (error instanceof UpdateFault) return error;
  const { cause } = error as { cause?: unknown };
  if (cause instanceof UpdateFault) return cause;
  const { code = "", message } = (cause ?? error) as { code?: string; message?: string };
  const reason = REASONS[code] ?? message ?? String(error);
  return new UpdateFault("unreachable", `Cannot reach ${nameOf(address)}: ${reason}`, { cause: error });
}

/** Why a server may have said no. */
function hintOf({ status, headers }: Response): string {
  const after = headers.get("retry-after");
  if (status === 429 || (status === 403 && headers.get("x-ratelimit-remaining") === "0"))
    return `: it has been asked too often${after && /^\d+$/.test(after) ? `; try again in ${after} s` : ""}`;
  return status === 404 ? ": there is nothing at that address" : "";
}

/** The address as people are told it, without what may be a secret in its query. */
const nameOf = ({ origin, pathname }: URL): string => `"${origin}${pathname}"`;
