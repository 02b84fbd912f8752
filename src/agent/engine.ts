import { existsSync, readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { type Millis, SECOND } from "../kit/units.ts";
import { BadOption } from "./bad-option.ts";
import { Connection, CutOff } from "./connection.ts";
import { addressText, type EngineAddress } from "./engine-address.ts";
import type { HttpAnswer } from "./http-answer.ts";

/** How a call failed: `missing` is what the engine does not have (any more), `broken` an answer that ends early or is no JSON. */
type EngineFault = "unreachable" | "denied" | "timeout" | "stopped" | "missing" | "refused" | "broken";

/** A call that failed; the message is a sentence. */
export class EngineError extends Error {
  override name = "EngineError";
  readonly fault: EngineFault;

  constructor(fault: EngineFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** Reads from a Docker or Podman engine, and never writes to it. */
export interface Engine {
  /** What it answers to `GET path`; every engine takes paths without a version. Throws EngineError. */
  get(path: string, signal: AbortSignal, deadline?: Millis): Promise<unknown>;
  /** null: nothing was answered yet. */
  readonly kind: "docker" | "podman" | null;
  readonly address: EngineAddress;
  /** Closes its connections; the next call opens new ones. One kept over a pause may have been closed by an engine that restarted. */
  rest(): void;
}

/** How long one call may take: an engine without one-shot statistics waits two seconds for a second sample. */
export const CALL_DEADLINE: Millis = 5 * SECOND;

/**
 * Which of `addresses` to ask: the first socket that exists. Which one answers does not count, or the containers of another engine would
 * stand in for those of one that is being restarted.
 */
export function chooseAddress(addresses: readonly EngineAddress[]): EngineAddress {
  const [first] = addresses;
  if (first === undefined) throw new Error("No address to choose from");
  return addresses.find(one => one.kind === "tcp" || existsSync(one.path)) ?? first;
}

/** Throws BadOption where the certificates for it cannot be read. */
export function openEngine(address: EngineAddress): Engine {
  return new PooledEngine(address);
}

class PooledEngine implements Engine {
  readonly address: EngineAddress;
  kind: Engine["kind"] = null;
  readonly #open: () => Socket;
  #idle: Connection[] = [];

  constructor(address: EngineAddress) {
    this.address = address;
    this.#open = toOpener(address);
  }

  async get(path: string, signal: AbortSignal, deadline = CALL_DEADLINE): Promise<unknown> {
    const { status, headers, text } = await this.#ask(path, signal, deadline);
    // Podman says so in each answer.
    const isPodman = headers.has("libpod-api-version") || /^libpod\//i.test(headers.get("server") ?? "");
    this.kind = isPodman ? "podman" : "docker";
    if (status === 404) throw new EngineError("missing", `The engine does not know "${path}"`);
    if (status >= 300) throw new EngineError("refused", `The engine answered ${status} to "${path}"`);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new EngineError("broken", `The engine's answer to "${path}" is no JSON`, { cause });
    }
  }

  rest(): void {
    for (const connection of this.#idle) connection.abandon(new CutOff("The look is over"));
    this.#idle = [];
  }

  async #ask(path: string, signal: AbortSignal, deadline: Millis): Promise<HttpAnswer> {
    const stopped = new EngineError("stopped", "It was not waited for any longer");
    if (signal.aborted) throw stopped;
    const connection = this.#idle.pop() ?? new Connection(this.#open());
    const stop = () => connection.abandon(stopped);
    const late = () => connection.abandon(new EngineError("timeout", `No answer within ${deadline / SECOND} s`));
    const timer = setTimeout(late, deadline);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await connection.get(path);
    } catch (error) {
      throw toEngineError(error as Error, path, this.address);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      this.#idle = [...this.#idle, connection].filter(({ isOpen }) => isOpen);
    }
  }
}

/** How a connection is opened. */
function toOpener(address: EngineAddress): () => Socket {
  if (address.kind === "socket") return () => connectPlain(address.path);
  const { host, port, tls } = address;
  if (tls === null) return () => connectPlain({ host, port });
  const options = { host, port, servername: /^[\d.]+$|:/.test(host) ? "" : host, ...toTlsOptions(tls) };
  return () => connectTls(options);
}

function toEngineError(cause: Error, path: string, address: EngineAddress): EngineError {
  if (cause instanceof EngineError) return cause;
  if (cause instanceof CutOff)
    return new EngineError("broken", `The engine's answer to "${path}" ends early`, { cause });
  if (cause instanceof SyntaxError)
    return new EngineError("broken", `The engine's answer to "${path}" is no HTTP`, { cause });
  const where = `"${addressText(address)}"`;
  const { code = cause.message } = cause as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM")
    return new EngineError(
      "denied",
      `This user may not open ${where}: add it to the group that owns the socket, "docker" most often`,
      { cause },
    );
  if (code === "ENOENT")
    return new EngineError("unreachable", `There is no engine at ${where}; DOCKER_HOST may name another place`, {
      cause,
    });
  return new EngineError("unreachable", `Cannot reach the engine at ${where} (${code})`, { cause });
}

function toTlsOptions({ folder, verify }: { folder: string; verify: boolean }) {
  const read = (name: string) => {
    const path = join(folder, name);
    try {
      return readFileSync(path);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === "ENOENT" && (name !== "ca.pem" || !verify)) return undefined;
      throw new BadOption(`DOCKER_CERT_PATH: "${path}" cannot be read (${code})`, { cause });
    }
  };
  const [ca, cert, key] = [read("ca.pem"), read("cert.pem"), read("key.pem")];
  return { rejectUnauthorized: verify, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
