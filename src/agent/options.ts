import { HOUR, type Millis, SECOND } from "../kit/units.ts";
import { BadOption } from "./bad-option.ts";
import { toDuration } from "./duration.ts";
import { type EngineAddress, toEngineAddresses } from "./engine-address.ts";
import { type Flags, toBoolean } from "./flags.ts";

/** A Pulse server that gets the reports. */
export interface Target {
  url: string;
  token: string;
  /** Its certificate is not checked. */
  insecure: boolean;
}

export interface AgentOptions {
  targets: readonly Target[];
  interval: Millis;
  hostname: string | null;
  agentId: string | null;
  stateDir: string;
  /** A file of certificates that are trusted in place of the known authorities. */
  ca: string | null;
  engines: readonly EngineAddress[];
}

type Environment = Readonly<Record<string, string | undefined>>;
/** The text of a file, trimmed. */
type ReadText = (path: string) => string;

const DEFAULT_URL = "http://localhost:7655";
const DEFAULT_STATE_DIR = "/var/lib/pulse-docker-agent";

/** What flags and environment say; a flag wins over its variable. `needsTargets`: without one it is an error. Throws BadOption. */
export function toOptions(
  { values, on }: Flags,
  environment: Environment,
  read: ReadText,
  needsTargets = true,
): AgentOptions {
  const last = (name: keyof Flags["values"], variable?: string) =>
    values[name]?.at(-1) ?? (variable === undefined ? null : environment[variable] || null);
  return {
    interval: toInterval(values.interval?.at(-1), environment.PULSE_INTERVAL),
    targets: needsTargets ? toTargets({ values, on }, environment, read) : [],
    hostname: atMost(last("hostname", "PULSE_HOSTNAME"), "--hostname"),
    agentId: atMost(last("agent-id", "PULSE_AGENT_ID"), "--agent-id"),
    stateDir: last("state-dir") ?? DEFAULT_STATE_DIR,
    ca: last("ca"),
    engines: toEngineAddresses(environment),
  };
}

function toTargets({ values, on }: Flags, environment: Environment, read: ReadText): Target[] {
  const insecure =
    on.has("insecure") || toBoolean(environment.PULSE_INSECURE_SKIP_VERIFY ?? "", "PULSE_INSECURE_SKIP_VERIFY");
  const listed = (environment.PULSE_TARGETS ?? "").split(/[;\n]/).filter(part => part.trim() !== "");
  const targets = [
    ...(values.target ?? []).map(part => toTarget(part, "--target", insecure, read)),
    ...(values.target ? [] : listed.map(part => toTarget(part, "PULSE_TARGETS", insecure, read))),
  ];
  const url = values.url?.at(-1) ?? (environment.PULSE_URL || null);
  const token = toToken(values, environment, read);
  if (url !== null || targets.length === 0) {
    if (token === null)
      throw new BadOption(
        "--token-file: a token is missing; give a file that holds it, or set PULSE_TOKEN. Make one in Pulse, with the scope agent",
      );
    const where = values.url ? "--url" : "PULSE_URL";
    targets.unshift({ url: toUrl(url ?? DEFAULT_URL, where), token, insecure });
  }
  return [...new Map(targets.map(target => [target.url, target])).values()];
}

/** `url|token[|insecure]`; a token that begins with @ names the file it is in. */
function toTarget(text: string, where: string, insecure: boolean, read: ReadText): Target {
  const [url = "", given = "", choice, ...more] = text.split("|").map(part => part.trim());
  if (more.length > 0 || given === "") throw new BadOption(`${where}: url|token or url|token|insecure`);
  return {
    url: toUrl(url, where),
    token: checkedToken(given.startsWith("@") ? readSecret(given.slice(1), where, read) : given, where),
    insecure: choice === undefined ? insecure : toBoolean(choice, where),
  };
}

function toToken(values: Flags["values"], environment: Environment, read: ReadText): string | null {
  const [typed, file] = [values.token?.at(-1), values["token-file"]?.at(-1)];
  if (typed !== undefined) return checkedToken(typed, "--token");
  if (file !== undefined) return checkedToken(readSecret(file, "--token-file", read), "--token-file");
  if (environment.PULSE_TOKEN_FILE) {
    const secret = readSecret(environment.PULSE_TOKEN_FILE, "PULSE_TOKEN_FILE", read);
    return checkedToken(secret, "PULSE_TOKEN_FILE");
  }
  return environment.PULSE_TOKEN ? checkedToken(environment.PULSE_TOKEN, "PULSE_TOKEN") : null;
}

function readSecret(path: string, where: string, read: ReadText): string {
  try {
    return read(path);
  } catch (cause) {
    throw new BadOption(`${where}: "${path}" cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
}

/** A token goes into a header: visible ASCII. */
function checkedToken(token: string, where: string): string {
  const trimmed = token.trim();
  if (trimmed === "") throw new BadOption(`${where}: the token is empty`);
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw new BadOption(`${where}: a token has no spaces and no special characters`);
  return trimmed;
}

/** Without the slash at its end. */
function toUrl(text: string, where: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new BadOption(`${where}: an address like https://pulse.example.com:7655`);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new BadOption(`${where}: an address without user, "?" and "#"; the token has its own place`);
  return url.href.replace(/\/+$/, "");
}

function toInterval(flag: string | undefined, variable: string | undefined): Millis {
  const text = flag ?? (variable || "30s");
  const where = flag === undefined ? "PULSE_INTERVAL" : "--interval";
  const interval = toDuration(text);
  if (interval === null) throw new BadOption(`${where}: a time like 30s or 1m30s, not "${text}"`);
  if (interval < SECOND || interval > HOUR) throw new BadOption(`${where}: from 1s to 1h, not "${text}"`);
  return interval;
}

function atMost(text: string | null, where: string): string | null {
  if (text !== null && text.length > 256) throw new BadOption(`${where}: at most 256 characters`);
  return text;
}
