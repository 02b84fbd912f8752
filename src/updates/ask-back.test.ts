import assert from "node:assert/strict";
import { existsSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { askBack } from "./ask-back.ts";
import { assertSettled, goOver, type Installed, running, standIn, tarGz } from "./fixture.ts";

/** 5.1.0, which 5.0.0 has gone over to. */
async function updated(context: TestContext): Promise<Installed> {
  const installed = await running(context);
  installed.ask("5.1.0", tarGz(standIn("5.1.0")));
  assert.equal((await goOver(installed))?.status, "completed");
  return installed;
}

test("who asks for it gets the version before, and what was asked for is told", async context => {
  const installed = await updated(context);
  const asked = askBack(installed);
  assert.ok(typeof asked === "object");
  assert.deepEqual([asked.from, asked.to], ["5.1.0", "5.0.0"]);
  const outcome = await goOver(installed);
  assert.equal(outcome?.id, asked.id);
  assert.equal(outcome.message, "Somebody went back from v5.1.0 on the command line. v5.0.0 runs again");
  await assertSettled(installed, "rolled_back", "5.0.0");
  assert.equal(readlinkSync(installed.paths.current), "releases/5.0.0");
  assert.deepEqual(readdirSync(installed.paths.releases), ["5.0.0"]);
  assert.equal(askBack(installed), "No version before is kept", "there is none before that");
});

const REFUSALS: [sentence: string, prepare: (installed: Installed) => void, why: RegExp][] = [
  ["an update goes on", ({ paths }) => writeFileSync(paths.journal, "{}"), /^An update is going on/],
  [
    "the version before is gone",
    ({ paths }) => rmSync(join(paths.releases, "5.0.0"), { recursive: true }),
    /^No version/,
  ],
  ["nothing was ever updated", ({ paths }) => rmSync(paths.previous), /^No version before is kept$/],
];
for (const [sentence, prepare, why] of REFUSALS)
  test(`it does not go back: ${sentence}`, async context => {
    const installed = await updated(context);
    prepare(installed);
    const before = existsSync(installed.paths.journal);
    assert.match(String(askBack(installed)), why);
    assert.equal(existsSync(installed.paths.journal), before);
  });
