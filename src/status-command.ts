import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import type { CommandOutcome } from "./account-command.ts";
import { askRunningServer } from "./control-socket.ts";
import { type Millis, SECOND } from "./kit/units.ts";

/** Asks a running server where it is. */
export interface StatusCommand {
  kind: "status";
}

const DEADLINE: Millis = 10 * SECOND;

/** Within the server. */
export function runStatusCommand(url: string): CommandOutcome {
  return { ok: true, text: url };
}

/**
 * Whether the server of a data folder runs and answers at its port. It tells by itself where that is: the port may have been set on the
 * page, or by an import.
 */
export async function readStatus(dataDir: string): Promise<CommandOutcome> {
  const url = await runningUrl(dataDir);
  if (url === null) return { ok: false, text: `No Pulse runs on "${dataDir}"` };
  try {
    const version = await readVersion(url);
    return { ok: true, text: `Pulse ${version.replace(/^v/, "")} answers at ${url}` };
  } catch (error) {
    return { ok: false, text: `Pulse runs, and does not answer at ${url} (${(error as Error).message})` };
  }
}

/** Where the server of a data folder answers, by its own word; null: none runs. */
export async function runningUrl(dataDir: string): Promise<string | null> {
  const question: StatusCommand = { kind: "status" };
  const { text } = (await askRunningServer(dataDir, question).catch(() => ({ text: "" }))) as CommandOutcome;
  return text || null;
}

/** Its certificate is its own business: it is the same machine. */
function readVersion(url: string): Promise<string> {
  const get = url.startsWith("https:") ? getSecure : getPlain;
  const options = { agent: false as const, rejectUnauthorized: false, signal: AbortSignal.timeout(DEADLINE) };
  return new Promise((resolve, reject) => {
    const request = get(`${url}/api/version`, options, async response => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        const { version } = JSON.parse(Buffer.concat(chunks).toString()) as { version?: unknown };
        if (typeof version !== "string") throw new Error("something else answers");
        resolve(version);
      } catch (error) {
        reject(error);
      }
    });
    request.once("error", reject);
  });
}
