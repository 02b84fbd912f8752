import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LogLevel } from "../kit/log.ts";
import type { SecuritySettings } from "../model/security-settings.ts";
import { archiveAddressProblem, type GivenArchive } from "./archive-book.ts";
import { BadSettings } from "./bad-settings.ts";
import type { GivenKey } from "./seal.ts";
import { readSecurity } from "./security-environment.ts";
import { readSystemVariables, type SystemLayer } from "./system-layer.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the process environment says. */
export interface EnvironmentSettings {
  port: number;
  /** null: all addresses. */
  bindHost: string | null;
  dataDir: string;
  user: { name: string; password: string } | null;
  apiToken: string | null;
  /** Watch the simulated estate instead of the configured instances; null: as it was chosen while Pulse ran. */
  mockMode: boolean | null;
  /** Anybody may look, nobody may change anything. */
  demoMode: boolean;
  logLevel: LogLevel;
  /** Prometheus may scrape, with the right to read. */
  metrics: boolean;
  /** What it sets of the system settings; left out: nothing. */
  system?: SystemLayer;
  /** What secrets are sealed with; null or left out: the key of the data folder. */
  sealKey?: GivenKey | null;
  /** Where releases come from, and the file of the key that they are checked with; null: not said. Left out: neither is. */
  updates?: { url: string | null; key: string | null };
  /** Where samples are kept for years; left out: it does not say. */
  archive?: GivenArchive;
  /** Left out: as it is without any of its variables. */
  security?: SecuritySettings;
}

/**
 * Reads the environment. An empty variable counts as not set. Throws BadSettings naming each variable that cannot be used.
 */
export function readEnvironment(environment: Environment): EnvironmentSettings {
  const problems: string[] = [];
  const text = (name: string) => environment[name]?.trim() || null;
  const flag = (name: string, byDefault = "false") => {
    const value = text(name)?.toLowerCase() ?? byDefault;
    if (!["true", "1", "yes", "false", "0", "no"].includes(value))
      problems.push(`${name}: "${value}" is neither "true" nor "false"`);
    return ["true", "1", "yes"].includes(value);
  };
  const port = Number(text("FRONTEND_PORT") ?? 7655);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    problems.push(`FRONTEND_PORT: "${text("FRONTEND_PORT")}" is no port number (1 to 65535)`);
  const name = text("PULSE_AUTH_USER");
  const password = environment.PULSE_AUTH_PASS || null;
  if (name !== null && password === null) problems.push("PULSE_AUTH_PASS: missing, while PULSE_AUTH_USER is set");
  if (name === null && password !== null) problems.push("PULSE_AUTH_USER: missing, while PULSE_AUTH_PASS is set");
  const system = readSystemVariables(text, problems);
  const archive = readArchive(text, problems);
  const settings: EnvironmentSettings = {
    port,
    bindHost: text("BIND_HOST"),
    dataDir: resolve(text("PULSE_DATA_DIR") ?? "./data"),
    user: name !== null && password !== null ? { name, password } : null,
    apiToken: text("API_TOKEN"),
    mockMode: text("PULSE_MOCK_MODE") === null ? null : flag("PULSE_MOCK_MODE"),
    demoMode: flag("DEMO_MODE"),
    logLevel: (system.logLevel?.value ?? "info") as LogLevel,
    metrics: flag("PULSE_METRICS", "true"),
    system: text("FRONTEND_PORT") === null ? system : { ...system, frontendPort: { value: port, by: "FRONTEND_PORT" } },
    sealKey: readSealKey(text),
    updates: readUpdates(text, problems),
    ...(archive ? { archive } : {}),
    security: readSecurity(text, flag, problems),
  };
  if (problems.length > 0) throw new BadSettings(problems);
  return settings;
}

/** Releases come by HTTPS, or from this very machine. */
function readUpdates(
  text: (name: string) => string | null,
  problems: string[],
): { url: string | null; key: string | null } {
  const written = text("PULSE_UPDATE_URL");
  const url = written === null ? null : URL.parse(written);
  const isNear = url !== null && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (written !== null && url?.protocol !== "https:" && !(url?.protocol === "http:" && isNear))
    problems.push(`PULSE_UPDATE_URL: "${written}" is no address with https:// (http:// only on this machine)`);
  if (url && (url.username !== "" || url.password !== ""))
    problems.push("PULSE_UPDATE_URL: must not hold a user or a password");
  const key = text("PULSE_UPDATE_KEY");
  return { url: url?.href ?? null, key: key === null ? null : resolve(key) };
}

function readArchive(text: (name: string) => string | null, problems: string[]): GivenArchive | null {
  const [url, writeUrl] = [text("PULSE_ARCHIVE_URL"), text("PULSE_ARCHIVE_WRITE_URL")];
  const [user, password] = [text("PULSE_ARCHIVE_USER"), text("PULSE_ARCHIVE_PASSWORD")];
  for (const [name, address] of [
    ["PULSE_ARCHIVE_URL", url],
    ["PULSE_ARCHIVE_WRITE_URL", writeUrl],
  ] as const) {
    const problem = address === null ? null : archiveAddressProblem(address);
    if (problem !== null) problems.push(`${name}: "${address}" ${problem}`);
  }
  if (url === null && (writeUrl ?? user ?? password) !== null)
    problems.push("PULSE_ARCHIVE_URL: missing, while another of its variables is set");
  if (user !== null && password === null)
    problems.push("PULSE_ARCHIVE_PASSWORD: missing, while PULSE_ARCHIVE_USER is set");
  return url === null ? null : { settings: { url, writeUrl, user, password }, by: "PULSE_ARCHIVE_URL" };
}

/** `PULSE_ENCRYPTION_KEY`, or the credential "pulse.key" that systemd hands over (LoadCredential, SetCredentialEncrypted). */
function readSealKey(text: (name: string) => string | null): GivenKey | null {
  const key = text("PULSE_ENCRYPTION_KEY");
  if (key !== null) return { text: key };
  const folder = text("CREDENTIALS_DIRECTORY");
  const file = folder === null ? null : join(folder, "pulse.key");
  return file !== null && existsSync(file) ? { file } : null;
}
