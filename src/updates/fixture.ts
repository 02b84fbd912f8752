import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash, generateKeyPairSync } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { type Clock, systemClock } from "../kit/clock.ts";
import { MINUTE, type Millis } from "../kit/units.ts";
import { type Arch, type Release, type ReleaseIndex, releaseName } from "../model/release.ts";
import { type Address, Outcome, type Request, readPaper } from "./papers.ts";
import { type Paths, pathsOf } from "./place.ts";
import { putInPlace } from "./put-in-place.ts";
import { type HealthLimits, systemdService } from "./service.ts";
import { signatureOf } from "./signature.ts";
import { BLOCK, headerOf } from "./tar-header.ts";

// A release server, stand-ins for releases, and an installed Pulse with a service manager, for tests of updates.

export const ARCH: Arch = process.arch === "arm64" ? "arm64" : "amd64";

function newKey(): { secret: string; open: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    secret: String(privateKey.export({ format: "pem", type: "pkcs8" })),
    open: String(publicKey.export({ format: "pem", type: "spki" })),
  };
}
export const OUR_KEY = newKey();
export const OTHER_KEY = newKey();

/** A member of an archive, good or bad. `type` as in the header; "0" unless told. */
export interface Member {
  path: string;
  content?: string;
  type?: string;
  link?: string;
  mode?: number;
}

export function tarGz(members: readonly Member[]): Buffer {
  const blocks = members.flatMap(({ path, content = "", type = "0", link = "", mode = 0o644 }) => {
    const bytes = Buffer.from(content);
    const header = headerOf(path, bytes.length, { mode, type, time: 0, link });
    return [header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

/** How a stand-in behaves once it is started as the service. */
export type Behaviour = "well" | "exits" | "unwell" | "other-version" | "dies-soon" | "will-not-run" | "minds-settings";

/** The members of an archive whose `bin/pulse` understands what an update asks of it, and serves `/api/health` and `/api/version`. */
export function standIn(version: string, behaviour: Behaviour = "well"): Member[] {
  const top = releaseName(version, ARCH);
  const inside = [
    { path: "VERSION", content: `${version}\n` },
    { path: "bin/pulse", content: programOf(version, behaviour), mode: 0o755 },
    { path: "lib/pulse.mjs", content: SERVER },
  ];
  return [
    ...["", "bin/", "lib/"].map(path => ({ path: `${top}/${path}`, type: "5", mode: 0o755 })),
    ...inside.map(member => ({ ...member, path: `${top}/${member.path}` })),
  ];
}

function programOf(version: string, behaviour: Behaviour): string {
  return `#!/bin/sh
home=$(dirname "$(dirname "$(readlink -f "$0")")")
case "\${1-}" in
  version) ${behaviour === "will-not-run" ? "echo 'Exec format error' >&2; exit 126" : `echo v${version}`} ;;
  check-config) ${behaviour === "minds-settings" ? "echo 'LOG_LEVEL: is gone' >&2; exit 2" : "exit 0"} ;;
  restore) echo "${version} $*" >> "$PULSE_DATA_DIR/restored" ;;
  *) exec '${process.execPath}' "$home/lib/pulse.mjs" '${version}' '${behaviour}' ;;
esac
`;
}

const SERVER = `
import { createServer } from "node:http";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
const [, , version, behaviour] = process.argv;
// Once, that the version before is not taken for one that has shown it too.
let isShown = false;
const show = () => {
  if (!isShown) writeFileSync(join(process.env.PULSE_DATA_DIR, "shown"), "");
  isShown = true;
};
if (behaviour === "exits") {
  show();
  process.exit(1);
}
const answers = {
  "/api/health": { status: "healthy" },
  "/api/version": { version: behaviour === "other-version" ? "v9.9.9" : "v" + version },
};
createServer((request, response) => {
  response.statusCode = behaviour === "unwell" ? 500 : 200;
  response.end(JSON.stringify(answers[request.url] ?? null));
  if (behaviour === "unwell" || request.url === "/api/version" && behaviour === "other-version") show();
}).listen(Number(readFileSync(join(process.env.PULSE_DATA_DIR, "port"), "utf8")), "127.0.0.1");
const die = () => {
  show();
  process.exit(1);
};
if (behaviour === "dies-soon") setTimeout(die, 60);
`;

/** What an index tells of an archive. */
export function releaseOf(version: string, archive: Buffer, change: Partial<Release> = {}): Release {
  return {
    version,
    channel: version.includes("-") ? "rc" : "stable",
    published: "2026-01-02T03:04:05.000Z",
    notes: `What is new in ${version}`,
    assets: [{ arch: ARCH, url: `${version}.tar.gz`, sha256: sha256(archive), size: archive.length }],
    ...change,
  };
}

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

export const toIndex = (releases: readonly Release[]): Buffer =>
  Buffer.from(JSON.stringify({ format: 1, releases: [...releases] } satisfies ReleaseIndex));

/** An installed Pulse, of stand-ins, and a service manager that starts what `current` leads to. */
export interface Installed extends AsyncDisposable {
  root: string;
  dataDir: string;
  paths: Paths;
  address: Address;
  /** A program that takes `systemctl`'s place. */
  systemctl: string;
  start(): void;
  /** The version that answers; null: none. */
  answers(): Promise<string | null>;
  outcome(): Outcome | null;
  /** As the server does it: the signed index, the archive and the request. */
  ask(
    version: string,
    archive: Buffer,
    change?: { index?: Buffer; key?: string; signature?: string; request?: object },
  ): Request;
}

const ID = "00000000-0000-4000-8000-000000000001";

async function install(version = "5.0.0", behaviour: Behaviour = "well"): Promise<Installed> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-updates-"));
  const [root, dataDir] = [join(folder, "opt"), join(folder, "data")];
  const paths = pathsOf({ root, dataDir });
  for (const path of [paths.releases, paths.updates]) mkdirSync(path, { recursive: true });
  const archive = join(folder, "first.tar.gz");
  writeFileSync(archive, tarGz(standIn(version, behaviour)));
  mkdirSync(join(paths.releases, version));
  spawnSync("tar", ["-xzf", archive, "-C", join(paths.releases, version), "--strip-components=1"]);
  symlinkSync(`releases/${version}`, paths.current);
  writeFileSync(paths.key, OUR_KEY.open);
  const port = await freePort();
  writeFileSync(join(dataDir, "port"), String(port));
  const systemctl = join(folder, "systemctl");
  writeFileSync(systemctl, managerOf(folder, root, dataDir), { mode: 0o755 });
  const address: Address = { host: "127.0.0.1", port, tls: false };
  const control = (word: string) => void spawnSync(systemctl, [word, "pulse.service"], { stdio: "ignore" });
  return {
    ...{ root, dataDir, paths, address, systemctl },
    start: () => control("start"),
    answers: () => answerOf(port),
    outcome: () => (existsSync(paths.outcome) ? readPaper(Outcome, readFileSync(paths.outcome, "utf8")) : null),
    ask(
      wanted,
      content,
      { index = toIndex([releaseOf(wanted, content)]), key = OUR_KEY.secret, signature, request } = {},
    ) {
      const asked = { id: ID, version: wanted, archive: "a.tar.gz", address, backup: "before.db", ...request };
      writeFileSync(join(paths.updates, "a.tar.gz"), content);
      writeFileSync(paths.index, index);
      writeFileSync(paths.signature, signature ?? signatureOf(index, key));
      writeFileSync(paths.request, JSON.stringify(asked));
      return asked;
    },
    async [Symbol.asyncDispose]() {
      control("stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts and stops one process, as systemd would: it outlives whoever asks for it. */
function managerOf(folder: string, root: string, dataDir: string): string {
  return `#!/bin/sh
pid=$(cat '${folder}/pid' 2>/dev/null)
# One that has ended, and that nobody has asked for yet, is not running.
is_running() { [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$pid/status"; }
echo "$1" >> '${folder}/calls'
[ -e '${folder}/fail-'"$1" ] && { : > '${dataDir}/shown'; echo "no $1 today" >&2; exit 1; }
case "$1" in
  start)
    is_running && exit 0
    PULSE_DATA_DIR='${dataDir}' setsid '${root}/current/bin/pulse' > '${folder}/log' 2>&1 < /dev/null &
    echo $! > '${folder}/pid' ;;
  stop)
    is_running && kill -KILL "$pid"
    while is_running; do sleep 0.01; done
    rm -f '${folder}/pid' ;;
esac
exit 0
`;
}

async function answerOf(port: number): Promise<string | null> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/version`).catch(() => null);
  return answer && ((await answer.json()) as { version: string }).version;
}

export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + MINUTE; !(await is()); await systemClock.sleep(10))
    if (Date.now() > deadline) throw new Error(`Not so after a minute: ${is}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}

/** A server of releases, with faults on demand. */
export interface ReleaseServer extends AsyncDisposable {
  url: URL;
  /** What it has, by path; a function answers by itself. */
  files: Map<string, Buffer | ((request: IncomingMessage, response: ServerResponse) => void)>;
  /** What it was asked for. */
  requests: { path: string; headers: IncomingMessage["headers"] }[];
  /** Has exactly these releases, signed. */
  offer(releases: readonly { release: Release; archive: Buffer }[], key?: string): void;
}

export async function startReleaseServer(): Promise<ReleaseServer> {
  const files: ReleaseServer["files"] = new Map();
  const requests: ReleaseServer["requests"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers });
    const file = files.get(path);
    if (typeof file === "function") return file(request, response);
    if (!file) return void response.writeHead(404).end("<html>not here</html>");
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from === 0) return void response.end(file);
    if (from >= file.length) return void response.writeHead(416).end();
    response.writeHead(206, { "content-range": `bytes ${from}-${file.length - 1}/${file.length}` });
    response.end(file.subarray(from));
  }).listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/releases.json`),
    ...{ files, requests },
    offer(releases, key = OUR_KEY.secret) {
      const index = toIndex(releases.map(({ release }) => release));
      files.set("/releases.json", index);
      files.set("/releases.json.sig", Buffer.from(signatureOf(index, key)));
      for (const { release, archive } of releases) files.set(`/${release.version}.tar.gz`, archive);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Time enough for a process to come up on a machine that is busy; what never will is not waited for so long: `hurriedClock`. */
export const HEALTH: HealthLimits = { deadline: MINUTE, settle: 150, pause: 20 };

/**
 * The machine's clock, but a version that has shown in `dataDir` that it does not become well has had its time: the clock is then set
 * forward by as much as it had.
 */
export function hurriedClock(dataDir: string): Clock {
  const shown = join(dataDir, "shown");
  let ahead: Millis = 0;
  return {
    now: () => systemClock.now() + ahead,
    async sleep(delay, signal) {
      await systemClock.sleep(delay, signal);
      if (!existsSync(shown)) return;
      rmSync(shown);
      ahead += HEALTH.deadline;
    },
  };
}

/** An installed Pulse that runs. */
export async function running(context: TestContext, version = "5.0.0"): Promise<Installed> {
  const installed = await install(version);
  context.after(() => installed[Symbol.asyncDispose]());
  installed.start();
  await until(async () => (await installed.answers()) === `v${version}`);
  return installed;
}

/** The part that runs as root. */
export const goOver = ({ root, dataDir, systemctl }: Installed): Promise<Outcome | null> =>
  putInPlace({
    ...{ root, dataDir, arch: ARCH, clock: hurriedClock(dataDir), health: HEALTH },
    service: systemdService(systemctl),
  });

/** However it ended: a version answers, and it is the one that the outcome tells; nothing is left half done. */
export async function assertSettled(installed: Installed, status: Outcome["status"], version: string): Promise<void> {
  const { paths } = installed;
  await until(async () => (await installed.answers()) === `v${version}`);
  const outcome = installed.outcome();
  assert.equal(outcome?.status, status, outcome?.message);
  for (const path of [paths.journal, paths.request, paths.archive]) assert.ok(!existsSync(path), path);
  assert.deepEqual(
    readdirSync(paths.releases).filter(name => name.startsWith(".")),
    [],
  );
}
