import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createCipheriv, randomBytes } from "node:crypto";
import { once } from "node:events";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { ELSEWHERE } from "./elsewhere.ts";
import { type Block, blocksOf } from "./fenced-blocks.ts";
import { end } from "./server-process.ts";

// Types the commands of the documentation, as they stand there, against the built server on a data folder of its own. Which addresses,
// files and tokens stand for the reader's own is said in `placed`. Blocks for other machines say so in their first line.

const TOKEN = "0123456789abcdef0123456789abcdef0123456789abcdef";
const PASSPHRASE = "correct horse battery";
const folder = mkdtempSync(join(tmpdir(), "pulse-docs-"));
const data = join(folder, "data");
/** Made with little work: the test waits for no bcrypt. */
const environment: Record<string, string | undefined> = {
  ...process.env,
  PULSE_DATA_DIR: data,
  FRONTEND_PORT: "0",
  BIND_HOST: "127.0.0.1",
  LOG_LEVEL: "error",
  RATE_LIMIT: "0",
  PULSE_AUTH_USER: "admin",
  PULSE_AUTH_PASS: PASSPHRASE,
  API_TOKEN: TOKEN,
  PULSE_TOKEN: TOKEN,
};
let server: ChildProcess | null = null;
let url = "";

async function startServer(): Promise<void> {
  if (server) return;
  server = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "dist/pulse.js"], {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: server.stdout ?? process.stdin }), "line")) as [string];
  url = line.slice(line.indexOf("http"));
}

async function stopServer(): Promise<void> {
  if (server) await end(server);
  server = null;
}

before(async () => {
  for (const name of ["backups", "secrets", "legacy"]) mkdirSync(join(folder, name));
  writeLegacyFolder(join(folder, "legacy"));
  writeFileSync(join(folder, "passphrase"), PASSPHRASE);
  await startServer();
});
after(async () => {
  await stopServer();
  rmSync(folder, { recursive: true, force: true });
});

/** A data folder as Pulse 4 leaves it, with one setting and one instance. */
function writeLegacyFolder(path: string): void {
  const key = randomBytes(32);
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const node = {
    Name: "lab",
    Host: "https://127.0.0.9:8006",
    TokenName: "a@pam!b",
    TokenValue: "s3cret",
    VerifySSL: false,
  };
  const nodes = JSON.stringify({ pveInstances: [node], pbsInstances: [], pmgInstances: null });
  const sealed = Buffer.concat([nonce, cipher.update(nodes), cipher.final(), cipher.getAuthTag()]);
  writeFileSync(join(path, ".encryption.key"), `${key.toString("base64")}\n`);
  writeFileSync(join(path, "nodes.enc"), sealed);
  writeFileSync(join(path, "system.json"), JSON.stringify({ theme: "light" }));
}

/** What stands in the documentation for what the reader has. */
function placed(commands: string): string {
  return commands
    .replaceAll(/http:\/\/(localhost|pulse\.example\.com):7655/g, url)
    .replaceAll("localhost:7655", new URL(url).host)
    .replaceAll("/mnt/nas/", join(folder, "backups/"))
    .replaceAll("/srv/cluster", join(folder, "cluster"))
    .replaceAll("/etc/pulse", join(folder, "legacy"))
    .replaceAll("release-key.pem", join(folder, "release-key.pem"))
    .replaceAll("YOUR_TOKEN", TOKEN);
}

/** Runs `commands` as one script; rejects with what it printed when one of them fails. */
async function type(commands: string, patience = 120_000): Promise<string> {
  const child = spawn("bash", ["-euo", "pipefail", "-c", commands], { env: environment, timeout: patience });
  let printed = "";
  for (const pipe of [child.stdout, child.stderr]) pipe.on("data", chunk => (printed += String(chunk)));
  // Most commands read nothing, and may be over by then.
  child.stdin.on("error", () => {}).end(PASSPHRASE);
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0, `${commands}\nprinted:\n${printed}`);
  return printed;
}

/** Starts what runs until it is ended, and ends it when it says where it is. */
async function typeServer(command: string): Promise<void> {
  const other = join(folder, "other");
  const env = { ...environment, PULSE_DATA_DIR: other };
  const child = spawn("bash", ["-euc", `exec ${command}`], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  for await (const line of createInterface({ input: child.stdout })) if (/^Pulse .* is at http/.test(line)) break;
  const exit = once(child, "exit");
  process.kill(-(child.pid ?? 0), "SIGTERM");
  await exit;
  rmSync(other, { recursive: true, force: true });
}

const isServer = (text: string) => /^npm (start|run demo)$/.test(text.trim());
/** What needs the server to be stopped. */
const isForStopped = (text: string) => /-- (restore|cluster adopt) /.test(text);
const pages = ["README.md", "CONTRIBUTING.md", ...globSync("docs/*.md").sort()];
const shell = pages.flatMap(page =>
  blocksOf(readFileSync(page, "utf8")).flatMap((block: Block) => (block.language === "sh" ? [{ page, block }] : [])),
);
const here = shell.filter(({ block }) => !ELSEWHERE.includes(block.text.split("\n")[0] ?? ""));

/** What may be typed here: nothing that reaches beyond the test's own folder and server. */
const HARMLESS =
  /^(npm start( -- .*)?|npm run (demo|mock:\w+|release -- --new-key .*)|(mkdir -p|cp -r)( \/srv\/cluster\/\S+)+|curl .*http:\/\/(localhost|pulse\.example\.com):7655\S*|[A-Z_]+=\S+|#.*|)$/;

test("every block is harmless here, or says in its first line where it is to be typed", () => {
  for (const { page, block } of here)
    for (const line of block.text.split("\n"))
      assert.match(line, HARMLESS, `${page}:${block.line}: begin the block with one of\n${ELSEWHERE.join("\n")}`);
});

for (const { page, block } of here.filter(one => one.block.text.split("\n").every(line => HARMLESS.test(line))))
  test(`the commands of ${page}:${block.line} do what they are said to do`, async () => {
    if (isServer(block.text)) return typeServer(block.text.trim());
    await (isForStopped(block.text) ? stopServer() : startServer());
    await type(placed(block.text));
    await startServer();
  });

test("pulse.yaml of the documentation is one that Pulse takes", async () => {
  const [block] = blocksOf(readFileSync("docs/configuration.md", "utf8")).filter(({ language }) => language === "yaml");
  const text = (block?.text ?? "")
    .replaceAll("AA:BB:CC:…", Array<string>(32).fill("AA").join(":"))
    .replaceAll("/run/secrets", join(folder, "secrets"));
  for (const [, file = ""] of text.matchAll(/file: ([^ }\n]+)/g)) writeFileSync(file, PASSPHRASE);
  const variables = [...text.matchAll(/env: (\w+)/g)].map(([, name = ""]) => [name, secretFor(name)] as const);
  const path = join(folder, "checked");
  mkdirSync(path);
  writeFileSync(join(path, "pulse.yaml"), text);
  const given = variables.map(([name, value]) => `export ${name}='${value}'\n`).join("");
  const printed = await type(`export PULSE_DATA_DIR='${path}'\n${given}npm start --silent -- check-config`);
  const { instances, users, system } = parse(text) as { instances: []; users: []; system: object };
  assert.match(
    printed,
    new RegExp(
      `^Good: ${instances.length} instances, ${users.length} users, ${Object.keys(system).length} settings`,
      "m",
    ),
  );
});

/** A secret that may be an address where its name says so. */
function secretFor(name: string): string {
  return name.endsWith("_URL") ? "https://discord.com/api/webhooks/1/a" : PASSPHRASE;
}

test("widgets ask for what the summary has", async () => {
  const headers = { "x-api-token": TOKEN };
  const summary = (await (await fetch(`${url}/api/summary`, { headers })).json()) as Record<string, unknown>;
  const at = (path: string) =>
    path.split(".").reduce<unknown>((part, name) => (part as Record<string, unknown> | null)?.[name], summary);
  const [example, homepage, glance] = blocksOf(readFileSync("docs/widgets.md", "utf8"));
  assert.deepEqual(Object.keys(JSON.parse(example?.text ?? "") as object).toSorted(), Object.keys(summary).toSorted());
  const [{ Pulse }] = parse(homepage?.text ?? "") as [{ Pulse: { widget: { mappings: { field: string }[] } } }];
  const fields = Pulse.widget.mappings.map(({ field }) => field);
  const asked = [...(glance?.text ?? "").matchAll(/\.JSON\.\w+ "([^"]+)"/g)].map(([, path = ""]) => path);
  assert.ok(fields.length >= 4 && asked.length >= 5);
  // Nothing is wrong here: there is no worst problem.
  for (const path of [...fields, ...asked].filter(one => !one.startsWith("worst.")))
    assert.notEqual(at(path), undefined, path);
});
