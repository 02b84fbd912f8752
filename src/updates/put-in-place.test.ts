import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import {
  ARCH,
  assertSettled,
  type Behaviour,
  goOver,
  type Installed,
  OTHER_KEY,
  releaseOf,
  running,
  standIn,
  tarGz,
  toIndex,
} from "./fixture.ts";

const callsOf = ({ systemctl }: Installed): string[] =>
  readFileSync(join(dirname(systemctl), "calls"), "utf8")
    .trim()
    .split("\n");

test("a signed release takes the place of the one before, which is kept; older ones go", async context => {
  const installed = await running(context);
  mkdirSync(join(installed.paths.releases, "4.9.0"));
  installed.ask("5.1.0", tarGz(standIn("5.1.0")));
  const outcome = await goOver(installed);
  assert.deepEqual([outcome?.status, outcome?.message], ["completed", "v5.1.0 runs; v5.0.0 is kept"]);
  await assertSettled(installed, "completed", "5.1.0");
  assert.deepEqual(readdirSync(installed.paths.releases).sort(), ["5.0.0", "5.1.0"]);
  assert.equal(await goOver(installed), null);
});

test("a third version: the first one is no longer kept", async context => {
  const installed = await running(context);
  for (const version of ["5.1.0", "5.2.0"]) {
    installed.ask(version, tarGz(standIn(version)));
    assert.equal((await goOver(installed))?.status, "completed");
  }
  assert.deepEqual(readdirSync(installed.paths.releases).sort(), ["5.1.0", "5.2.0"]);
});

const GOOD = tarGz(standIn("5.1.0"));
const TOP = `pulse-5.1.0-linux-${ARCH}`;
const withMember = (member: Parameters<typeof tarGz>[0][number]) => tarGz([...standIn("5.1.0"), member]);
const asked = (archive: Buffer, change: Parameters<Installed["ask"]>[2] = {}) => ({ archive, change });

/** Whatever is refused before anything is replaced: the service is never stopped. */
const REFUSALS: readonly [
  sentence: string,
  code: string,
  ask: { archive: Buffer; change: Parameters<Installed["ask"]>[2] },
  prepare?: (installed: Installed) => void,
][] = [
  ["an index signed with another key", "bad-signature", asked(GOOD, { key: OTHER_KEY.secret })],
  ["an index without a signature", "bad-signature", asked(GOOD, { signature: "" })],
  ["no key to check with", "no-key", asked(GOOD), ({ paths }) => rmSync(paths.key)],
  [
    "another archive of the same size",
    "bad-checksum",
    asked(Buffer.from(GOOD).fill(0, 40, 60), { index: toIndex([releaseOf("5.1.0", GOOD)]) }),
  ],
  [
    "an archive that was cut off",
    "bad-size",
    asked(GOOD.subarray(0, 500), { index: toIndex([releaseOf("5.1.0", GOOD)]) }),
  ],
  [
    "an archive that is larger",
    "bad-size",
    asked(Buffer.concat([GOOD, GOOD]), { index: toIndex([releaseOf("5.1.0", GOOD)]) }),
  ],
  ["a version that the index does not have", "not-offered", asked(GOOD, { index: toIndex([]) })],
  ["a draft", "not-offered", asked(GOOD, { index: toIndex([releaseOf("5.1.0", GOOD, { draft: true })]) })],
  ["an index of something else", "not-offered", asked(GOOD, { index: Buffer.from("{}") })],
  [
    "the version that runs",
    "not-offered",
    asked(GOOD, { request: { version: "5.0.0" }, index: toIndex([releaseOf("5.0.0", GOOD)]) }),
  ],
  [
    "an older version",
    "not-offered",
    asked(GOOD, { request: { version: "4.9.0" }, index: toIndex([releaseOf("4.9.0", GOOD)]) }),
  ],
  ["no archive at all", "unwritable", asked(GOOD, { request: { archive: "not-there.tar.gz" } })],
  ["what is no archive", "bad-archive", asked(Buffer.from("no archive, though signed"))],
  ["an archive that ends in the middle", "bad-archive", asked(GOOD.subarray(0, GOOD.length - 40))],
  ["a member that climbs out", "bad-archive", asked(withMember({ path: `${TOP}/../../evil`, content: "x" }))],
  ["a member with an absolute path", "bad-archive", asked(withMember({ path: "/etc/evil", content: "x" }))],
  ["a member of another folder", "bad-archive", asked(withMember({ path: "elsewhere/evil", content: "x" }))],
  ["a symbolic link", "bad-archive", asked(withMember({ path: `${TOP}/lib/x`, type: "2", link: "/etc" }))],
  ["a hard link", "bad-archive", asked(withMember({ path: `${TOP}/lib/x`, type: "1", link: "/etc/passwd" }))],
  ["a device", "bad-archive", asked(withMember({ path: `${TOP}/lib/x`, type: "3" }))],
  ["a member twice", "bad-archive", asked(withMember({ path: `${TOP}/VERSION`, content: "5.1.0" }))],
  ["a member in no folder", "bad-archive", asked(withMember({ path: `${TOP}/nowhere/x`, content: "x" }))],
  ["an archive of another version", "bad-archive", asked(tarGz(standIn("5.2.0")))],
  [
    "a version that says it is another",
    "bad-archive",
    asked(tarGz(standIn("5.1.0").map(one => (one.path.endsWith("/VERSION") ? { ...one, content: "5.1.1\n" } : one)))),
  ],
  ["a version that does not start on this machine", "does-not-start", asked(tarGz(standIn("5.1.0", "will-not-run")))],
  ["a version that does not take the settings", "does-not-start", asked(tarGz(standIn("5.1.0", "minds-settings")))],
  [
    "more than the disk has",
    "no-space",
    asked(GOOD, {
      index: toIndex([
        releaseOf("5.1.0", GOOD, { assets: [{ arch: ARCH, url: "x", sha256: "0".repeat(64), size: 2 ** 50 }] }),
      ]),
    }),
  ],
  [
    "an archive that is a link to elsewhere",
    "unwritable",
    asked(GOOD, { request: { archive: "link.tar.gz" } }),
    ({ paths }) => symlinkSync("/etc/passwd", join(paths.updates, "link.tar.gz")),
  ],
  [
    "an archive that is a folder",
    "bad-size",
    asked(GOOD, { request: { archive: "folder" } }),
    ({ paths }) => mkdirSync(join(paths.updates, "folder")),
  ],
];

for (const [sentence, code, { archive, change }, prepare] of REFUSALS)
  test(`refused, and the version before runs on: ${sentence}`, async context => {
    const installed = await running(context);
    installed.ask("5.1.0", archive, change);
    prepare?.(installed);
    const outcome = await goOver(installed);
    assert.deepEqual([outcome?.status, outcome?.code], ["failed", code], outcome?.message);
    assert.match(outcome?.message ?? "", /v5\.0\.0 runs on$/);
    assert.ok(!callsOf(installed).includes("stop"));
    await assertSettled(installed, "failed", "5.0.0");
    assert.ok(!existsSync(join(installed.root, "evil")) && !existsSync("/etc/evil"));
  });

test("what is no request is thrown away, and nothing happens", async context => {
  const installed = await running(context);
  for (const text of [
    "",
    "{",
    '{"version":"../../etc"}',
    JSON.stringify({ ...installed.ask("5.1.0", GOOD), archive: "../a" }),
  ]) {
    writeFileSync(installed.paths.request, text);
    assert.equal(await goOver(installed), null, text);
    assert.ok(!existsSync(installed.paths.request));
  }
  assert.ok(!existsSync(installed.paths.outcome));
});

const ROLLBACKS: readonly [sentence: string, behaviour: Behaviour][] = [
  ["ends at once", "exits"],
  ["answers with errors", "unwell"],
  ["says that it is another version", "other-version"],
  ["is well for a moment and dies", "dies-soon"],
];
for (const [sentence, behaviour] of ROLLBACKS)
  test(`it goes back by itself from a version that ${sentence}`, async context => {
    const installed = await running(context);
    installed.ask("5.1.0", tarGz(standIn("5.1.0", behaviour)));
    const outcome = await goOver(installed);
    assert.deepEqual([outcome?.status, outcome?.code], ["rolled_back", "unwell"], outcome?.message);
    assert.match(outcome?.message ?? "", /v5\.1\.0 was not well within 60 s: .*\. v5\.0\.0 runs again$/);
    await assertSettled(installed, "rolled_back", "5.0.0");
    assert.deepEqual(readdirSync(installed.paths.releases), ["5.0.0"]);
    // The version before gets its database back by its own command.
    assert.match(
      readFileSync(join(installed.dataDir, "restored"), "utf8"),
      /^5\.0\.0 restore .*\/updates\/before\.db --if-needed\n$/,
    );
  });

test("a service that will not stop, and one that will not start, are told; what can run, runs", async context => {
  const installed = await running(context);
  const folder = dirname(installed.systemctl);
  installed.ask("5.1.0", GOOD);
  writeFileSync(join(folder, "fail-stop"), "");
  assert.deepEqual([(await goOver(installed))?.status, await installed.answers()], ["rolled_back", "v5.0.0"]);
  rmSync(join(folder, "fail-stop"));
  installed.ask("5.1.0", GOOD);
  writeFileSync(join(folder, "fail-start"), "");
  const outcome = await goOver(installed);
  assert.equal(outcome?.status, "failed");
  assert.match(outcome?.message ?? "", /Going back to v5\.0\.0 failed: .*no start today/);
  rmSync(join(folder, "fail-start"));
  installed.start();
  await assertSettled(installed, "failed", "5.0.0");
});
