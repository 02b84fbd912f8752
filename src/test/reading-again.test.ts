import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import type { Transition } from "../model/alert.ts";
import type { State } from "../model/state.ts";
import { BUILT, PLAIN } from "./plain-environment.ts";
import { startSupervised } from "./supervised.ts";

/** A tick is in the middle of each ten seconds. */
const TICK = 15 * SECOND;
const yamlOf = (...names: string[]) =>
  `instances:\n${names.map((name, at) => `  - { name: ${name}, type: pve, host: "127.0.0.9:${at + 1}", token: "a@pam!b=c" }\n`).join("")}`;
const namesOf = ({ instances }: State) => instances.map(({ id }) => id).join();

test("pulse.yaml is read again: instances come and go, settings and users count, a bad one changes nothing", async context => {
  const pulse = await startSupervised(context, {}, { yaml: yamlOf("a", "b") });
  const { until, supervisor, writeYaml } = pulse;
  await until<State>("/api/state", state => namesOf(state) === "a,b");
  assert.equal(await supervisor.readAgain(), false);

  writeYaml(
    `${yamlOf("a", "c")}system: { theme: dark }\nusers: [{ name: ben, role: viewer, password: { env: SECRET } }]\n`,
  );
  assert.equal(await supervisor.readAgain(), true);
  assert.equal(supervisor.app?.url, pulse.url);
  await until<State>("/api/state", state => namesOf(state) === "a,c");
  const system = await until<{ theme: string; lockedBy: object }>("/api/system/settings", () => true);
  assert.deepEqual([system.theme, system.lockedBy], ["dark", { theme: "pulse.yaml" }]);
  const login = await fetch(`${pulse.url}/api/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: "ben", password: "from the environment" }),
  });
  assert.equal(login.status, 200);

  writeYaml(`${yamlOf("x")}  - { name: y, type: pve }\n`);
  await assert.rejects(supervisor.readAgain(), { name: "BadSettings" });
  await until<State>("/api/state", state => namesOf(state) === "a,c");
});

test("other thresholds in pulse.yaml: what does not fire by them is taken back without a word", async context => {
  const clock = new FakeClock();
  const yamlWith = (memory: number) =>
    `thresholds:\n  timeThreshold: 0\n  metricTimeThresholds: null\n  dockerHostDefaults: { memory: ${memory} }\n`;
  const pulse = await startSupervised(context, {}, { clock, yaml: yamlWith(80) });
  const report = (used: number) =>
    pulse.send("POST", "/api/agents/docker/report", {
      agent: { id: "box" },
      host: { hostname: "box", totalMemoryBytes: 100, memoryUsedBytes: used },
      containers: [],
    });
  const steps = async () => {
    const answer = await pulse.ask("/api/alerts/transitions?limit=10", pulse.admin);
    return ((await answer.json()) as Transition[]).map(({ kind, alert }) => `${kind} ${alert.id}`);
  };
  assert.equal((await report(90)).status, 200);
  await clock.advance(TICK);
  assert.deepEqual(await steps(), ["fired box-memory"]);
  pulse.writeYaml(yamlWith(95));
  assert.equal(await pulse.supervisor.readAgain(), true);
  await pulse.until("/api/health", () => true);
  await clock.advance(TICK);
  assert.equal((await steps()).length, 1, "nobody has looked yet");
  await report(90);
  await clock.advance(TICK);
  assert.deepEqual(await steps(), ["withdrawn box-memory", "fired box-memory"]);
});

test("SIGHUP reads it again, and tells each mistake with its line", async context => {
  const { folder, supervisor } = await startSupervised(context);
  await supervisor[Symbol.asyncDispose]();
  const child = spawn(process.execPath, BUILT, {
    env: { ...PLAIN, PULSE_DATA_DIR: folder, FRONTEND_PORT: "0", BIND_HOST: "127.0.0.1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  context.after(() => child.kill("SIGKILL"));
  let log = "";
  child.stderr.on("data", chunk => {
    log += String(chunk);
  });
  const logged = async (pattern: RegExp) => {
    while (!pattern.test(log)) await once(child.stderr, "data");
  };
  await logged(/"Pulse started"/);
  writeFileSync(join(folder, "pulse.yaml"), "system:\n  theme: mauve\n  logLevel: loud\n");
  child.kill("SIGHUP");
  await logged(/pulse\.yaml:2: system\.theme: must be one of/);
  await logged(/pulse\.yaml:3: system\.logLevel: must be one of/);
  writeFileSync(join(folder, "pulse.yaml"), "system:\n  theme: dark\n");
  child.kill("SIGHUP");
  await logged(/pulse\.yaml was read again/);
  writeFileSync(join(folder, "pulse.yaml"), "system:\n  logLevel: error\n");
  child.kill("SIGHUP");
  child.kill("SIGTERM");
  const [code] = (await once(child, "exit")) as [number];
  assert.equal(code, 0);
});
