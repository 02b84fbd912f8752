import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { startPulse, type TestPulse } from "./pulse.ts";

const ADMIN = { "x-api-token": "the-admins-token", "content-type": "application/json" };
const SECRET = "11112222-3333-4444-5555-666677778888";

/** Stand-ins for the commands of Proxmox: they write down how they were called, and answer as those do. */
const STUBS: Readonly<Record<string, string>> = {
  pveum: `case "$*" in
  "user list"*) printf '[{"userid":"root@pam","enable":1}]' ;;
  "role modify"*) echo 'role does not exist' >&2; exit 255 ;;
  "role add PulseMonitor --privs VM.GuestAgent.Audit") echo 'invalid privilege' >&2; exit 255 ;;
  "user token add"*) printf '{"full-tokenid":"x","info":{"privsep":"0"},"value":"${SECRET}"}' ;;
  "user token remove"*) echo 'no such token' >&2; exit 255 ;;
esac`,
  "proxmox-backup-manager": `case "$*" in
  "user list"*) printf '[{"userid":"pulse-monitor@pbs"}]' ;;
  "user generate-token"*) printf 'Result: {\\n  "tokenid": "x",\\n  "value": "${SECRET}"\\n}\\n' ;;
  "user delete-token"*) exit 1 ;;
esac`,
  pmgsh: `case "$*" in get*) exit 1 ;; esac`,
};

interface Run {
  code: number;
  output: string;
  /** The calls of the stand-ins, a line each. */
  calls: string;
}

/** Runs a script as a pipe into bash does, with the stand-ins first on the path. */
function runScript(context: TestContext, script: string, environment: Record<string, string>): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-setup-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const calls = join(folder, "calls");
  writeFileSync(calls, "");
  for (const [name, body] of Object.entries(STUBS)) {
    writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >> ${calls}\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter), ...environment };
  return new Promise((resolve, reject) => {
    // In a session of its own there is no terminal to ask.
    const child = spawn("bash", { env, detached: true, timeout: 120_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => {
        output += chunk;
      });
    child.once("error", reject);
    child.once("close", code => resolve({ code: code ?? 1, output, calls: readFileSync(calls, "utf8") }));
    child.stdin.end(script);
  });
}

async function startClosed() {
  const pulse = await startPulse({
    configured: [],
    apiToken: ADMIN["x-api-token"],
    user: { name: "ann", password: "secret" },
  });
  const ask = async (path: string, body: object, headers: Record<string, string> = ADMIN) => {
    const answer = await fetch(`${pulse.url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as Record<string, string> };
  };
  return { pulse, ask };
}

const STRANGER = { "content-type": "application/json" };

async function instancesOf({ url }: TestPulse) {
  return (await (await fetch(`${url}/api/config/nodes`, { headers: ADMIN })).json()) as Record<string, unknown>[];
}

const PRODUCTS: [type: string, port: number, login: RegExp, calls: RegExp[]][] = [
  [
    "pve",
    8006,
    /^pulse-monitor@pam!pulse-127-0-0-1$/,
    [
      /^pveum user add pulse-monitor@pam /m,
      /^pveum acl modify \/ --users pulse-monitor@pam --roles PVEAuditor$/m,
      /^pveum role add PulseMonitor --privs VM\.Monitor$/m,
      /^pveum acl modify \/storage --users pulse-monitor@pam --roles PVEDatastoreAdmin$/m,
    ],
  ],
  [
    "pbs",
    8007,
    /^pulse-monitor@pbs!pulse-127-0-0-1$/,
    [/^proxmox-backup-manager acl update \/ Audit --auth-id pulse-monitor@pbs!pulse/m],
  ],
  ["pmg", 8006, /^pulse-monitor@pmg$/, [/^pmgsh create \/access\/users --userid pulse-monitor@pmg .*--role audit/m]],
];

for (const [type, port, login, expected] of PRODUCTS)
  test(`a ${type} server registers itself by the script and a code, once`, async context => {
    const { pulse, ask } = await startClosed();
    await using _ = pulse;
    const issued = await ask("/api/setup-script-url", { type, host: "127.99.0.1", backupPerms: true });
    assert.equal(issued.status, 200);
    const { url = "", command = "", setupCode = "" } = issued.body;
    assert.equal(command, `curl -sSL "${url}" | bash`);
    assert.ok(!url.includes(setupCode), "no secret stands in an address");
    const answer = await fetch(url);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain/);
    const script = await answer.text();
    const run = await runScript(context, script, { PULSE_SETUP_CODE: setupCode });
    assert.equal(run.code, 0, run.output);
    assert.match(run.output, /Pulse watches ".+" from now on/);
    for (const call of expected) assert.match(run.calls, call);
    const [instance] = await instancesOf(pulse);
    assert.equal(instance?.host, `https://127.99.0.1:${port}`);
    assert.equal(instance?.type, type);
    assert.match(String(instance?.tokenName ?? instance?.user), login);
    const again = await runScript(context, script, { PULSE_SETUP_CODE: setupCode });
    assert.equal(again.code, 1);
    assert.match(again.output, /Pulse said no: setupCode: wrong, used, expired/);
    assert.match(again.output, /To add this server by hand/);
    assert.ok(type === "pmg" || again.output.includes(SECRET));
  });

test("without a code and a terminal the script says how to go on by hand, and registers nothing", async context => {
  const { pulse } = await startClosed();
  await using _ = pulse;
  const script = await (await fetch(`${pulse.url}/api/setup-script?type=pve&host=pve1`)).text();
  const run = await runScript(context, script, {});
  assert.equal(run.code, 0, run.output);
  assert.match(run.output, /address {6}https:\/\/pve1:8006/);
  assert.deepEqual(await instancesOf(pulse), []);
});

test("a script is safe whatever stands in the request, and half a script does nothing", async context => {
  const { pulse } = await startClosed();
  await using _ = pulse;
  const query = new URLSearchParams({ type: "pve", host: "pve1", pulse_url: "http://x/$(touch /tmp/no)'`\"\\" });
  const script = await (await fetch(`${pulse.url}/api/setup-script?${query}`)).text();
  assert.match(script, /^PULSE_URL='http:\/\/x\/\$\(touch%20\/tmp\/no\)'\\''%60%22'$/m);
  const half = await runScript(context, script.slice(0, script.length / 2), {});
  assert.equal(half.calls, "");
});

test("who registers needs a code for this very server, or an administrator's token", async () => {
  const { pulse, ask } = await startClosed();
  await using _ = pulse;
  const server = {
    type: "pve",
    host: "https://127.99.0.1:8006",
    serverName: "pve1",
    tokenId: "a@pam!b",
    tokenValue: "s",
  };
  assert.equal((await ask("/api/auto-register", server, STRANGER)).status, 401);
  assert.equal((await ask("/api/auto-register", { ...server, setupCode: "222222" }, STRANGER)).status, 401);
  const other = await ask("/api/setup-script-url", { type: "pve", host: "127.99.0.2" });
  assert.equal((await ask("/api/auto-register", { ...server, setupCode: other.body.setupCode }, STRANGER)).status, 401);
  assert.equal((await ask("/api/setup-script-url", { type: "pve", host: "pve1" }, STRANGER)).status, 401);
  const legacy = await ask("/api/auto-register", server);
  assert.deepEqual([legacy.status, legacy.body.nodeId], [200, "pve1"]);
  const renewed = await ask("/api/auto-register", { ...server, tokenValue: "new" });
  assert.match(renewed.body.message ?? "", /with its new credentials/);
  assert.equal((await instancesOf(pulse)).length, 1);
  for (const [body, error] of [
    [{ type: "x", host: "h" }, /^type: /],
    [{ type: "pve", host: "ftp://h" }, /^host: /],
    [{ type: "pve" }, /^host: missing/],
  ] as const)
    assert.match((await ask("/api/setup-script-url", body)).body.error ?? "", error);
});

test("the command is made for a shell: an address that is more than a name and a port is refused", async () => {
  const { pulse } = await startClosed();
  await using _ = pulse;
  const body = JSON.stringify({ type: "pve", host: "pve1" });
  const ask = (headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method: "POST", headers: { ...ADMIN, ...headers } };
      request(`${pulse.url}/api/setup-script-url`, options, answer => {
        let text = "";
        answer.on("data", (chunk: Buffer) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      })
        .once("error", reject)
        .end(body);
    });
  for (const host of ["x$(id)", "x`id`:7655", 'x";id;"', "x'y", "a b"]) {
    const { status, text } = await ask({ host });
    assert.equal(status, 400, host);
    assert.match(text, /no address such as|Invalid host/i);
  }
  for (const host of ["pulse", "pulse.example.com:7655", "[fd00::1]:7655"]) {
    const { status, text } = await ask({ host });
    assert.equal(status, 200, text);
    assert.ok((JSON.parse(text) as { command: string }).command.startsWith(`curl -sSL "http://${host}/api/setup-`));
  }
});

test("a certificate that is pinned because no fingerprint came is told", async () => {
  const { pulse, ask } = await startClosed();
  await using _ = pulse;
  const [info] = pulse.estate.instances;
  const server = { type: "pve", host: info?.endpoints[0]?.url, tokenId: info?.tokenId, tokenValue: info?.tokenSecret };
  const said = await ask("/api/auto-register", server);
  assert.equal(said.status, 200, JSON.stringify(said.body));
  assert.match(said.body.message ?? "", /No fingerprint was given: the one it shows is pinned, ([0-9A-F]{2}:){31}/);
  assert.equal((await instancesOf(pulse))[0]?.fingerprint, info?.endpoints[0]?.fingerprint);
});
