import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { InstanceSettings, InstanceType } from "./model/instance-settings.ts";
import type { MockConfig } from "./model/mock-config.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const PROGRAM = import.meta.url.endsWith(".ts") ? "simulator/main.ts" : "simulator.js";

/** What the simulator's first line of output tells. */
interface Announcement {
  instances: {
    type: InstanceType;
    name: string;
    endpoints: { url: string; fingerprint: string }[];
    /** Empty where the product has no tokens. */
    tokenId: string;
    tokenSecret: string;
    user: string;
    password: string;
  }[];
}

export interface MockEstate extends AsyncDisposable {
  readonly instances: readonly InstanceSettings[];
  /** Lets its Docker hosts report to this server, at `url`, with a token that may do that. */
  reportTo(url: string, token: string): void;
}

/**
 * Starts the simulated estate as a process of its own and configures its instances like real ones: from there on, nothing in the
 * server differs. `config` null: the estate of the demo. Throws when the simulator does not come up.
 */
export async function startMockEstate(config: MockConfig | null): Promise<MockEstate> {
  const program = resolve(HERE, PROGRAM);
  const size = config ? ["--mock", JSON.stringify(config)] : ["--preset", "demo"];
  const child = spawn(process.execPath, [program, ...size, "--exit-with-parent"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line") as Promise<[string]>,
    once(child, "exit").then(([code]) => {
      throw new Error(`The simulated estate ended at its start, with code ${code}`);
    }),
  ]);
  lines.close();
  const { instances } = JSON.parse(line) as Announcement;
  return {
    instances: instances.map(toSettings),
    reportTo(url, token) {
      // By the pipe: arguments and environment of a process can be read by others. The certificate is our own, on this very machine.
      child.stdin.write(`${JSON.stringify([{ url, token, insecure: true }])}\n`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function toSettings(announced: Announcement["instances"][number]): InstanceSettings {
  const { type, name, endpoints, tokenId, tokenSecret, user, password } = announced;
  const [first] = endpoints;
  if (!first) throw new Error(`The simulated instance "${name}" has no endpoint`);
  return {
    name,
    type,
    host: first.url,
    credentials:
      tokenId === "" ? { kind: "password", user, password } : { kind: "token", id: tokenId, secret: tokenSecret },
    trust: { kind: "fingerprint", sha256: first.fingerprint },
    interval: null,
  };
}
