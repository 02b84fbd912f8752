import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { MINUTE } from "../../kit/units.ts";
import type { Transition } from "../../model/alert.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { alertId, memberId } from "../../model/ids.ts";
import { pictureOf, readJson, send } from "./looks.ts";
import { until } from "./processes.ts";

const LOST = alertId(memberId({ site: null, name: "core-1" }), "unheard");

test("the demo of several shows the same on three cores, tells what ends, and ends itself in order", async t => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-demo-cluster-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const demo = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/demo-cluster.ts"], {
    env: { ...process.env, PULSE_DATA_DIR: folder },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exit = once(demo, "exit");
  let said = "";
  demo.stdout.on("data", chunk => (said += String(chunk)));
  const pids = () =>
    [...said.matchAll(/^ {2}([\w-]+) +pid (\d+)$/gm)].map(([, name, pid]) => ({ name, pid: Number(pid) }));
  t.after(() => {
    demo.kill("SIGKILL");
    for (const { pid } of pids()) if (isThere(pid)) process.kill(pid, "SIGKILL");
  });
  await until(() => said.includes("Ctrl-C ends it all"), "started", 4 * MINUTE);
  const cores = [...said.matchAll(/^ {2}core-\d +(http\S+)$/gm)].map(([, url = ""]) => ({ url: () => url }));
  assert.equal(cores.length, 3);
  await until(
    async () => {
      const pictures = await Promise.all(cores.map(pictureOf));
      const guests = pictures.map(picture => Object.keys(picture.guests).join());
      return new Set(guests).size === 1 && Object.keys(pictures[0]?.guests ?? {}).length === 140;
    },
    "the same on all",
    4 * MINUTE,
  );
  // Whoever was never heard of cannot be missed.
  await until(
    async () => {
      const reports = await Promise.all(cores.map(core => readJson<ClusterReport>(core, "/api/cluster")));
      return reports.every(({ cores, edges }) => cores.length === 3 && edges.length === 2);
    },
    "heard of by all",
    4 * MINUTE,
  );
  // Docker hosts report to all cores: when one is lost, the others go on hearing of them.
  const first = pids().find(({ name }) => name === "core-1");
  process.kill(first?.pid ?? 0, "SIGKILL");
  const killed = Date.now();
  await until(
    async () => {
      const pictures = await Promise.all(cores.slice(1).map(pictureOf));
      const heard = pictures.flatMap(({ dockerHosts }) => Object.values(dockerHosts) as { lastSeen: number }[]);
      return heard.length === 10 && heard.every(({ lastSeen }) => lastSeen > killed);
    },
    "heard of Docker hosts by the other cores",
    4 * MINUTE,
  );
  const south = pids().find(({ name }) => name === "edge-south");
  process.kill(south?.pid ?? 0, "SIGKILL");
  await until(() => said.includes(`edge-south (pid ${south?.pid}) has ended: SIGKILL`), "told", 4 * MINUTE);
  // Nobody is left at that site who could say that something fails: the cores say so.
  const [, second = { url: () => "" }] = cores;
  await send(second, "PUT", "/api/alerts/config", { checks: { unwatched: { hold: 0 }, unheard: { hold: 20 } } });
  await until(
    async () => {
      const pictures = await Promise.all(cores.slice(1).map(pictureOf));
      return pictures.every(({ alerts }) => "office-unwatched" in alerts && "mail-unwatched" in alerts);
    },
    "alerted that nobody watches",
    4 * MINUTE,
  );
  // That one of the cores is lost is said too, whichever of them told people then; it is well when it is back.
  await until(
    async () => {
      const pictures = await Promise.all(cores.slice(1).map(pictureOf));
      return pictures.every(({ alerts }) => LOST in alerts);
    },
    "alerted that a core is lost",
    4 * MINUTE,
  );
  demo.stdin.write("core-1\n");
  await until(() => said.includes("core-1 is started again"), "started the core again", 4 * MINUTE);
  // ... at the same time on all, also on the one that was lost.
  await until(
    async () => {
      const [one = [], ...others] = await Promise.all(cores.map(core => stepsOf(core, LOST)));
      return (one[0] ?? "").startsWith("resolved") && others.every(steps => steps.join() === one.join());
    },
    "well again on all",
    4 * MINUTE,
  );
  demo.stdin.write("edge-south\n");
  await until(() => said.includes("edge-south is started again"), "started again", 4 * MINUTE);
  demo.kill("SIGINT");
  assert.deepEqual(await exit, [0, null]);
  assert.deepEqual(
    pids().filter(({ pid }) => isThere(pid)),
    [],
  );
});

/** What happened to an alert, the newest first. */
async function stepsOf(core: { url: () => string }, id: string): Promise<string[]> {
  const transitions = await readJson<Transition[]>(core, "/api/alerts/transitions?limit=500");
  return transitions.filter(({ alert }) => alert.id === id).map(({ kind, at }) => `${kind} ${at}`);
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
