import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { startPulse } from "./pulse.ts";

const sha256 = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");
/** Stands for the agent: it says its version. */
const program = (version: string) => `#!/bin/sh\necho ${version}\n${"# and so on\n".repeat(5_000)}`;

/** A Pulse that hands out the agent of `folder`, which has none yet. */
async function startSupplier(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-agents-"));
  const pulse = await startPulse({ configured: [], agentFolder: folder, apiToken: "the-token" });
  context.after(async () => {
    await pulse.stop();
    rmSync(folder, { recursive: true });
  });
  const build = (arch: string, text: string, checksum = sha256(text)) => {
    const name = `pulse-docker-agent-linux-${arch}`;
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, `${name}.sha256`), `${checksum}  ${name}\n`);
    return checksum;
  };
  return { pulse, folder, build };
}

/** As it comes over the wire; fetch() would unpack it. */
function ask(url: string, method: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }>((resolve, reject) => {
    const call = request(url, { method, headers }, answer => {
      const chunks: Buffer[] = [];
      answer.on("data", chunk => chunks.push(chunk as Buffer));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    call.on("error", reject).end();
  });
}

test("the agent is downloaded by anybody, by every name of its architecture, whole or compressed, and only once", async context => {
  const { pulse, folder, build } = await startSupplier(context);
  const amd = build("amd64", program("v1"));
  const arm = build("arm64", program("v1 for arm"));
  const at = `${pulse.url}/download/pulse-docker-agent`;
  for (const [query, sum] of [
    ["", amd],
    ["?arch=amd64", amd],
    ["?arch=linux-amd64", amd],
    ["?arch=x86_64", amd],
    ["?arch=arm64", arm],
    ["?arch=linux-arm64", arm],
    ["?arch=AARCH64", arm],
  ] as const) {
    const { status, headers, body } = await ask(at + query, "GET");
    assert.deepEqual([status, sha256(body), headers["x-checksum-sha256"]], [200, sum, sum], query);
    assert.equal(Number(headers["content-length"]), body.length);
    const text = (await ask(`${at}.sha256${query}`, "GET")).body.toString();
    assert.match(text, new RegExp(`^${sum}  pulse-docker-agent-linux-(amd|arm)64\n$`));
  }
  const head = await ask(at, "HEAD");
  assert.deepEqual(
    [head.status, head.body.length, head.headers["content-length"], head.headers["x-checksum-sha256"]],
    [200, 0, String(program("v1").length), amd],
  );
  const zipped = await ask(at, "GET", { "accept-encoding": "gzip" });
  assert.equal(zipped.headers["content-encoding"], "gzip");
  assert.ok(zipped.body.length < 2_000);
  assert.equal(sha256(gunzipSync(zipped.body)), amd);
  assert.notEqual(zipped.headers.etag, head.headers.etag);
  for (const [headers, tag] of [
    [{}, head.headers.etag],
    [{ "accept-encoding": "gzip" }, zipped.headers.etag],
  ] as const)
    assert.equal((await ask(at, "GET", { ...headers, "if-none-match": String(tag) })).status, 304);
  assert.equal(readdirSync(folder).filter(name => name.endsWith(".gz")).length, 1);

  const next = build("amd64", program("v2"));
  utimesSync(join(folder, "pulse-docker-agent-linux-amd64"), 1, 1);
  const renewed = await ask(at, "GET", { "accept-encoding": "gzip" });
  assert.equal(sha256(gunzipSync(renewed.body)), next, "never what was compressed of an earlier build");
  assert.equal(readdirSync(folder).filter(name => name.endsWith(".gz")).length, 1, "which is gone");
});

test("what cannot be had is told as such", async context => {
  const { pulse, build } = await startSupplier(context);
  build("arm64", program("v1"), sha256("another"));
  for (const [path, status, error] of [
    ["/download/pulse-docker-agent", 404, /linux-amd64 is not built on this server; run: npm run build:agent$/],
    ["/download/pulse-docker-agent.sha256", 404, /npm run build:agent/],
    ["/download/pulse-docker-agent?arch=arm64", 404, /not what its checksum says; run: npm run build:agent$/],
    ["/download/pulse-docker-agent?arch=mips", 400, /^arch: there is no agent for "mips"; it is amd64 or arm64$/],
    ["/download/pulse-docker-agent?arch=../../etc/passwd", 400, /^arch: /],
    ["/download/pulse-docker-agent?arch=amd64&arch=arm64", 400, /^arch: /],
    ["/download/pulse-docker-agent?arch=constructor", 400, /^arch: /],
  ] as const) {
    const answer = await ask(pulse.url + path, "GET");
    assert.equal(answer.status, status, path);
    assert.match((JSON.parse(answer.body.toString()) as { error: string }).error, error);
  }
});

/** Runs the script as `sh` reads it from a pipe. */
async function run(script: string, ...args: string[]): Promise<{ code: number; output: string; problem: string }> {
  return new Promise(resolve => {
    const child = execFile("sh", ["-s", "--", ...args], { timeout: 60_000 }, (error, output, problem) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, output, problem }),
    );
    child.stdin?.end(script);
  });
}

async function startInstaller(context: TestContext) {
  const supplier = await startSupplier(context);
  const script = (await ask(`${supplier.pulse.url}/install-docker-agent.sh`, "GET")).body.toString();
  const root = mkdtempSync(join(tmpdir(), "pulse agent root-"));
  context.after(() => rmSync(root, { recursive: true }));
  return { ...supplier, script, root, place: (path: string) => join(root, path) };
}
const PROGRAM = "usr/local/bin/pulse-docker-agent";
const SETTINGS = "etc/pulse-docker-agent/agent.env";
const UNIT = "etc/systemd/system/pulse-docker-agent.service";

test("the script installs the agent, upgrades it, keeps its settings, refuses what is not whole, and removes it again", async context => {
  const { pulse, build, script, root, place } = await startInstaller(context);
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  build(arch, program("v1"));
  mkdirSync(place("etc/systemd/system"), { recursive: true });
  const inRoot = (...args: string[]) => run(script, "--root", root, ...args);

  const first = await inRoot(
    "--token",
    "t0ken",
    "--target",
    "https://other:7655|0ther",
    "--interval",
    "15s",
    "--agent-id",
    "dock1",
  );
  assert.deepEqual([first.code, first.problem], [0, ""]);
  assert.match(first.output, /Installed the agent, v1: .*\n.*Wrote its settings.*\n.*Wrote the service.*\n.*15s\n$/s);
  assert.equal(readFileSync(place(PROGRAM), "utf8"), program("v1"));
  assert.equal(statSync(place(PROGRAM)).mode & 0o777, 0o755);
  assert.equal(statSync(place(SETTINGS)).mode & 0o777, 0o600, "only root reads the token");
  assert.deepEqual(readFileSync(place(SETTINGS), "utf8").trim().split("\n"), [
    `PULSE_URL='${pulse.url}'`,
    "PULSE_TOKEN='t0ken'",
    "PULSE_INTERVAL='15s'",
    "PULSE_TARGETS='https://other:7655|0ther'",
    "PULSE_AGENT_ID='dock1'",
  ]);
  const unit = readFileSync(place(UNIT), "utf8");
  assert.match(
    unit,
    /^StateDirectory=pulse-docker-agent\nStateDirectoryMode=0700\nDynamicUser=yes\nSupplementaryGroups=docker$/m,
  );
  assert.doesNotMatch(unit, /t0ken/);
  const wanted = place("etc/systemd/system/multi-user.target.wants/pulse-docker-agent.service");
  assert.equal(readlinkSync(wanted), "/etc/systemd/system/pulse-docker-agent.service");

  build(arch, program("v2"));
  const upgraded = await inRoot("--interval", "1m", "--insecure");
  assert.match(upgraded.output, /Installed the agent, v2/);
  assert.match(
    readFileSync(place(SETTINGS), "utf8"),
    /PULSE_TOKEN='t0ken'\nPULSE_INTERVAL='1m'\n.*\n.*\nPULSE_INSECURE_SKIP_VERIFY='true'\n$/,
  );
  appendFileSync(place(SETTINGS), "DOCKER_HOST='unix:///run/other.sock'\n");
  const again = await inRoot();
  assert.match(again.output, /the present one already/);
  assert.doesNotMatch(again.output, /Wrote/);
  assert.match(readFileSync(place(SETTINGS), "utf8"), /\nDOCKER_HOST='unix:\/\/\/run\/other\.sock'\n$/);

  assert.equal((await inRoot("--uninstall")).code, 0);
  for (const path of [PROGRAM, SETTINGS, UNIT]) assert.ok(!existsSync(place(path)), path);
  assert.throws(() => lstatSync(wanted));
  assert.match((await inRoot("--uninstall")).output, /not installed/);
});

test("an agent that is not what its checksum says, or that does not run here, changes nothing", async context => {
  const { build, script, root, place, folder } = await startInstaller(context);
  const arch = process.arch === "arm64" ? "arm64" : "amd64";
  const install = () => run(script, "--root", root, "--token", "t", "--init", "none");
  build(arch, program("v1"));
  assert.equal((await install()).code, 0);
  const before = readFileSync(place(PROGRAM), "utf8");
  for (const [make, problem] of [
    [() => build(arch, program("v2"), sha256("another")), /no checksum of the agent to be had from http/],
    [() => build(arch, "#!/bin/sh\nexit 3\n"), /does not run on this machine: nothing was changed/],
    [() => rmSync(join(folder, `pulse-docker-agent-linux-${arch}`)), /no checksum of the agent/],
  ] as const) {
    make();
    const answer = await install();
    assert.equal(answer.code, 1);
    assert.match(answer.problem, problem);
    assert.equal(readFileSync(place(PROGRAM), "utf8"), before);
    assert.deepEqual(readdirSync(place("usr/local/bin")), ["pulse-docker-agent"], "nothing lies about");
  }
});

test("what comes on the way other than it was sent is refused", async context => {
  const { script, root, place } = await startInstaller(context);
  const { createServer } = await import("node:http");
  const liar = createServer((asked, answer) =>
    answer.end(asked.url?.includes(".sha256") ? `${sha256(program("v1"))}  x\n` : program("v2")),
  );
  await new Promise<void>(done => liar.listen(0, "127.0.0.1", done));
  context.after(() => liar.close());
  const { port } = liar.address() as { port: number };
  const answer = await run(script, "--root", root, "--token", "t", "--url", `http://127.0.0.1:${port}`);
  assert.equal(answer.code, 1);
  assert.match(answer.problem, /the agent that came is not the one that Pulse has \(SHA-256 [0-9a-f]{64}, not /);
  assert.ok(!existsSync(place(PROGRAM)));
  assert.ok(!existsSync(place(SETTINGS)));
});

for (const [init, path, says] of [
  ["openrc", "etc/init.d/pulse-docker-agent", /^command_user=pulse-docker-agent:docker$/m],
  ["none", "etc/pulse-docker-agent/start", /^exec \/usr\/local\/bin\/pulse-docker-agent$/m],
] as const)
  test(`the service for "${init}" is written, and reads the settings`, async context => {
    const { build, script, root, place } = await startInstaller(context);
    build("arm64", program("v1"));
    const answer = await run(script, "--root", root, "--token", "t", "--init", init, "--arch", "aarch64");
    assert.equal(answer.code, 0, answer.problem);
    assert.equal(statSync(place(path)).mode & 0o777, 0o755);
    assert.match(readFileSync(place(path), "utf8"), says);
    assert.match(readFileSync(place(path), "utf8"), /^ *\. \/etc\/pulse-docker-agent\/agent\.env$/m);
    assert.equal((await run(script, "--root", root, "--uninstall")).code, 0);
    assert.ok(!existsSync(place(path)));
  });

const BAD: [args: string[], problem: RegExp][] = [
  [["--url"], /--url needs a value/],
  [["--url", "ftp://x", "--token", "t"], /--url: "ftp:\/\/x" is no address/],
  [["--token", "a'; touch /tmp/x; '"], /characters that none has/],
  [["--token", "a\nb"], /characters that none has/],
  [["--token", "$(id)"], /characters that none has/],
  [["--interval", "soon", "--token", "t"], /--interval: "soon"/],
  [["--frobnicate"], /unknown option "--frobnicate"/],
  [["--token", "t", "--arch", "mips"], /no agent for "mips"/],
];
for (const [args, problem] of BAD)
  test(`the script refuses ${args.join(" ")}`, async context => {
    const { script, root } = await startInstaller(context);
    const answer = await run(script, "--root", root, ...args);
    assert.equal(answer.code, 1);
    assert.match(answer.problem, problem);
    assert.deepEqual(readdirSync(root), []);
  });

test("what a caller says of itself never reaches the shell", async context => {
  const { pulse } = await startSupplier(context);
  const at = `${pulse.url}/install-docker-agent.sh`;
  for (const host of ["$(id)", "`id`", "a';id;'", 'a";id;"', "a b"]) {
    const { status, body } = await ask(at, "GET", { host });
    assert.equal(status, 400, host);
    assert.match(body.toString(), /Host: /);
  }
  const asked = await ask(`${at}?url='$(id)'&token=x`, "GET", { host: "pulse.example.com:7655" });
  assert.match(String(asked.headers["content-type"]), /^text\/x-shellscript/);
  assert.match(asked.body.toString(), /^DEFAULT_URL='http:\/\/pulse\.example\.com:7655'$/m);
  assert.doesNotMatch(asked.body.toString(), /\$\(id\)/);
  assert.equal((await ask(at, "HEAD")).status, 200);
});
