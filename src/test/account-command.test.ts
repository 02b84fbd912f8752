import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { toAccountCommand } from "../account-command.ts";
import { DAY } from "../kit/units.ts";
import { runOnFolder } from "../security.ts";
import { BUILT, PLAIN } from "./plain-environment.ts";
import { ADMIN, startSecured } from "./secured.ts";

const WORDS: [typed: string, command: object | string][] = [
  ["reset-password", { kind: "reset-password", user: null, password: null }],
  ["reset-password eve", { kind: "reset-password", user: "eve", password: null }],
  ["token create ci", { kind: "token-create", name: "ci", scopes: ["read"], days: null }],
  [
    "token create ci --scope read,agent --days=30",
    { kind: "token-create", name: "ci", scopes: ["read", "agent"], days: 30 },
  ],
  ["token create ci --scope all", '--scope: "all" is none of read, write, agent, admin, wall'],
  ["token create ci --days never", '--days: "never" is no number of days'],
  ["token create ci --name x", 'Unknown option "--name"'],
  ["token list", { kind: "token-list" }],
  ["token revoke abc", { kind: "token-revoke", id: "abc" }],
  ["recovery-token", { kind: "recovery-token" }],
];
for (const [typed, command] of WORDS)
  test(`pulse ${typed}`, () => assert.deepEqual(toAccountCommand(typed.split(" "), null), command));

for (const running of [true, false])
  test(`a password is reset and tokens are made while the server ${running ? "runs" : "does not run"}`, async context => {
    const pulse = await startSecured(context);
    const { ask, send, folder, environment, clock } = pulse;
    const old = await pulse.signIn();
    for (let attempt = 0; attempt < 5; attempt += 1) await send("POST", "/api/login", { ...ADMIN, password: "wrong" });
    assert.equal(statSync(join(folder, "control.sock")).mode & 0o777, 0o600);
    if (!running) await pulse.stop();
    const run = async (typed: string, password: string | null = null) => {
      const command = toAccountCommand(typed.split(" "), password);
      if (typeof command === "string") throw new Error(command);
      // Where the environment's user is not told, as in another shell.
      return await runOnFolder({ ...environment, user: null }, command, clock);
    };
    const short = await run("reset-password admin", "short");
    assert.deepEqual(short, { ok: false, text: "password: at least 8 characters" });
    const reset = await run("reset-password admin");
    const made = await run("token create ci --scope admin --days 1");
    const [password, token] = [reset.text.split("\n")[1] ?? "", made.text.split("\n")[0] ?? ""];
    if (!running) await pulse.restart();
    assert.equal((await ask("/api/state", { headers: old })).status, 401);
    clock.set(clock.now() + DAY / 24);
    await pulse.signIn({ ...ADMIN, password });
    assert.equal((await ask("/api/state", { headers: { "x-api-token": token } })).status, 200);
    if (!running) await pulse.stop();
    const list = await run("token list");
    assert.match(list.text, /\tci\tadmin\texpires 2026-01-02\t/);
    assert.equal((await run(`token revoke ${list.text.split("\t")[0]}`)).ok, true);
    if (!running) await pulse.restart();
    assert.equal((await ask("/api/state", { headers: { "x-api-token": token } })).status, 401);
  });

test("on the command line itself: a folder that is none is told, a password comes from stdin", async context => {
  const pulse = await startSecured(context);
  const pulseCommand = (args: string[], folder: string, input = "") =>
    spawnSync(process.execPath, [...BUILT, ...args], {
      env: { ...PLAIN, PULSE_DATA_DIR: folder },
      input,
      encoding: "utf8",
    });
  const lost = pulseCommand(["token", "list"], "/nonexistent");
  assert.deepEqual([lost.status, /PULSE_DATA_DIR/.test(lost.stderr)], [1, true]);
  await pulse.stop();
  const reset = pulseCommand(["reset-password", "admin", "--password-stdin"], pulse.folder, "typed by hand\n");
  assert.equal(reset.status, 0, reset.stderr);
  await pulse.restart();
  await pulse.signIn({ ...ADMIN, password: "typed by hand" });
});
