import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { issueCertificate } from "../../simulator/certificate.ts";
import { openBrowser } from "../browser.ts";
import { blocksOf } from "../fenced-blocks.ts";
import { end } from "../server-process.ts";
import { freePort, PROXIES, type ReverseProxy, start } from "./reverse-proxy.ts";

// `npm run test:proxies`: every block of docs/reverse-proxy.md, as it is written there, in front of a real Pulse.

const BLOCKS = blocksOf(readFileSync("docs/reverse-proxy.md", "utf8"));
const ADMIN = { username: "ann", password: "correct horse battery" };
/** An address of this machine that is not the proxy's: what Pulse has to see of a caller. */
const CALLER = "127.0.0.9";
/** The id of an alert that there is not, with all that proxies stumble over. */
const ODD = "docker:host/web (1) 100%-cpu";

const folder = mkdtempSync(join(tmpdir(), "pulse-proxies-"));
let pulse: ChildProcess;
let target = "";

before(async () => {
  const { cert, key } = issueCertificate("localhost", "127.0.0.1");
  for (const [name, text] of [
    ["cert.pem", cert],
    ["key.pem", key],
    ["both.pem", `${cert}\n${key}`],
  ] as const)
    writeFileSync(join(folder, name), text);
  const environment = {
    ...process.env,
    PULSE_MOCK_MODE: "true",
    PULSE_DATA_DIR: join(folder, "data"),
    FRONTEND_PORT: "0",
    BIND_HOST: "127.0.0.1",
    TRUSTED_PROXIES: "127.0.0.1,::1",
    PULSE_AUTH_USER: ADMIN.username,
    PULSE_AUTH_PASS: ADMIN.password,
    LOG_LEVEL: "error",
    RATE_LIMIT: "0",
  };
  pulse = spawn(process.execPath, ["dist/pulse.js"], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: pulse.stdout ?? process.stdin }), "line")) as [string];
  target = new URL(line.slice(line.indexOf("http"))).host;
});
after(async () => {
  await end(pulse);
  rmSync(folder, { recursive: true, force: true });
});

for (const proxy of PROXIES) {
  const skip = isThere(proxy.program) ? false : `"${proxy.program}" is not on this machine`;
  const blocks = BLOCKS.filter(({ heading }) => heading === proxy.name);
  for (const [at, path] of ["", "/pulse"].entries()) {
    const name = `${proxy.name}, ${path === "" ? "with a host of its own" : "below a path"}`;
    test(name, { skip, timeout: 120_000 }, async context => {
      assert.equal(blocks.length, 2, "two blocks: a host of its own, and below a path");
      const url = await behind(context, proxy, blocks[at]?.text ?? "", path);
      await tryPaths(url);
      const cookies = await trySignIn(url);
      await tryChange(url, cookies);
      await tryStream(url, cookies);
      await tryInBrowser(url);
    });
  }
}

/** Starts the proxy; its address, with the path, without a slash at the end. */
async function behind(context: TestContext, proxy: ReverseProxy, block: string, path: string): Promise<string> {
  const port = await freePort();
  const child = await start(proxy, block, { folder, port, target });
  context.after(() => end(child));
  const url = `https://localhost:${port}${path}`;
  // Traefik listens before it has read what it is to do.
  for (const deadline = Date.now() + 10_000; !(await isHealthy(url)); ) {
    assert.ok(Date.now() < deadline, "healthy within 10 s");
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return url;
}

async function isHealthy(url: string): Promise<boolean> {
  return ask(`${url}/api/health`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function tryPaths(url: string): Promise<void> {
  const page = await ask(`${url}/`);
  assert.match(page.body, /<div id="pulse">/);
  const script = /src="\.\/(assets\/[^"]+)"/.exec(page.body)?.[1] ?? "";
  assert.equal((await ask(`${url}/${script}`)).status, 200);
  assert.equal((await ask(`${url}/api/state`)).status, 401);
  if (url.endsWith("/pulse")) {
    const bare = await ask(url);
    assert.ok(bare.status >= 300 && bare.status < 400, `${url} is led to the slash: ${bare.status}`);
    assert.equal(new URL(bare.headers.location ?? "", url).pathname, "/pulse/");
  }
}

/** Signs in as a browser does; Pulse sees where from, and that it is encrypted. The cookies, as they are sent back. */
async function trySignIn(url: string): Promise<string> {
  const { origin } = new URL(url);
  const answer = await ask(`${url}/api/login`, { method: "POST", origin, body: ADMIN });
  assert.equal(answer.status, 200, answer.body);
  const set: readonly string[] = answer.headers["set-cookie"] ?? [];
  assert.ok(
    set.every(cookie => cookie.includes("Secure")),
    set.join("\n"),
  );
  const cookies = set.map(cookie => cookie.split(";")[0]).join("; ");
  const spoofed = { cookie: cookies, "x-forwarded-for": "203.0.113.7" };
  const status = JSON.parse((await ask(`${url}/api/security/status`, { headers: spoofed })).body) as Record<
    string,
    unknown
  >;
  assert.deepEqual([status.clientIP, status.hasHTTPS, status.authUsername], [CALLER, true, ADMIN.username]);
  return cookies;
}

async function tryChange(url: string, cookie: string): Promise<void> {
  const { origin } = new URL(url);
  const csrf = /pulse_csrf=([^;]+)/.exec(cookie)?.[1] ?? "";
  const headers = { cookie, "x-csrf-token": csrf };
  const changed = await ask(`${url}/api/settings/update`, { method: "POST", origin, headers, body: { theme: "dark" } });
  assert.equal(changed.status, 200, changed.body);
  const foreign = { method: "POST", origin: "https://evil.example", headers, body: {} };
  assert.equal((await ask(`${url}/api/settings/update`, foreign)).status, 403);
  const acknowledged = await ask(`${url}/api/alerts/${encodeURIComponent(ODD)}/acknowledge`, {
    method: "POST",
    origin,
    headers,
    body: {},
  });
  assert.deepEqual(
    [acknowledged.status, acknowledged.body],
    [404, JSON.stringify({ error: `There is no alert "${ODD}"` })],
  );
  const large = { data: "x".repeat(9 * 1024 * 1024), passphrase: "correct horse battery" };
  const imported = await ask(`${url}/api/config/import`, { method: "POST", origin, headers, body: large });
  assert.notEqual(imported.status, 413, "an import of 9 MiB gets through");
}

async function tryStream(url: string, cookie: string): Promise<void> {
  const socket = new WebSocket(`${url.replace("https", "wss")}/ws?format=patch`, {
    rejectUnauthorized: false,
    headers: { cookie, origin: new URL(url).origin },
  });
  const seen: string[] = [];
  const patched = Promise.withResolvers<void>();
  socket.on("error", patched.reject);
  socket.on("message", data => {
    const { type } = JSON.parse(String(data)) as { type: string };
    seen.push(type);
    if (type === "patch") patched.resolve();
  });
  await patched.promise;
  assert.deepEqual(seen.slice(0, 2), ["welcome", "snapshot"]);
  socket.terminate();
}

async function tryInBrowser(url: string): Promise<void> {
  await using browser = await openBrowser();
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  page.setDefaultTimeout(20_000);
  const elsewhere: string[] = [];
  page.on("request", one => {
    if (!one.url().startsWith(url)) elsewhere.push(one.url());
  });
  await page.goto(`${url}/`);
  await page.getByLabel("User").fill(ADMIN.username);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator(".guests .row.guest").first().waitFor();
  await page.getByText("Live", { exact: true }).first().waitFor();
  await page.goto(`${url}/api/docs`);
  await page.getByRole("heading", { name: "Pulse API" }).waitFor();
  assert.equal(await page.evaluate<string>("getComputedStyle(document.querySelector('header')).position"), "sticky");
  assert.deepEqual(elsewhere, []);
}

interface Asked {
  method?: string;
  origin?: string;
  headers?: Readonly<Record<string, string>>;
  body?: object;
}

/** Asks from CALLER, whatever the certificate, and follows nothing. */
function ask(
  url: string,
  { method = "GET", origin, headers = {}, body }: Asked = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const call = request(url, {
      method,
      agent: false,
      rejectUnauthorized: false,
      localAddress: CALLER,
      family: 4,
      headers: {
        accept: "text/html,*/*",
        ...(origin === undefined ? {} : { origin }),
        ...(text === undefined
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
        ...headers,
      },
    });
    call.once("error", reject);
    call.once("response", answer => {
      let read = "";
      answer.on("data", chunk => (read += String(chunk)));
      answer.once("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }));
    });
    call.end(text);
  });
}

function isThere(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some(one => one !== "" && existsSync(`${one}/${program}`));
}
