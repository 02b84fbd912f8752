import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { systemClock } from "../kit/clock.ts";
import { DAY, HOUR, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Transition } from "../model/alert.ts";
import type { State } from "../model/state.ts";
import { openEstate } from "../simulator/estate.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { PLAIN } from "./plain-environment.ts";

const SPEED = 30;
/** A session would end in a year that it was not made for. */
const TOKEN = "a-token-of-forty-characters-for-this-test";

/** Pulse in a process of its own, whose clock goes faster and can be set; it watches a simulated estate. */
async function start(context: TestContext) {
  const estate = await openEstate({ tick: 10 * SECOND, ...sizedEstate({ nodes: 2, guests: 6, clusters: 1 }) });
  context.after(() => estate[Symbol.asyncDispose]());
  const folder = mkdtempSync(join(tmpdir(), "pulse-shifted-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const entries = estate.instances
    .filter(({ type }) => type === "pve")
    .map(({ name, endpoints, tokenId, tokenSecret }) => ({
      ...{ name, type: "pve", host: endpoints[0]?.url, token: `${tokenId}=${tokenSecret}` },
      fingerprint: endpoints[0]?.fingerprint,
    }));
  writeFileSync(join(folder, "pulse.yaml"), JSON.stringify({ instances: entries }));
  const preload = join(import.meta.dirname, "../bench/parts/fast-time.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", `--import=${preload}`, join(import.meta.dirname, "../main.ts")],
    {
      env: {
        ...{ ...PLAIN, PULSE_DATA_DIR: folder, FRONTEND_PORT: "0", BIND_HOST: "127.0.0.1" },
        ...{ PULSE_BENCH_SPEED: String(SPEED), API_TOKEN: TOKEN },
      },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    },
  );
  context.after(() => child.kill("SIGKILL"));
  const log: string[] = [];
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", line => {
    const { level, message } = JSON.parse(line) as { level: string; message: string };
    log.push(`${level} ${message}`);
  });
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), "line")) as [string];
  const url = line.slice(line.indexOf("http"));
  const read = async <T>(path: string) => {
    const answer = await fetch(`${url}${path}`, { headers: { "x-api-token": TOKEN } });
    assert.equal(answer.status, 200, path);
    return (await answer.json()) as T;
  };
  const until = async <T>(path: string, is: (answer: T) => boolean): Promise<T> => {
    for (const deadline = Date.now() + 2 * MINUTE; ; await systemClock.sleep(100)) {
      const answer = await read<T>(path);
      if (is(answer)) return answer;
      if (Date.now() > deadline)
        throw new Error(`${path} is not so after 30 s: ${is}\n${JSON.stringify(answer).slice(0, 2000)}`);
    }
  };
  return { child, log, read, until, shift: (by: Millis) => void child.send({ shift: by }) };
}

const isFresh = ({ nodes, vms }: State) => nodes.length === 2 && vms.length > 0 && nodes.every(({ stale }) => !stale);

const LEAPS: [sentence: string, by: Millis, told: RegExp][] = [
  ["three hours ahead", 3 * HOUR, /^warn The clock was set forward by 3 h, or this machine slept$/],
  ["back by two", -2 * HOUR, /^warn The clock was set back by 2 h$/],
  ["ahead by more than a year", 400 * DAY, /^warn The clock was set forward by 400 d, or this machine slept$/],
  ["back by that", -400 * DAY, /^warn The clock was set back by 400 d$/],
];

test("the clock of a process is set forward and back, and by years: that is told, nothing fires, and watching and recording go on", async context => {
  const { child, log, read, until, shift } = await start(context);
  const first = await until<State>("/api/state", isFresh);
  const points = async (from: number) => {
    const path = `/api/history?resource=${encodeURIComponent(first.nodes[0]?.id ?? "")}&metric=cpu&from=${from}&unknown=empty`;
    return (await read<{ points: { time: number; imported?: boolean }[] }>(path)).points.filter(
      ({ imported }) => !imported,
    );
  };
  const begun = first.lastUpdate;
  let now = (await until<State>("/api/state", ({ lastUpdate }) => lastUpdate > begun + 2 * MINUTE)).lastUpdate;
  for (const [sentence, by, told] of LEAPS) {
    shift(by);
    const leapt = now + by;
    const isSo = (state: State) => Math.abs(state.lastUpdate - leapt) < HOUR && state.lastUpdate > leapt + 2 * MINUTE;
    now = (await until<State>("/api/state", state => isFresh(state) && isSo(state))).lastUpdate;
    assert.ok(
      log.some(line => told.test(line)),
      `${sentence}: ${log.join("\n")}`,
    );
    const recent = await points(now - 2 * MINUTE);
    assert.ok(recent.length > 0 && recent.every(({ time }) => time <= now + MINUTE), `${sentence}: recorded on`);
    const health = await read<{ status: string; database: { writable: boolean } }>("/api/health");
    assert.deepEqual([health.status, health.database.writable], ["healthy", true]);
  }
  assert.ok(
    (await points(begun - MINUTE)).some(({ time }) => time < begun + 2 * MINUTE),
    "what was recorded first is there",
  );
  const gone = /offline|unreachable|powered-off/;
  const steps = await read<Transition[]>("/api/alerts/transitions?limit=100");
  assert.deepEqual(
    steps.filter(({ alert }) => gone.test(alert.type)).map(({ kind, alert }) => `${kind} ${alert.id}`),
    [],
  );
  assert.deepEqual(
    log.filter(line => line.startsWith("error ")),
    [],
  );
  child.kill("SIGTERM");
  assert.deepEqual(await once(child, "exit"), [0, null]);
});
