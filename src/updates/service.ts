import { spawn } from "node:child_process";
import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { isIPv6 } from "node:net";
import type { Clock } from "../kit/clock.ts";
import { KIB, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Owner } from "./owner.ts";
import type { Address } from "./papers.ts";
import { UpdateFault } from "./update-fault.ts";

/** The service that Pulse runs as. */
export interface Service {
  stop(): Promise<void>;
  /** Starts it, however often it has failed before. */
  start(): Promise<void>;
}

const CALL_DEADLINE: Millis = 3 * MINUTE;

/** `systemctl`, or a program that understands the same three words. */
export function systemdService(systemctl: string, unit = "pulse.service"): Service {
  const call = async (...args: string[]) => {
    const { code, output } = await runProgram(systemctl, args, { deadline: CALL_DEADLINE });
    if (code !== 0) throw new Error(`"${systemctl} ${args.join(" ")}" ended with ${code}: ${output.trim()}`);
  };
  return {
    stop: () => call("stop", unit),
    async start() {
      // NOTE: one that has failed too often in a short time is not started again without this.
      await call("reset-failed", unit).catch(() => {});
      await call("start", unit);
    },
  };
}

/** Runs a program to its end, as `user` where one is given; killed after `deadline`. Its output is both streams', the last of it. */
export function runProgram(
  file: string,
  args: readonly string[],
  { deadline, user, env = process.env }: { deadline: Millis; user?: Owner; env?: NodeJS.ProcessEnv },
): Promise<{ code: number | null; output: string }> {
  const isOther = user !== undefined && process.geteuid?.() === 0 && user.uid !== 0;
  return new Promise(resolve => {
    const child = spawn(file, args, {
      ...(isOther ? { uid: user.uid, gid: user.gid } : {}),
      ...{ env, cwd: "/", stdio: ["ignore", "pipe", "pipe"], timeout: deadline, killSignal: "SIGKILL" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", chunk => {
        output = (output + String(chunk)).slice(-4 * KIB);
      });
    child.once("error", error => resolve({ code: null, output: error.message }));
    child.once("close", code => resolve({ code, output }));
  });
}

export interface HealthLimits {
  /** How long a version may take until it is well. */
  deadline: Millis;
  /** How long it must stay well. */
  settle: Millis;
  /** Between two looks. */
  pause: Millis;
}
export const HEALTH_LIMITS: HealthLimits = { deadline: 2 * MINUTE, settle: 5 * SECOND, pause: 500 };

/** Resolves once `version` has answered at `address` and stayed well for a while. Throws UpdateFault ("unwell") when it does not. */
export async function untilWell(version: string, address: Address, limits: HealthLimits, clock: Clock): Promise<void> {
  const until = clock.now() + limits.deadline;
  let since: number | null = null;
  for (;;) {
    const found = await versionAt(address);
    const now = clock.now();
    since = found === `v${version}` ? (since ?? now) : null;
    if (since !== null && now - since >= limits.settle) return;
    if (now >= until) {
      const what = found === null ? "nothing answers" : `${found} answers`;
      const seconds = Math.round(limits.deadline / SECOND);
      throw new UpdateFault("unwell", `v${version} was not well within ${seconds} s: ${what} at ${toUrl(address)}`);
    }
    await clock.sleep(limits.pause);
  }
}

/** The version that says at `address` that it is well; null: none does. */
export async function versionAt(address: Address): Promise<string | null> {
  const health = (await ask(address, "/api/health")) as { status?: unknown } | null;
  if (health?.status !== "healthy") return null;
  const { version } = ((await ask(address, "/api/version")) as { version?: unknown } | null) ?? {};
  return typeof version === "string" ? version.slice(0, 64) : null;
}

const toUrl = ({ host, port, tls }: Address) => `http${tls ? "s" : ""}://${isIPv6(host) ? `[${host}]` : host}:${port}`;

/** What a server on this machine answers with 200, as JSON; null: nothing of that kind. Its certificate is for others to judge. */
function ask(address: Address, path: string): Promise<unknown> {
  return new Promise(resolve => {
    const get = address.tls ? getSecure : getPlain;
    const options = {
      rejectUnauthorized: false,
      agent: false,
      timeout: 5 * SECOND,
      headers: { accept: "application/json" },
    };
    const request = get(`${toUrl(address)}${path}`, options, response => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", chunk => {
        text += chunk;
        if (text.length > 64 * KIB) request.destroy();
      });
      response.once("end", () => resolve(response.statusCode === 200 ? parse(text) : null));
      response.once("error", () => resolve(null));
    });
    const timer = setTimeout(() => request.destroy(), 10 * SECOND);
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(null));
    request.once("close", () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
