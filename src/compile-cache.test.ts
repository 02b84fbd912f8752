import assert from "node:assert/strict";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { keepCompiled } from "./compile-cache.ts";

/** Keeps what is compiled for a data folder; where Node was told to, null: it was not. */
function keep(context: TestContext, prepare: (dataDir: string, elsewhere: string) => NodeJS.ProcessEnv | undefined) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const folder = mkdtempSync(join(tmpdir(), "pulse-compiled-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const [dataDir, elsewhere] = [join(folder, "data"), join(folder, "elsewhere")];
  for (const each of [dataDir, elsewhere]) mkdirSync(each);
  const environment = prepare(dataDir, elsewhere) ?? {};
  const told: string[] = [];
  const kept = keepCompiled({ version: "5.0.0", development: false, dataDir }, environment, {
    enableCompileCache: where => {
      told.push(String(where).replace(folder, ""));
      return { status: 1 };
    },
    flushCompileCache: () => void told.push("flushed"),
  });
  return { folder, dataDir, elsewhere, told, kept };
}

const WHERE: [
  sentence: string,
  prepare: (dataDir: string, elsewhere: string) => NodeJS.ProcessEnv | undefined,
  where: string | null,
][] = [
  ["it is in the data folder", () => undefined, "/data/cache/compiled-5.0.0"],
  ["systemd gives a folder", (_, elsewhere) => ({ CACHE_DIRECTORY: elsewhere }), "/elsewhere/compiled-5.0.0"],
  ["of several, the first", (_, elsewhere) => ({ CACHE_DIRECTORY: `${elsewhere}:/x` }), "/elsewhere/compiled-5.0.0"],
  ["Node was told itself", () => ({ NODE_COMPILE_CACHE: "/tmp/x" }), null],
  ["there is no data folder yet", dataDir => void rmSync(dataDir, { recursive: true }), null],
  [
    "others may write there",
    dataDir => {
      mkdirSync(join(dataDir, "cache"));
      chmodSync(join(dataDir, "cache"), 0o777);
      return {};
    },
    null,
  ],
  ["it leads elsewhere", (dataDir, elsewhere) => void symlinkSync(elsewhere, join(dataDir, "cache")), null],
];
for (const [sentence, prepare, where] of WHERE)
  test(`what Node compiles is kept: ${sentence}`, context => {
    const { told } = keep(context, prepare);
    assert.deepEqual(told, where === null ? [] : [where]);
  });

test("what the user of the service has written is not run by another", { skip: process.getuid?.() !== 0 }, context => {
  const { told } = keep(context, dataDir => {
    mkdirSync(join(dataDir, "cache"), { mode: 0o700 });
    chownSync(join(dataDir, "cache"), 65_534, 65_534);
    return {};
  });
  assert.deepEqual(told, []);
});

test("it is written once everything runs, and what other versions have compiled goes", context => {
  const { told, kept, dataDir } = keep(context, folder => {
    for (const name of ["compiled-4.9.0", "other"])
      mkdirSync(join(folder, "cache", name), { recursive: true, mode: 0o700 });
    return {};
  });
  const cache = (name: string) => join(dataDir, "cache", name);
  assert.equal(statSync(cache("compiled-5.0.0")).mode & 0o777, 0o700);
  kept.started();
  assert.equal(told.length, 1, "a start has other things to do");
  context.mock.timers.tick(5_000);
  assert.deepEqual(told.slice(1), ["flushed"]);
  assert.deepEqual(
    ["compiled-5.0.0", "compiled-4.9.0", "other"].map(name => existsSync(cache(name))),
    [true, false, true],
  );
});
