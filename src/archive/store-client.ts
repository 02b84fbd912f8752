import { type Millis, SECOND } from "../kit/units.ts";
import type { ArchiveSettings } from "../model/archive.ts";

/** For an answer to what is sent, and to a question that somebody waits for. */
const SENDING: Millis = 60 * SECOND;
const ASKING: Millis = 10 * SECOND;
/** Of what a store says to a refusal, so much is told. */
const TOLD = 200;

/** The store does not do what it is asked for. `refused`: it never will, as it is asked. */
export class ArchiveFailure extends Error {
  readonly refused: boolean;
  /** How long it wants to be left alone; null: it did not say. */
  readonly rest: Millis | null;
  override name = "ArchiveFailure";

  constructor(message: string, { refused = false, rest = null }: { refused?: boolean; rest?: Millis | null } = {}) {
    super(message);
    this.refused = refused;
    this.rest = rest;
  }
}

/** Sends a body of remote write, compressed. Throws ArchiveFailure. */
export async function sendTo(settings: ArchiveSettings, body: Uint8Array, signal: AbortSignal): Promise<void> {
  const url = settings.writeUrl ?? below(settings.url, "api/v1/write");
  const headers = {
    ...authorization(settings),
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
  };
  const answer = await ask(url, { method: "POST", headers, body }, SENDING, signal);
  await answer.body?.cancel();
}

/** Asks for what a PromQL expression was. Throws ArchiveFailure. */
export async function askStore(
  settings: ArchiveSettings,
  path: "query_range",
  query: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<unknown> {
  const url = below(settings.url, `api/v1/${path}`);
  const headers = { ...authorization(settings), "content-type": "application/x-www-form-urlencoded" };
  const body = new URLSearchParams(query).toString();
  const answer = await ask(url, { method: "POST", headers, body }, ASKING, signal);
  try {
    return await answer.json();
  } catch (error) {
    throw new ArchiveFailure(`"${url}" answered with something else than JSON: ${(error as Error).message}`);
  }
}

function below(url: string, path: string): string {
  return new URL(path, url.endsWith("/") ? url : `${url}/`).href;
}

function authorization({ user, password }: ArchiveSettings): Record<string, string> {
  if (user !== null) return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` };
  return password === null ? {} : { authorization: `Bearer ${password}` };
}

/** NOTE: 400 is how stores say that a body is not to be sent again (remote write 1.0); what concerns who asks may be mended. */
async function ask(url: string, request: RequestInit, deadline: Millis, signal?: AbortSignal): Promise<Response> {
  const signals = [AbortSignal.timeout(deadline), ...(signal ? [signal] : [])];
  let answer: Response;
  try {
    answer = await fetch(url, { ...request, redirect: "error", signal: AbortSignal.any(signals) });
  } catch (error) {
    const { cause, message } = error as Error;
    throw new ArchiveFailure(`"${url}" cannot be reached: ${cause instanceof Error ? cause.message : message}`);
  }
  if (answer.ok) return answer;
  const said = (await answer.text().catch(() => "")).trim().slice(0, TOLD);
  const seconds = Number(answer.headers.get("retry-after"));
  throw new ArchiveFailure(`"${url}" answered with ${answer.status}${said ? `: ${said}` : ""}`, {
    refused: answer.status === 400,
    rest: seconds > 0 && Number.isFinite(seconds) ? seconds * SECOND : null,
  });
}
