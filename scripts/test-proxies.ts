import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { PROXIES } from "../src/test/proxies/reverse-proxy.ts";

// npm run test:proxies [-- --install]: the configurations of docs/reverse-proxy.md, each in its own proxy, in front of the built server.
// `--install`, as root on Debian or Ubuntu, puts the proxies on this machine first, but for Traefik, which Debian does not have.

const PATH = `${process.env.PATH ?? ""}:/usr/sbin`;
const env = { ...process.env, PATH };

const missing = () => PROXIES.filter(({ program }) => !isThere(program));

function isThere(program: string): boolean {
  return PATH.split(":").some(folder => folder !== "" && existsSync(`${folder}/${program}`));
}

function run(file: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(file, args, { stdio: "inherit", env: { ...env, ...more } }).status === 0;
}

/** Installs what is missing, and starts none of it; answers why it does not, as a sentence. */
function install(): string | null {
  const system = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) return "--install knows Debian and Ubuntu only.";
  if (process.getuid?.() !== 0) return "--install needs root.";
  const packages = missing().flatMap(({ debian }) => debian ?? []);
  if (packages.length === 0) return null;
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  const done =
    run("apt-get", ["update", "-q"], quiet) &&
    run("apt-get", ["install", "-qy", "--no-install-recommends", ...packages], quiet);
  return done ? null : "apt-get failed; what it printed is above.";
}

const problem = process.argv.includes("--install") ? install() : null;
const lacking = missing();
if (problem !== null || lacking.length === PROXIES.length) {
  process.stderr.write(
    `${problem ?? "None of the proxies is on this machine."}\nAs root on Debian or Ubuntu: npm run test:proxies -- --install\n`,
  );
  process.exitCode = 1;
} else {
  process.exitCode = run(process.execPath, ["--test", "src/test/proxies/proxies.proxy.ts"]) ? 0 : 1;
  for (const { name, debian } of lacking)
    process.stderr.write(
      `Not tried: ${name} (${debian === null ? "put its program on the PATH" : `Debian's package ${debian}`}) is not on this machine.\n`,
    );
}
