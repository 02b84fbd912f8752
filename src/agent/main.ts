import { readFileSync } from "node:fs";
import packageJson from "../../package.json" with { type: "json" };
import { systemClock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import { BadOption } from "./bad-option.ts";
import { concealArguments } from "./conceal.ts";
import { EngineError } from "./engine.ts";
import { type Flags, toFlags } from "./flags.ts";
import { HELP } from "./help.ts";
import { type AgentOptions, toOptions } from "./options.ts";
import { post } from "./post.ts";
import { type AgentParts, reportOnce, runAgent } from "./run.ts";

const { version } = packageJson;
/** How long a stop may take before the process goes anyway. */
const STOP_DEADLINE: Millis = 2 * SECOND;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = toFlags(args);
    if (flags.on.has("help")) return say(HELP);
    if (flags.on.has("version")) return say(`v${version}\n`);
    hideTokens(flags);
    const isOnce = flags.on.has("once");
    const options = toOptions(flags, process.env, path => readFileSync(path, "utf8").trim(), !isOnce);
    const parts = toParts(options);
    const signal = stopSignal();
    if (isOnce) return say(`${JSON.stringify(await reportOnce(options, parts, signal), null, 2)}\n`);
    log("info", "Agent started", { version, servers: options.targets.map(({ url }) => url) });
    await runAgent(options, parts, signal);
    return 0;
  } catch (error) {
    if (error instanceof BadOption) return complain(`${error.message}\n`, 2);
    if (error instanceof EngineError) return complain(`${error.message}\n`, 1);
    throw error;
  }
}

function toParts({ ca }: AgentOptions): AgentParts {
  const options = { version, ca: ca === null ? null : readCertificates(ca) };
  return {
    clock: systemClock,
    log,
    version,
    random: Math.random,
    send: (target, text, signal) => post(target, text, options, signal),
  };
}

function readCertificates(path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  } catch (cause) {
    throw new BadOption(`--ca: "${path}" cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  throw new BadOption(`--ca: there is no certificate in "${path}" (PEM)`);
}

/** Tokens among the arguments are taken out of sight of `ps`. */
function hideTokens({ values }: Flags): void {
  const inTargets = (values.target ?? []).flatMap(target => target.split("|")[1] ?? []);
  const typed = [...(values.token ?? []), ...inTargets].filter(token => token !== "" && !token.startsWith("@"));
  if (!concealArguments(typed))
    log("warn", "The token can be seen in the list of processes: give it by --token-file or PULSE_TOKEN");
}

/** Aborts when the process is told to stop. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    process.on(name, () => {
      stop.abort();
      setTimeout(() => process.exit(0), STOP_DEADLINE).unref();
    });
  }
  return stop.signal;
}

/** An event as a JSON line on stderr. */
function log(...[level, message, fields = {}]: Parameters<Log>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...fields })}\n`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string, code: number): number {
  process.stderr.write(text);
  return code;
}
