import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { updateBack } from "./update-command.ts";

/** An installed Pulse whose service manager does `work` when the unit of updates is started; `units`: it has that. */
function installed(context: TestContext, work: string, { units = true } = {}) {
  const root = mkdtempSync(join(tmpdir(), "pulse-back-"));
  context.after(() => rmSync(root, { recursive: true }));
  for (const version of ["5.0.0", "5.1.0"]) {
    mkdirSync(join(root, "releases", version, "bin"), { recursive: true });
    writeFileSync(join(root, "releases", version, "bin/pulse"), "");
  }
  symlinkSync("releases/5.1.0", join(root, "current"));
  symlinkSync("releases/5.0.0", join(root, "previous"));
  const systemctl = join(root, "systemctl");
  const script = `#!/bin/sh\ncase "$1" in\n  cat) exit ${units ? 0 : 1} ;;\n  start) ${work} ;;\nesac\n`;
  writeFileSync(systemctl, script, { mode: 0o755 });
  return { root, systemctl, folder: join(root, "releases/5.1.0/lib"), dataDir: join(root, "data"), uid: 0 };
}

/** Takes the journal, and tells as the one that puts versions in place does. */
const DONE = (status: string, message: string) =>
  `cd "$(dirname "$0")/update"; id=$(sed 's/.*"id":"\\([^"]*\\)".*/\\1/' journal.json); rm journal.json
    echo '{"id":"'$id'","from":"5.0.0","to":"5.1.0","status":"${status}","code":"unwell","message":"${message}","at":1}' > outcome.json`;

test("pulse update --back has the unit of updates go back, and tells what came of it", async context => {
  const well = await updateBack(installed(context, DONE("rolled_back", "v5.0.0 runs again")));
  assert.deepEqual(well, { ok: true, text: "v5.0.0 runs again" });
  const bad = await updateBack(installed(context, DONE("failed", "Going back to v5.0.0 failed")));
  assert.deepEqual(bad, { ok: false, text: "Going back to v5.0.0 failed" });
});

test("where that cannot be, it says why", async context => {
  const refusals = [
    [{ ...installed(context, ":"), uid: 1000 }, /^Only root may replace Pulse/],
    [{ ...installed(context, ":"), dataDir: null }, /^PULSE_DATA_DIR/],
    [{ ...installed(context, ":"), folder: "/srv/pulse/dist" }, /^This Pulse is not installed so/],
    [installed(context, ":", { units: false }), /^pulse-update\.service is not installed/],
    [installed(context, ":"), /^It is not done yet: journalctl -u pulse-update/],
  ] as const;
  for (const [options, why] of refusals) {
    const outcome = await updateBack(options);
    assert.equal(outcome.ok, false);
    assert.match(outcome.text, why);
  }
});
