import { checkServerIdentity as checkName, type PeerCertificate, type TLSSocket } from "node:tls";
import { buildConnector, Pool } from "undici";
import type { FaultKind } from "../../model/fault.ts";
import type { Trust } from "../../model/instance-settings.ts";
import { LookFailed } from "../source.ts";

/** Time to connect and shake hands. */
const CONNECT_DEADLINE = 4_000;
/** PVE's proxy closes idle connections after 5 s; ours go first, so that a request is rarely sent into a closing one. */
const KEEP_ALIVE = 3_500;
/** A PVE node has about three worker processes: more parallel requests only queue there. */
const CONNECTIONS = 3;

/** Opens the connections to one address; the certificate is judged by `trust`, `names` are what it may be issued to. */
export function openPool(url: string, trust: Trust, names: readonly string[]): Pool {
  const secure = url.startsWith("https:");
  return new Pool(new URL(url).origin, {
    connections: CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE,
    keepAliveMaxTimeout: KEEP_ALIVE,
    ...(secure ? { connect: pinnedConnector(trust, names) } : { connect: { timeout: CONNECT_DEADLINE } }),
  });
}

/**
 * A connector that always completes the handshake and then judges the certificate itself: so that a refusal can name the fingerprint
 * it saw. Session resumption is off, a resumed session does not show the certificate.
 */
function pinnedConnector(trust: Trust, names: readonly string[]): buildConnector.connector {
  const connect = buildConnector({
    rejectUnauthorized: false,
    maxCachedSessions: 0,
    timeout: CONNECT_DEADLINE,
    ...(trust.kind === "ca" && trust.ca !== null ? { ca: trust.ca } : {}),
    checkServerIdentity: (host: string, certificate: PeerCertificate) => checkAnyName([host, ...names], certificate),
  });
  return (options, callback) =>
    connect(options, (error, socket) => {
      if (error) return callback(error, null);
      const refusal = judge(socket as TLSSocket, trust, options.host ?? options.hostname);
      if (!refusal) return callback(null, socket as TLSSocket);
      socket?.destroy();
      callback(refusal, null);
    });
}

/** The certificate is good when it was issued to one of the names; otherwise the error for the first of them. */
function checkAnyName(names: readonly string[], certificate: PeerCertificate): Error | undefined {
  const errors = names.map(name => checkName(name, certificate));
  return errors.some(error => error === undefined) ? undefined : errors[0];
}

function judge(socket: TLSSocket, trust: Trust, host: string): LookFailed | null {
  if (trust.kind === "any") return null;
  const seen = socket.getPeerCertificate().fingerprint256 ?? "none";
  if (trust.kind === "fingerprint")
    return sameFingerprint(seen, trust.sha256)
      ? null
      : new LookFailed(
          "fingerprint",
          `Certificate of "${host}" is not the pinned one: pinned "${trust.sha256}", got "${seen}"`,
        );
  if (socket.authorized) return null;
  const reason = String(socket.authorizationError ?? "unknown reason");
  return new LookFailed(
    "tls",
    `Certificate of "${host}" is not trusted (${reason}); if it is yours, pin it: fingerprint "${seen}"`,
  );
}

/** Fingerprints are compared without regard to case and colons. */
export function sameFingerprint(a: string, b: string): boolean {
  const bare = (text: string) => text.replaceAll(":", "").toLowerCase();
  return bare(a) === bare(b);
}

const FAULT_OF_CODE: Readonly<Record<string, FaultKind>> = {
  ECONNREFUSED: "unreachable",
  EHOSTUNREACH: "unreachable",
  EHOSTDOWN: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  ENOTFOUND: "unreachable",
  EAI_AGAIN: "unreachable",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_ABORTED: "timeout",
  ABORT_ERR: "timeout",
  EPROTO: "tls",
  ERR_SSL_WRONG_VERSION_NUMBER: "tls",
};

const SENTENCE: Partial<Record<FaultKind, string>> = {
  unreachable: "Cannot reach",
  timeout: "No answer in time from",
  reset: "Connection broken by",
  tls: "No TLS connection with",
};

/**
 * What an error thrown by the connection means: by its code, never by its text. An unlisted code means that the connection broke; an
 * error without a code is a bug and is thrown on.
 */
export function toTransportFault(error: unknown, url: string): LookFailed {
  if (error instanceof LookFailed) return error;
  const code = codeOf(error);
  if (code === "") throw error;
  const kind = FAULT_OF_CODE[code] ?? kindOfPrefix(code);
  const what = SENTENCE[kind] ?? "No proper HTTP from";
  return new LookFailed(kind, `${what} "${new URL(url).host}" (${code})`, { cause: error });
}

/** `HPE_…`: the HTTP parser gave up. `ERR_SSL_…`: the peer does not speak TLS, or not ours. */
function kindOfPrefix(code: string): FaultKind {
  if (code.startsWith("HPE_")) return "garbled";
  return code.startsWith("ERR_SSL_") ? "tls" : "reset";
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (error.name === "TimeoutError" || error.name === "AbortError") return "ABORT_ERR";
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : "";
}
