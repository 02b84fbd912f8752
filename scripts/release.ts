import { spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Value } from "typebox/value";
import packageJson from "../package.json" with { type: "json" };
import { ARCHES, type Arch, type Release, ReleaseIndex, releaseName } from "../src/model/release.ts";
import { signatureOf } from "../src/updates/signature.ts";
import { contentsOf } from "./release/contents.ts";
import { writeTarGz } from "./release/tar-file.ts";

// npm run release -- --out FOLDER [--key PRIVATE_KEY.pem] [--arch amd64,arm64] [--agents amd64,arm64] [--notes FILE]: archives, their checksums and the index
// of releases, signed by the key. Releases that the index in FOLDER has already stay in it. docs/updates.md tells what of.
// npm run release -- --new-key FILE: a key to sign with, and its public part, FILE.pub.

const USAGE =
  "--out FOLDER [--key PRIVATE_KEY.pem] [--arch amd64,arm64] [--agents amd64,arm64] [--notes FILE] | --new-key FILE";

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const options = { out: text, key: text, arch: text, agents: text, notes: text, "new-key": text };
  const { values } = parseArgs({ options });
  if (values["new-key"] !== undefined) return makeKey(values["new-key"]);
  if (values.out === undefined) throw new Error(`Usage: npm run release -- ${USAGE}`);
  const arches = (values.arch ?? ARCHES.join(",")).split(",").map(toArch);
  const agents = (values.agents ?? ARCHES.join(",")).split(",").map(toArch);
  const key = values.key === undefined ? null : readFileSync(values.key, "utf8");
  const { version } = packageJson;
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  const index = readIndex(join(folder, "releases.json"));
  const time = timeOf();
  const release: Release = {
    version,
    channel: version.includes("-") ? "rc" : "stable",
    published: new Date(time * 1000).toISOString(),
    notes: values.notes === undefined ? notesOf(version) : readFileSync(values.notes, "utf8"),
    assets: [],
  };
  for (const arch of arches) {
    const url = `${releaseName(version, arch)}.tar.gz`;
    const { sha256, size } = await writeTarGz(join(folder, url), contentsOf(version, arch, agents), time);
    release.assets.push({ arch, url, sha256, size });
    say(`${url}: ${(size / 1e6).toFixed(0)} MB`);
  }
  const releases = [release, ...index.releases.filter(other => other.version !== version)];
  writeFileSync(join(folder, "install.sh"), installer(key), { mode: 0o755 });
  // A draft is nothing for install.sh, which knows no index.
  const offered = releases.filter(({ draft }) => draft !== true);
  const sums = offered.flatMap(({ assets }) => assets).map(({ sha256, url }) => `${sha256}  ${url}\n`);
  write("checksums.txt", sums.join(""));
  write("releases.json", `${JSON.stringify({ format: 1, releases } satisfies ReleaseIndex, null, 2)}\n`);
  if (key === null) say("Not signed: without --key, nobody can install or update from this folder");

  function write(name: string, content: string): void {
    writeFileSync(join(folder, name), content);
    if (key !== null) writeFileSync(join(folder, `${name}.sig`), signatureOf(Buffer.from(content), key));
  }
}

/** The script that installs what this key has signed. */
function installer(key: string | null): string {
  const script = readFileSync("deploy/install.sh", "utf8");
  if (key === null) return script;
  const open = createPublicKey(key).export({ format: "pem", type: "spki" }).toString().trim();
  return script.replace("RELEASE_KEY=''", () => `RELEASE_KEY='${open}'`);
}

function makeKey(path: string): void {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  writeFileSync(path, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600, flag: "wx" });
  writeFileSync(`${path}.pub`, publicKey.export({ format: "pem", type: "spki" }), { flag: "wx" });
  say(`${path}: keep it to yourself; ${path}.pub: goes where Pulse is installed`);
}

function toArch(name: string): Arch {
  const arch = ARCHES.find(known => known === name);
  if (arch === undefined) throw new Error(`--arch: "${name}" is none of ${ARCHES.join(", ")}`);
  return arch;
}

function readIndex(path: string): ReleaseIndex {
  if (!existsSync(path)) return { format: 1, releases: [] };
  return Value.Parse(ReleaseIndex, JSON.parse(readFileSync(path, "utf8")));
}

/** When the sources were last changed, seconds since the Unix epoch: the same sources are the same archive. */
function timeOf(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  const { stdout } = spawnSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" });
  return Number.parseInt(given ?? stdout ?? "", 10) || Math.floor(Date.now() / 1000);
}

/** What the change log says of a version, without its headline. */
function notesOf(version: string): string {
  const [, ...sections] = readFileSync("CHANGELOG.md", "utf8").split(/^## /m);
  const section = sections.find(text => text.split(/\s/, 1)[0] === version);
  return section === undefined ? "" : section.slice(section.indexOf("\n")).trim();
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  await main();
} catch (error) {
  say((error as Error).message);
  process.exitCode = 1;
}
