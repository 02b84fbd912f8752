import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileOf, readPackage, runOrThrow } from "./npm-package.ts";

// node scripts/build-agent.ts amd64|arm64 …: src/agent → dist/agent/pulse-docker-agent-linux-ARCH and its .sha256.
// Fetches Bun, which the executable is made of and with, when it is first needed. Why so: docs/decisions/docker-agent.md.

const VERSION = "1.4.5";
/** Of each package's archive in the npm registry. */
const RUNTIMES = {
  amd64: {
    // For processors without AVX2 too: virtual machines often show such a one.
    name: "@oven/bun-linux-x64-baseline",
    target: "bun-linux-x64-baseline",
    sha512: "s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==",
  },
  arm64: {
    name: "@oven/bun-linux-aarch64",
    target: "bun-linux-arm64",
    sha512: "4BXmsSKnjOrlGWqZV4x/oWa7AVoR+B6lCXddMzOAXBIm3t50eslg9wb66gmtW1AamEQ1l1CDvmmruysEhqOWMg==",
  },
} as const;
type Arch = keyof typeof RUNTIMES;

const KEPT = resolve("dist/.bun", VERSION);
const OUT = resolve("dist/agent");
/** What the executable does not read from where it is started: a stranger's `.env` or `bunfig.toml`. */
const CLOSED = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
/** What runs a moment each half minute is not worth compiling: 10 MiB less, for the same processor time. */
const INTERPRETED = "--compile-jit-policy=10000";

if (process.platform !== "linux") throw new Error(`The Docker agent is built on Linux, not on ${process.platform}`);
const asked = process.argv.slice(2);
for (const arch of asked) if (!(arch in RUNTIMES)) throw new Error(`"${arch}": known are ${Object.keys(RUNTIMES)}`);
try {
  for (const arch of asked) buildAgent(arch as Arch);
} catch (error) {
  process.stderr.write(`${(error as Error).message.trimEnd()}\n`);
  process.exitCode = 1;
}

function buildAgent(arch: Arch): void {
  const bun = fetchRuntime(process.arch === "arm64" ? "arm64" : "amd64");
  const made = join(OUT, `pulse-docker-agent-linux-${arch}`);
  mkdirSync(OUT, { recursive: true });
  const aside = `${made}.new`;
  const from = ["build", "src/agent/main.ts", "--compile", "--minify", INTERPRETED, ...CLOSED];
  runOrThrow(bun, [
    ...from,
    `--target=${RUNTIMES[arch].target}`,
    `--compile-executable-path=${fetchRuntime(arch)}`,
    `--outfile=${aside}`,
  ]);
  const sum = createHash("sha256").update(readFileSync(aside)).digest("hex");
  writeFileSync(`${made}.sha256`, `${sum}  pulse-docker-agent-linux-${arch}\n`);
  // NOTE: renamed, never written over: one that runs cannot be written to.
  renameSync(aside, made);
}

/** The path of Bun for `arch`. */
function fetchRuntime(arch: Arch): string {
  const { name, sha512 } = RUNTIMES[arch];
  const kept = join(KEPT, arch);
  if (existsSync(kept)) return kept;
  mkdirSync(KEPT, { recursive: true });
  const aside = `${kept}.${process.pid}`;
  writeFileSync(aside, fileOf(readPackage({ name, version: VERSION, sha512 }), "package/bin/bun"), { mode: 0o755 });
  renameSync(aside, kept);
  return kept;
}
