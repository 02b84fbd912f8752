import type { Pool } from "undici";
import { toRow, toText } from "../../kit/fields.ts";
import { MIB } from "../../kit/units.ts";
import type { FaultKind } from "../../model/fault.ts";
import { LookFailed } from "../source.ts";

/** No answer of the API is larger: 20,000 guests take about 10 MB. */
const SIZE_LIMIT = 64 * MIB;

export interface RawAnswer {
  status: number;
  reason: string;
  type: string;
  body: string;
}

interface Exchange {
  method: "GET" | "POST";
  path: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
}

/** Sends one request and reads the whole answer, whatever it says. Throws what the connection throws, and LookFailed when it is too large. */
export async function exchange(pool: Pool, { method, path, headers, body, signal }: Exchange): Promise<RawAnswer> {
  const answer = await pool.request({
    method,
    path: `/api2/json${path}`,
    headers: { accept: "application/json", ...headers },
    ...(body === undefined ? {} : { body }),
    signal,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > SIZE_LIMIT)
      throw new LookFailed("too-large", `Answer to "${path}" is larger than ${SIZE_LIMIT / MIB} MiB`);
    chunks.push(chunk);
  }
  const type = answer.headers["content-type"];
  return {
    status: answer.statusCode,
    reason: answer.statusText,
    type: typeof type === "string" ? type : "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
}

/** The `data` of an answer from a server of `product`. Throws LookFailed for everything else. */
export function toData(answer: RawAnswer, path: string, url: string, product: string): unknown {
  const host = hostOf(url);
  if (answer.status >= 400) throw refusal(answer, path, host);
  if (answer.status !== 200)
    throw new LookFailed("garbled", `"${host}" answered "${path}" with status ${answer.status}, not with data`);
  try {
    const envelope = toRow(parsed(answer.body));
    if (envelope && "data" in envelope) return envelope.data;
  } catch (cause) {
    throw new LookFailed("garbled", `"${host}" answered "${path}" with ${whatItIs(answer)}`, { cause });
  }
  throw new LookFailed("garbled", `"${host}" answered "${path}" without "data": is there a ${product}?`);
}

/** JSON may escape half of a character that takes two: no address can be made of such a text, nor is it anywhere else of use. */
const HALF = /\\u[dD][89a-fA-F]/;

function parsed(body: string): unknown {
  if (!HALF.test(body)) return JSON.parse(body);
  return JSON.parse(body, (_, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value));
}

function whatItIs(answer: RawAnswer): string {
  return answer.type.includes("html") || answer.body.trimStart().startsWith("<")
    ? "a web page instead of data: is a proxy in between?"
    : "incomplete JSON";
}

/**
 * Proxmox VE and Mail Gateway give the reason in the status line; a JSON `message` came only with libpve-http-server-perl 5.2. Backup
 * Server gives it as the bare body, which it calls JSON all the same.
 */
function refusal(answer: RawAnswer, path: string, host: string): LookFailed {
  const reason = reasonIn(answer) ?? (answer.reason || "no reason given");
  const kind = kindOfStatus(answer.status);
  return new LookFailed(kind, `"${host}" answered "${path}" with ${answer.status}: ${reason.trim().slice(0, 300)}`);
}

function reasonIn({ body, type }: RawAnswer): string | null {
  try {
    return toText(toRow(JSON.parse(body))?.message);
  } catch {
    return type.includes("json") ? toText(body.trim().replaceAll(/\s+/g, " ")) : null;
  }
}

/** PVE: 595 no connection to the node, 596 no TLS or no headers from it, 501 a path this version does not have. */
function kindOfStatus(status: number): FaultKind {
  if (status === 401) return "auth";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 501) return "not-found";
  return status === 595 || status === 596 ? "node-down" : "rejected";
}

export function hostOf(url: string): string {
  return new URL(url).host;
}
