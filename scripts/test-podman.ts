import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

// npm run test:podman [-- --install]: the built agent against a real Podman. `--install`, as root on Debian or Ubuntu, puts Podman on this
// machine first; nothing else does.

/** What has to be there: a program, and the package of Debian that brings it. */
const PROGRAMS = { podman: "podman", busybox: "busybox-static", runc: "runc" } as const;

const missing = () => Object.entries(PROGRAMS).filter(([program]) => !isThere(program));

function isThere(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some(folder => folder !== "" && existsSync(`${folder}/${program}`));
}

function run(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(file, args, { stdio: "inherit", env: { ...process.env, ...env } }).status === 0;
}

/** Installs what is missing; answers why it does not, as a sentence. */
function install(): string | null {
  const system = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) return "--install knows Debian and Ubuntu only.";
  if (process.getuid?.() !== 0) return "--install needs root.";
  const packages = missing().map(([, name]) => name);
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  if (packages.length === 0) return null;
  const done =
    run("apt-get", ["update", "-q"], quiet) &&
    run("apt-get", ["install", "-qy", "--no-install-recommends", ...packages], quiet);
  return done ? null : "apt-get failed; what it printed is above.";
}

const problem = process.argv.includes("--install") ? install() : null;
const lacking = missing();
if (problem !== null || lacking.length > 0) {
  const names = lacking.map(([program, name]) => `${program} (Debian's package ${name})`).join(" and ");
  process.stderr.write(
    `${problem ?? ""}\nNot tested against a real Podman: ${names} is not on this machine.\nAs root on Debian or Ubuntu: npm run test:podman -- --install\n`.trimStart(),
  );
  process.exitCode = 1;
} else {
  process.exitCode = run(process.execPath, ["--test", "src/test/podman/agent.podman.ts"]) ? 0 : 1;
}
