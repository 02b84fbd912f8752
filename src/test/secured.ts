import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { hash } from "@node-rs/bcrypt";
import { type App, type AppOptions, openApp } from "../app.ts";
import { FakeClock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { NO_SECURITY, type SecuritySettings } from "../model/security-settings.ts";
import type { EnvironmentSettings } from "../settings/environment.ts";
import { NO_CONFIG } from "../settings/pulse-yaml.ts";

export const ADMIN = { username: "admin", password: "correct horse" };
/** Little work, so that tests do not wait for it. */
export const PASSWORD_COST = 4;
const QUICK = hash(ADMIN.password, PASSWORD_COST);

export interface Secured {
  url: string;
  folder: string;
  clock: FakeClock;
  log: string[];
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON. */
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** Signs in; the headers that show it, CSRF token included. */
  signIn(credentials?: object): Promise<{ cookie: string; "x-csrf-token": string }>;
  restart(): Promise<void>;
  stop(): Promise<void>;
  environment: EnvironmentSettings;
}

/** A whole server that watches nothing, on an empty data folder, with an administrator unless `change` says otherwise. */
export async function startSecured(
  context: TestContext,
  change: Partial<EnvironmentSettings> = {},
  security: Partial<SecuritySettings> = {},
  more: Pick<AppOptions, "restart" | "passwordCost"> = {},
): Promise<Secured> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-secured-"));
  const clock = new FakeClock();
  const log: string[] = [];
  const keep: Log = (_, message) => void log.push(message);
  const user = { name: ADMIN.username, password: await QUICK };
  const environment: EnvironmentSettings = {
    port: 0,
    bindHost: "127.0.0.1",
    dataDir: folder,
    user,
    apiToken: null,
    mockMode: false,
    demoMode: false,
    logLevel: "error",
    metrics: true,
    security: { ...NO_SECURITY, ...security },
    ...change,
  };
  const open = () =>
    openApp({
      environment,
      config: NO_CONFIG,
      clock,
      log: keep,
      build: { version: "5.0.0-test", development: true, docker: false },
      webFolder: null,
      passwordCost: PASSWORD_COST,
      ...more,
    });
  let started: App | null = null;
  context.after(async () => {
    await started?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });
  started = await open();
  let app = started;
  const ask = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, { redirect: "manual", ...init });
  const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });
  return {
    get url() {
      return app.url;
    },
    folder,
    clock,
    log,
    ask,
    send,
    async signIn(credentials = ADMIN) {
      const answer = await send("POST", "/api/login", credentials);
      if (!answer.ok) throw new Error(`Sign-in: ${answer.status} ${await answer.text()}`);
      return shownBy(answer);
    },
    environment,
    stop: async () => await app[Symbol.asyncDispose](),
    async restart() {
      await app[Symbol.asyncDispose]();
      started = app = await open();
    },
  };
}

/** The headers of a browser that got this answer. */
export function shownBy(answer: Response): { cookie: string; "x-csrf-token": string } {
  const cookies = answer.headers.getSetCookie().map(text => text.split(";")[0] ?? "");
  const csrf = cookies.find(text => text.startsWith("pulse_csrf="))?.slice("pulse_csrf=".length) ?? "";
  return { cookie: cookies.join("; "), "x-csrf-token": csrf };
}
