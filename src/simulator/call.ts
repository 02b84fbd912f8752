import { type Agent, request } from "node:https";
import type { TLSSocket } from "node:tls";
import { gunzipSync } from "node:zlib";
import type { InstanceInfo } from "./estate.ts";

/** What a test sees of an answer. */
export interface Answer {
  status: number;
  reason: string;
  headers: NodeJS.Dict<string | string[]>;
  /** Uncompressed. */
  text: string;
  /** How many bytes came over the wire. */
  size: number;
  /** Of the certificate shown. */
  fingerprint: string;
  /** `data` of the JSON; throws when there is none. */
  readonly data: unknown;
}

export interface Call {
  method?: string;
  /** Default: those of the instance's token. */
  headers?: Record<string, string>;
  body?: string;
  agent?: Agent;
  /** PEM; default: whatever is shown is accepted. */
  ca?: string;
}

/** One real HTTPS request to a node of an instance, by default the first. For tests. */
export function call(instance: InstanceInfo, path: string, how: Call = {}, node?: string): Promise<Answer> {
  const endpoint = instance.endpoints.find(one => one.node === (node ?? one.node));
  if (!endpoint) throw new TypeError(`"${instance.name}" has no node "${node}"`);
  const { method = "GET", headers = tokenOf(instance), body, agent = false, ca } = how;
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  return new Promise((resolve, reject) => {
    const sent = request(`${endpoint.url}/api2/json${path}`, { method, headers, agent, ...trust }, response => {
      const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate();
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const text = (response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
        const { statusCode: status = 0, statusMessage: reason = "", headers } = response;
        const answer = { status, reason, headers, text, size: bytes.length, fingerprint: fingerprint256 ?? "" };
        resolve({
          ...answer,
          get data() {
            return (JSON.parse(text) as { data: unknown }).data;
          },
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The headers by which the instance's token signs in. */
export function tokenOf({ type, tokenId, tokenSecret }: InstanceInfo): Record<string, string> {
  const separator = type === "pbs" ? ":" : "=";
  return { authorization: `${type.toUpperCase()}APIToken=${tokenId}${separator}${tokenSecret}` };
}

/** The rows of a list, to look into. */
export async function rowsOf(instance: InstanceInfo, path: string, node?: string): Promise<Record<string, unknown>[]> {
  return (await call(instance, path, {}, node)).data as Record<string, unknown>[];
}

/** The element itself, once it is known to be there. */
export function present<T>(value: T | undefined | null): T {
  if (value === undefined || value === null) throw new TypeError("Expected something to be there");
  return value;
}
