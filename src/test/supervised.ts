import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { hash } from "@node-rs/bcrypt";
import { FILE_JUDGES } from "../file-judges.ts";
import { type Clock, systemClock } from "../kit/clock.ts";
import { MINUTE } from "../kit/units.ts";
import { readConfigFile } from "../settings/config-file.ts";
import type { EnvironmentSettings } from "../settings/environment.ts";
import { Supervisor } from "../supervisor.ts";
import { ADMIN, PASSWORD_COST, shownBy } from "./secured.ts";

const QUICK = hash(ADMIN.password, PASSWORD_COST);

export interface Supervised {
  readonly url: string;
  folder: string;
  supervisor: Supervisor;
  log: string[];
  environment: EnvironmentSettings;
  ask(path: string, headers?: Record<string, string>): Promise<Response>;
  /** The headers of the administrator. */
  admin: Record<string, string>;
  /** As the administrator. */
  send(method: string, path: string, body: unknown): Promise<Response>;
  /** What `path` answers the administrator once `is` is so; rejects after two minutes. */
  until<T>(path: string, is: (answer: T) => boolean): Promise<T>;
  writeYaml(text: string): void;
}

/** A server that can be opened anew, as the process runs it, on an empty data folder, with an administrator. */
export async function startSupervised(
  context: TestContext,
  change: Partial<EnvironmentSettings> = {},
  { clock = systemClock, yaml = "" }: { clock?: Clock; yaml?: string } = {},
): Promise<Supervised> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-supervised-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const writeYaml = (text: string) => writeFileSync(join(folder, "pulse.yaml"), text);
  if (yaml !== "") writeYaml(yaml);
  const environment: EnvironmentSettings = {
    port: 0,
    bindHost: "127.0.0.1",
    dataDir: folder,
    user: { name: ADMIN.username, password: await QUICK },
    apiToken: null,
    mockMode: null,
    demoMode: false,
    logLevel: "error",
    metrics: true,
    ...change,
  };
  const log: string[] = [];
  const supervisor = await Supervisor.open({
    environment,
    readConfig: () => readConfigFile(folder, { SECRET: "from the environment" }, FILE_JUDGES),
    clock,
    log: (_, message) => void log.push(message),
    build: { version: "5.0.0-test", development: true, docker: false },
    webFolder: null,
    passwordCost: PASSWORD_COST,
    fail: error => {
      throw error;
    },
  });
  context.after(() => supervisor[Symbol.asyncDispose]());
  const url = supervisor.app?.url ?? "";
  const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${url}${path}`, { headers });
  const login = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADMIN),
  });
  const admin = shownBy(login);
  const until = async <T>(path: string, is: (answer: T) => boolean): Promise<T> => {
    const deadline = Date.now() + 2 * MINUTE;
    for (;;) {
      // While it is opened anew, nobody listens.
      const answer = await ask(path, admin).catch(() => null);
      const read = answer?.ok ? ((await answer.json().catch(() => null)) as T | null) : null;
      if (read !== null && is(read)) return read;
      if (Date.now() > deadline) throw new Error(`${path} is not so after two minutes: ${is}\n${JSON.stringify(read)}`);
      await systemClock.sleep(50);
    }
  };
  return {
    ...{ url, folder, supervisor, log, environment, ask, admin, until, writeYaml },
    send: (method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        headers: { "content-type": "application/json", ...admin },
        body: JSON.stringify(body),
      }),
  };
}
