import assert from "node:assert/strict";
import { test } from "node:test";
import { ARCH, releaseOf } from "./fixture.ts";
import { bestOf, compareVersions, offersOf, toVersion } from "./version.ts";

test("versions are in the order of Semantic Versioning, whatever order they come in", () => {
  const ordered = [
    "no version",
    "0.9.10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.10",
    "1.2.0",
    "1.10.0",
    "10.0.0",
  ];
  assert.deepEqual([...ordered].reverse().sort(compareVersions), ordered);
});

for (const [text, is] of [
  ["5.1.0", true],
  ["v5.1.0", true],
  ["vv5.1.0", false],
  ["5.1", false],
  ["5.1.0-rc.1+build.7", true],
  ["5.1.0-", false],
  ["latest", false],
  ["5.1.0; reboot", false],
] as const)
  test(`"${text}" is ${is ? "a" : "no"} version`, () => assert.equal(toVersion(text) !== null, is));

const ARCHIVE = Buffer.from("archive");
const offered = (current: string, channel: "stable" | "rc", versions: readonly string[], change = {}) =>
  offersOf(
    versions.map(version => releaseOf(version, ARCHIVE, change)),
    { current, channel, arch: ARCH },
  );
const newest = (...args: Parameters<typeof offered>) => bestOf(offered(...args), args[0])?.release.version ?? null;

for (const [sentence, found, expected] of [
  ["the newest by version, not by its place", newest("5.0.0", "stable", ["5.2.0", "5.10.0", "5.9.9"]), "5.10.0"],
  ["nothing older, nor the same", newest("5.1.0", "stable", ["5.0.9", "5.1.0"]), null],
  ["nothing that is tried out, in stable", newest("5.0.0", "stable", ["5.1.0-rc.1"]), null],
  ["what is tried out, in rc", newest("5.0.0", "rc", ["5.1.0-rc.1"]), "5.1.0-rc.1"],
  ["what is released before what was tried out", newest("5.1.0-rc.1", "rc", ["5.1.0-rc.2", "5.1.0"]), "5.1.0"],
  [
    "a release, for who runs what was tried out and looks in stable",
    newest("5.1.0-rc.1", "stable", ["5.1.0"]),
    "5.1.0",
  ],
  [
    "nothing that is called stable but is tried out",
    newest("5.0.0", "stable", ["5.1.0-rc.1"], { channel: "stable" }),
    null,
  ],
  ["nothing that is in rc alone, whatever it is called", newest("5.0.0", "stable", ["5.1.0"], { channel: "rc" }), null],
  ["no draft", newest("5.0.0", "rc", ["5.1.0"], { draft: true }), null],
  ["nothing for another kind of processor", newest("5.0.0", "rc", ["5.1.0"], { assets: [] }), null],
  ["the newest of this major version before a new one", newest("5.0.0", "stable", ["6.0.0", "5.1.0"]), "5.1.0"],
  ["a new major version when there is nothing else", newest("5.1.0", "stable", ["6.0.0", "5.1.0"]), "6.0.0"],
] as const)
  test(`offered is ${sentence}`, () => assert.equal(found, expected));
