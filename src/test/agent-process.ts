import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { end } from "./server-process.ts";

/** The agent as a process of its own. */
export interface AgentProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** What it logged so far. */
  log(): string;
}

export interface AgentProcessOptions {
  /** Path of the engine's socket. */
  socket: string;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** The built executable for this machine; `npm run build:agent` makes it. */
export const EXECUTABLE = resolve(
  `dist/agent/pulse-docker-agent-linux-${process.arch === "arm64" ? "arm64" : "amd64"}`,
);

/** Starts the built agent on a state folder of its own. It inherits nothing of the environment but the path. */
export function startAgent({ socket, args = [], env = {} }: AgentProcessOptions): AgentProcess {
  const folder = mkdtempSync(join(tmpdir(), "pulse-agent-"));
  const child = spawn(EXECUTABLE, ["--state-dir", folder, ...args], {
    env: { PATH: process.env.PATH ?? "", DOCKER_HOST: `unix://${socket}`, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk;
  });
  return {
    child,
    log: () => log,
    async [Symbol.asyncDispose]() {
      await end(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
