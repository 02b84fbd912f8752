import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Programs by their names, and the package of Debian that brings each. */
export type Programs = Readonly<Record<string, string>>;

const PATH = `${process.env.PATH ?? ""}:/usr/sbin`;

/** Those of `programs` that are not on this machine. */
export function missing(programs: Programs): [program: string, debian: string][] {
  const isThere = (program: string) =>
    PATH.split(":").some(folder => folder !== "" && existsSync(`${folder}/${program}`));
  return Object.entries(programs).filter(([program]) => !isThere(program));
}

/** Whether it ended well. What it prints is seen. */
export function run(file: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(file, args, { stdio: "inherit", env: { ...process.env, PATH, ...more } }).status === 0;
}

/** Installs packages of Debian; answers why it does not, as a sentence. */
export function install(packages: readonly string[]): string | null {
  const system = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  if (!/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(system)) return "--install knows Debian and Ubuntu only.";
  if (process.getuid?.() !== 0) return "--install needs root.";
  if (packages.length === 0) return null;
  const quiet = { DEBIAN_FRONTEND: "noninteractive" };
  const done =
    run("apt-get", ["update", "-q"], quiet) &&
    run("apt-get", ["install", "-qy", "--no-install-recommends", ...packages], quiet);
  return done ? null : "apt-get failed; what it printed is above.";
}

/** Runs the tests of `file`, which need `programs`; with `--install` among the arguments they are installed first. Sets the exit code. */
export function testWith(programs: Programs, { file, what, command }: { file: string; what: string; command: string }) {
  const wanted = process.argv.includes("--install");
  const problem = wanted ? install(missing(programs).map(([, debian]) => debian)) : null;
  const lacking = missing(programs);
  if (problem === null && lacking.length === 0) {
    process.exitCode = run(process.execPath, ["--test", file]) ? 0 : 1;
    return;
  }
  const names = lacking.map(([program, debian]) => `${program} (Debian's package ${debian})`).join(" and ");
  process.stderr.write(
    `${problem ?? ""}\nNot tested ${what}: ${names} is not on this machine.\nAs root on Debian or Ubuntu: npm run ${command} -- --install\n`.trimStart(),
  );
  process.exitCode = 1;
}
