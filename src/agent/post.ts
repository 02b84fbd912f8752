import { type IncomingMessage, type RequestOptions, request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { type Millis, SECOND } from "../kit/units.ts";
import type { Target } from "./options.ts";

const PATH = "/api/agents/docker/report";
const DEADLINE: Millis = 15 * SECOND;
/** Of an answer that refuses, for its reason. */
const MOST_READ = 4096;

/** What became of a report that was sent: `never` will no server take, `later` perhaps. */
export type Outcome =
  | { kind: "taken" }
  | { kind: "never"; reason: string }
  | { kind: "later"; reason: string; after: Millis | null };

export interface PostOptions {
  version: string;
  /** Certificates that are trusted in place of the known authorities. */
  ca: string | null;
  deadline?: Millis;
}

/** Sends one report. Never rejects. */
export function post(target: Target, text: string, options: PostOptions, signal: AbortSignal): Promise<Outcome> {
  const { deadline = DEADLINE } = options;
  return new Promise(resolve => {
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve(outcome);
      call.destroy();
    };
    const later = (reason: string) => end({ kind: "later", reason, after: null });
    const stop = () => later("The agent stops");
    const timer = setTimeout(() => later(`No answer within ${deadline / SECOND} s`), deadline);
    const request = target.url.startsWith("https:") ? requestTls : requestPlain;
    const call = request(`${target.url}${PATH}`, toRequest(target, text, options), answer => {
      readSome(answer).then(
        body => end(toOutcome(answer, body)),
        cause => later(toReason(cause)),
      );
    });
    call.once("error", cause => later(toReason(cause)));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    else call.end(text);
  });
}

function toRequest({ token, insecure }: Target, text: string, { version, ca }: PostOptions): RequestOptions {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-api-token": token,
    authorization: `Bearer ${token}`,
    "user-agent": `pulse-docker-agent/v${version}`,
  };
  // NOTE: a connection of its own each time: one kept for half a minute has been closed by the other side more often than not.
  const common = { method: "POST", headers, agent: false as const };
  return Object.assign(common, insecure ? { rejectUnauthorized: false } : ca === null ? {} : { ca });
}

async function readSome(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_READ) break;
  }
  return Buffer.concat(chunks).toString();
}

function toOutcome({ statusCode: status = 0, headers }: IncomingMessage, body: string): Outcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  if (status >= 300 && status < 400) {
    const to = headers.location ? `, to "${headers.location.slice(0, 200)}": give that address` : "";
    return { kind: "later", reason: `The server sends elsewhere (${status})${to}`, after: null };
  }
  const reason = `The server answered ${status}${toError(body)}`;
  // 400, 413 and 422 are about this very report. A wrong token or address can be put right, and the report sent then.
  if (status === 400 || status === 413 || status === 422) return { kind: "never", reason };
  const seconds = Number(headers["retry-after"] ?? "");
  return { kind: "later", reason, after: seconds > 0 ? Math.min(seconds, 300) * SECOND : null };
}

/** The server's own sentence, `{ "error": … }`. */
function toError(body: string): string {
  try {
    const { error } = JSON.parse(body) as { error?: unknown };
    return typeof error === "string" ? `: ${error.slice(0, 300)}` : "";
  } catch {
    return "";
  }
}

function toReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (/CERT|ISSUER|ALTNAME|SIGNATURE/.test(code ?? ""))
    return `Its certificate is not trusted (${code}); see --ca and --insecure in --help`;
  return `Cannot reach it (${code ?? message})`;
}
