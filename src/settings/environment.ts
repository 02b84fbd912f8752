import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LogLevel } from "../kit/log.ts";
import { DAY, MIB } from "../kit/units.ts";
import type { HistorySettings, Retention } from "../model/retention.ts";
import type { SecuritySettings } from "../model/security-settings.ts";
import { BadSettings } from "./bad-settings.ts";
import type { GivenKey } from "./seal.ts";
import { readSecurity } from "./security-environment.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the process environment says. */
export interface EnvironmentSettings {
  port: number;
  /** null: all addresses. */
  bindHost: string | null;
  dataDir: string;
  user: { name: string; password: string } | null;
  apiToken: string | null;
  /** Watch the simulated estate instead of the configured instances. */
  mockMode: boolean;
  /** Anybody may look, nobody may change anything. */
  demoMode: boolean;
  logLevel: LogLevel;
  /** Prometheus may scrape, with the right to read. */
  metrics: boolean;
  history: HistorySettings;
  /** What secrets are sealed with; null or left out: the key of the data folder. */
  sealKey?: GivenKey | null;
  /** Left out: as it is without any of its variables. */
  security?: SecuritySettings;
}

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

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
  const level = text("LOG_LEVEL")?.toLowerCase() ?? "info";
  const logLevel = LEVELS.find(known => known === level) ?? "info";
  if (level !== logLevel) problems.push(`LOG_LEVEL: "${level}" is none of ${LEVELS.join(", ")}`);
  const settings: EnvironmentSettings = {
    port,
    bindHost: text("BIND_HOST"),
    dataDir: resolve(text("PULSE_DATA_DIR") ?? "./data"),
    user: name !== null && password !== null ? { name, password } : null,
    apiToken: text("API_TOKEN"),
    mockMode: flag("PULSE_MOCK_MODE"),
    demoMode: flag("DEMO_MODE"),
    logLevel,
    metrics: flag("PULSE_METRICS", "true"),
    history: readHistory(text, problems),
    sealKey: readSealKey(text),
    security: readSecurity(text, flag, problems),
  };
  if (problems.length > 0) throw new BadSettings(problems);
  return settings;
}

/** `PULSE_ENCRYPTION_KEY`, or the credential "pulse.key" that systemd hands over (LoadCredential, SetCredentialEncrypted). */
function readSealKey(text: (name: string) => string | null): GivenKey | null {
  const key = text("PULSE_ENCRYPTION_KEY");
  if (key !== null) return { text: key };
  const folder = text("CREDENTIALS_DIRECTORY");
  const file = folder === null ? null : join(folder, "pulse.key");
  return file !== null && existsSync(file) ? { file } : null;
}

const DAYS: { readonly [T in keyof Retention]: string } = {
  raw: "HISTORY_RAW_DAYS",
  minute: "HISTORY_MINUTE_DAYS",
  "half-hour": "HISTORY_HALF_HOUR_DAYS",
  "quarter-day": "HISTORY_QUARTER_DAY_DAYS",
};
const LIMIT = "HISTORY_LIMIT_MB";

function readHistory(text: (name: string) => string | null, problems: string[]): HistorySettings {
  const number = (name: string) => {
    const value = text(name);
    if (value !== null && !(Number(value) > 0 && Number(value) < 1e9))
      problems.push(`${name}: "${value}" is no number above 0`);
    return value === null ? null : Number(value);
  };
  const keep: Partial<Retention> = {};
  for (const [tier, name] of Object.entries(DAYS) as [keyof Retention, string][]) {
    const days = number(name);
    if (days !== null) keep[tier] = days * DAY;
  }
  const limit = number(LIMIT);
  return limit === null ? { keep } : { keep, limit: limit * MIB };
}
