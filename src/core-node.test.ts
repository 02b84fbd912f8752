import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { coreFlags } from "./core-node.ts";
import { PLAIN } from "./test/plain-environment.ts";

const production = JSON.parse(readFileSync("scripts/production.json", "utf8")) as {
  env: Record<string, string>;
  flags: string[];
};

test("a core is started by what spends memory, and nothing else that was said is lost", () => {
  const given = ["--disable-warning=ExperimentalWarning", ...production.flags, "--inspect"];
  const flags = ["--disable-warning=ExperimentalWarning", "--inspect", "--max-semi-space-size=16"];
  assert.deepEqual(coreFlags(given), flags);
  assert.equal(coreFlags(flags), null, "it is not started again and again");
  assert.equal(coreFlags([]), null, "who started it otherwise knows why");
});

test("it is the same process, with the same arguments and surroundings", context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-core-node-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const tell = "console.log(JSON.stringify([process.pid, process.execArgv.length, process.argv.slice(2)]))";
  const preload = `--import=data:text/javascript,${encodeURIComponent(tell)}`;
  const flags = ["--disable-warning=ExperimentalWarning", ...production.flags, preload];
  const env = { ...PLAIN, ...production.env, PULSE_DATA_DIR: folder };
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, "src/main.ts", "core"], { env });
  const [first, second, ...more] = stdout
    .toString()
    .trim()
    .split("\n")
    .map(line => JSON.parse(line) as unknown[]);
  assert.deepEqual(more, []);
  assert.deepEqual(second, [first?.[0], flags.length - 1, ["core"]], String(stderr));
  assert.equal(status, 2, "it has no NATS");
  assert.match(String(stderr), /PULSE_NATS_URL/);
});
