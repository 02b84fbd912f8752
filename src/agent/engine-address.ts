import { join } from "node:path";
import { BadOption } from "./bad-option.ts";

/** Where a Docker or Podman engine listens. */
export type EngineAddress =
  | { kind: "socket"; path: string }
  | {
      kind: "tcp";
      host: string;
      port: number;
      /** null: without TLS. `folder` holds ca.pem, cert.pem and key.pem. */
      tls: { folder: string; verify: boolean } | null;
    };

type Environment = Readonly<Record<string, string | undefined>>;

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/**
 * Where to look for an engine: what `DOCKER_HOST` names, else the usual sockets in this order. `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH`
 * mean what they mean to Docker's own command line. Throws BadOption.
 */
export function toEngineAddresses(environment: Environment): EngineAddress[] {
  const given = environment.DOCKER_HOST;
  if (given) return [toEngineAddress(given, environment)];
  const paths = ["/var/run/docker.sock", "/run/podman/podman.sock"];
  if (environment.XDG_RUNTIME_DIR) paths.push(join(environment.XDG_RUNTIME_DIR, "podman/podman.sock"));
  return paths.map(path => ({ kind: "socket", path }));
}

function toEngineAddress(given: string, environment: Environment): EngineAddress {
  const socket = /^unix:\/\/(\/.+)$/.exec(given)?.[1];
  if (socket !== undefined) return { kind: "socket", path: socket };
  const url = /^(tcp|https?):\/\//.test(given) ? URL.parse(given.replace(/^https?/, "tcp")) : null;
  if (url === null || url.hostname === "")
    throw new BadOption(`DOCKER_HOST: unix:///var/run/docker.sock or tcp://host:2376, not "${given}"`);
  const { DOCKER_TLS_VERIFY: verify, DOCKER_CERT_PATH: folder } = environment;
  const isTls = Boolean(verify || folder) || given.startsWith("https:");
  const home = join(environment.HOME ?? "/", ".docker");
  return {
    kind: "tcp",
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: url.port === "" ? (isTls ? TLS_PORT : PLAIN_PORT) : Number(url.port),
    // As for Docker's own command line: certificates without DOCKER_TLS_VERIFY encrypt, but do not check who answers.
    tls: isTls ? { folder: folder || home, verify: Boolean(verify) || !folder } : null,
  };
}

/** The address as `DOCKER_HOST` has it. */
export function addressText(address: EngineAddress): string {
  if (address.kind === "socket") return `unix://${address.path}`;
  return `tcp://${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}
