import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deploymentOf } from "./deployment.ts";

const FROM = { folder: "/srv/pulse/dist", development: false, docker: false, bySystemd: false, unitPath: "" };

for (const [sentence, around, type, why] of [
  ["from its sources", { ...FROM, development: true, docker: true }, "development", /update those/],
  ["in a container", { ...FROM, docker: true, bySystemd: true }, "docker", /new image/],
  ["by npm start", FROM, "manual", /not installed as a service/],
  ["as a package", { ...FROM, folder: "/root/.npm/_npx/1/node_modules/pulse/lib" }, "npx", /package/],
  ["by systemd from anywhere", { ...FROM, bySystemd: true }, "systemd", /not installed below releases/],
] as const)
  test(`how it runs is found out: ${sentence}`, () => {
    const deployment = deploymentOf(around);
    assert.deepEqual([deployment.type, deployment.root], [type, null]);
    assert.match(deployment.hindrance ?? "", why);
  });

test("an installed one updates itself once everything for that is there", context => {
  const root = mkdtempSync(join(tmpdir(), "pulse-deployment-"));
  context.after(() => rmSync(root, { recursive: true }));
  const units = join(root, "units");
  const folder = join(root, "releases/5.0.0/lib");
  mkdirSync(folder, { recursive: true });
  mkdirSync(units);
  const look = () => deploymentOf({ ...FROM, folder, bySystemd: true, unitPath: units });
  assert.equal(look().root, null);
  symlinkSync("releases/5.0.0", join(root, "current"));
  assert.match(look().hindrance ?? "", /^pulse-update\.path is not installed/);
  writeFileSync(join(units, "pulse-update.path"), "");
  assert.match(look().hindrance ?? "", /^There is no key to check releases with: put it at .*\/release-key\.pub$/);
  writeFileSync(join(root, "release-key.pub"), "");
  assert.deepEqual(look(), { type: "systemd", root, hindrance: null, unitsNote: null });
  mkdirSync(join(folder, "systemd"));
  for (const unit of ["pulse-update.path", "pulse.service", "pulse-update.service"])
    writeFileSync(join(folder, "systemd", unit), "[Unit]\n");
  writeFileSync(join(units, "pulse.service"), "[Unit]\n");
  const command = `as root, sh ${join(root, "current/lib/install.sh")} --units`;
  // One that is not installed at all is no unit of another version.
  assert.equal(look().unitsNote, `pulse-update.path of systemd is not as this version has it: ${command}`);
  writeFileSync(join(units, "pulse.service"), "[Unit]\nDescription=mine\n");
  assert.match(
    look().unitsNote ?? "",
    /^pulse-update\.path and pulse\.service of systemd are not as this version has them: /,
  );
  // One that was replaced while it ran is no longer the one to be replaced.
  rmSync(join(root, "current"));
  symlinkSync("releases/5.1.0", join(root, "current"));
  assert.equal(look().root, null);
});
