import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Release } from "../model/release.ts";
import { ARCH, OUR_KEY, type ReleaseServer, sha256, startReleaseServer, until } from "../updates/fixture.ts";

/** Whom the server runs as: nobody. */
const USER = 65_534;
const UNITS = "deploy/systemd";

/** A real release, installed as a service, with a stand-in for systemd; run by root, as an installed one is. */
export interface InstalledRelease extends AsyncDisposable {
  url: string;
  root: string;
  dataDir: string;
  releases: ReleaseServer;
  /** The one that is installed. */
  version: string;
  /** Offers the installed release as another version. `spoil`: changes the server's code. */
  offer(version: string, spoil?: (code: string) => string): void;
  /** The version that answers. */
  answers(): Promise<string | null>;
}

export async function installRelease(account: { username: string; password: string }): Promise<InstalledRelease> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "pulse-installed-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const [root, dataDir, made, bin] = ["opt", "data", "made", "bin"].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [join(root, "releases"), dataDir, made, bin, join(folder, "units")])
    mkdirSync(path, { recursive: true });
  chownSync(dataDir, USER, USER);
  const { version, archive } = makeRelease(made, folder);
  const home = join(root, "releases", version);
  mkdirSync(home);
  execFileSync("tar", ["-xzf", archive, "-C", home, "--strip-components=1"]);
  symlinkSync(`releases/${version}`, join(root, "current"));
  writeFileSync(join(root, "release-key.pub"), OUR_KEY.open);
  copyFileSync(join(UNITS, "pulse-update.path"), join(folder, "units/pulse-update.path"));
  const releases = stack.use(await startReleaseServer());
  const port = await freePort();
  const environment = {
    ...{ PULSE_DATA_DIR: dataDir, FRONTEND_PORT: String(port), BIND_HOST: "127.0.0.1", UPDATE_CHANNEL: "rc" },
    ...{ PULSE_AUTH_USER: account.username, PULSE_AUTH_PASS: account.password, INVOCATION_ID: "test" },
    ...{ PULSE_UPDATE_URL: releases.url.href, SYSTEMD_UNIT_PATH: join(folder, "units"), PULSE_UPDATE_PATIENCE: "20" },
  };
  const systemctl = join(bin, "systemctl");
  writeFileSync(systemctl, managerOf(folder, root, environment), { mode: 0o755 });
  const control = (word: string) => execFileSync(systemctl, [word, "pulse.service"], { stdio: "ignore" });
  control("start");
  stack.defer(() => void control("stop"));
  stack.use(watchRequests(root, dataDir, { ...process.env, ...environment, PATH: `${bin}:${process.env.PATH}` }));
  const url = `http://127.0.0.1:${port}`;
  const answers = async () => {
    const answer = await fetch(`${url}/api/version`).catch(() => null);
    return answer && ((await answer.json()) as { version: string }).version;
  };
  await until(async () => (await answers()) === `v${version}`);
  const running = stack.move();
  return {
    ...{ url, root, dataDir, releases, version, answers },
    offer: (other, spoil = code => code) => {
      const bytes = asOther(home, { version, other, spoil, folder: made });
      const assets = [{ arch: ARCH, url: `${other}.tar.gz`, sha256: sha256(bytes), size: bytes.length }];
      const notes = `What is new in ${other}:\n\n- Charts are drawn twice as fast.\n- Disks that are about to fail say so.`;
      const release: Release = { version: other, channel: "rc", published: "2026-11-01T10:00:00.000Z", notes, assets };
      releases.offer([{ release, archive: bytes }]);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** By `npm run release`, signed, for this machine. */
function makeRelease(made: string, folder: string): { version: string; archive: string } {
  writeFileSync(join(folder, "key.pem"), OUR_KEY.secret);
  const args = ["--out", made, "--key", join(folder, "key.pem"), "--arch", ARCH, "--agents", ARCH];
  execFileSync(process.execPath, [...process.execArgv, "scripts/release.ts", ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const index = JSON.parse(readFileSync(join(made, "releases.json"), "utf8")) as { releases: Release[] };
  const [release] = index.releases;
  const [asset] = release?.assets ?? [];
  if (!release || !asset) throw new Error("No release was made");
  return { version: release.version, archive: join(made, asset.url) };
}

/** The archive of the same release with another version's name on it; without the agent, which only takes time. */
function asOther(
  home: string,
  {
    version,
    other,
    spoil,
    folder,
  }: { version: string; other: string; spoil: (code: string) => string; folder: string },
): Buffer {
  const top = `pulse-${other}-linux-${ARCH}`;
  const copy = join(folder, top);
  cpSync(home, copy, { recursive: true });
  rmSync(join(copy, "lib/agent"), { recursive: true });
  writeFileSync(join(copy, "VERSION"), `${other}\n`);
  for (const name of readdirSync(join(copy, "lib")).filter(file => file.endsWith(".js"))) {
    const code = join(copy, "lib", name);
    writeFileSync(code, spoil(readFileSync(code, "utf8").replaceAll(version, other)));
  }
  const tar = [
    "--format=ustar",
    "--owner=root:0",
    "--group=root:0",
    "-I",
    "gzip -1",
    "-cf",
    `${copy}.tar.gz`,
    "-C",
    folder,
    top,
  ];
  execFileSync("tar", tar);
  rmSync(copy, { recursive: true });
  return readFileSync(`${copy}.tar.gz`);
}

/** What pulse-update.path does, and what pulse-update.service runs. */
function watchRequests(root: string, dataDir: string, env: NodeJS.ProcessEnv): AsyncDisposable {
  const unit = readFileSync(join(UNITS, "pulse-update.service"), "utf8");
  const line = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(unit)?.[1] ?? "";
  const script = line.replaceAll("/opt/pulse", root).replaceAll("$$", "$");
  let running: ChildProcess | null = null;
  const timer = setInterval(() => {
    const isAsked = [join(dataDir, "updates/request.json"), join(root, "update/journal.json")].some(path =>
      existsSync(path),
    );
    if (running || !isAsked) return;
    running = spawn("/bin/sh", ["-c", script], { env, stdio: "ignore" });
    running.once("close", () => {
      running = null;
    });
  }, 50);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      running?.kill("SIGKILL");
    },
  };
}

/** Starts and stops what `current` leads to, as nobody; it outlives whoever asks for it. */
function managerOf(folder: string, root: string, environment: Readonly<Record<string, string>>): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  return `#!/bin/sh
pid=$(cat '${folder}/pid' 2>/dev/null)
# One that has ended, and that nobody has asked for yet, is not running.
is_running() { [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$pid/status"; }
case "$1" in
  start)
    is_running && exit 0
    setsid setpriv --reuid=${USER} --regid=${USER} --clear-groups env ${variables.join(" ")} '${root}/current/bin/pulse' > '${folder}/log' 2>&1 < /dev/null &
    echo $! > '${folder}/pid' ;;
  stop)
    is_running && kill -TERM "$pid"
    while is_running; do sleep 0.05; done
    rm -f '${folder}/pid' ;;
esac
exit 0
`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise(resolve => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise(resolve => server.close(resolve));
  return port;
}
