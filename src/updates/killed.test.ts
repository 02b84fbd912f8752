import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { assertSettled, goOver, type Installed, running, standIn, tarGz } from "./fixture.ts";
import type { Outcome } from "./papers.ts";

const GOOD = tarGz(standIn("5.1.0"));

const killed = ({ root, dataDir, systemctl }: Installed, step: string): NodeJS.Signals | null =>
  spawnSync(
    process.execPath,
    [...process.execArgv, join(import.meta.dirname, "../test/put-in-place-process.ts"), root, dataDir, systemctl, step],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  ).signal;

/** Where a kill comes, and what becomes of an update to a version that is well. */
const ON_THE_WAY: readonly (readonly [step: string, status: Outcome["status"], version: string])[] = [
  ["claimed", "failed", "5.0.0"],
  ["copied", "failed", "5.0.0"],
  ["unpacked", "failed", "5.0.0"],
  ["switching", "rolled_back", "5.0.0"],
  ["stopped", "rolled_back", "5.0.0"],
  ["switched", "rolled_back", "5.0.0"],
  ["started", "rolled_back", "5.0.0"],
  ["well", "completed", "5.1.0"],
  ["told", "completed", "5.1.0"],
];
for (const [step, status, version] of ON_THE_WAY)
  test(`killed right after "${step}": the next call ends it as ${status}, and v${version} runs`, async context => {
    const installed = await running(context);
    installed.ask("5.1.0", GOOD);
    assert.equal(killed(installed, step), "SIGKILL");
    await goOver(installed);
    await assertSettled(installed, status, version);
    assert.equal(await goOver(installed), null);
  });

for (const step of ["going-back", "stopped again", "switched back", "restored", "started again", "well again", "told"])
  test(`killed on the way back right after "${step}": the next call ends it, and the version before runs`, async context => {
    const installed = await running(context);
    installed.ask("5.1.0", tarGz(standIn("5.1.0", "unwell")));
    assert.equal(killed(installed, step), "SIGKILL");
    const outcome = await goOver(installed);
    assert.deepEqual([outcome?.status, outcome?.code], ["rolled_back", "unwell"], outcome?.message);
    await assertSettled(installed, "rolled_back", "5.0.0");
  });
