import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Arch, releaseName } from "../../src/model/release.ts";
import { fileOf, readPackage } from "../npm-package.ts";
import production from "../production.json" with { type: "json" };
import type { Packed } from "./tar-file.ts";

/** npm's name for the kind of processor. */
const CPU = { amd64: "x64", arm64: "arm64" } as const;
/** What is bundled into the web UI, though only needed for building it. */
const OF_THE_UI = ["solid-js", "@tanstack/solid-virtual", "@tanstack/virtual-core"];

interface Locked {
  version: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
}
const LOCK = (JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Locked> }).packages;

/** Everything that the archive of a version has in it, from what was built. `agents`: the kinds of processors the agent is for. */
export function contentsOf(version: string, arch: Arch, agents: readonly Arch[]): Packed[] {
  const native = `@node-rs/bcrypt-linux-${CPU[arch]}-gnu`;
  const files: Packed[] = [
    { path: "VERSION", content: `${version}\n` },
    { path: "LICENSE", content: { file: "LICENSE" } },
    { path: "THIRD-PARTY-LICENSES", content: licenses() },
    { path: "bin/pulse", content: wrapper(), executable: true },
    { path: "lib/install.sh", content: { file: "deploy/install.sh" }, executable: true },
    { path: "bin/node", content: readOf(`node-linux-${CPU[arch]}`, "bin/node"), executable: true },
    ...[...chunksFrom("pulse.js"), ...chunksFrom("simulator.js")].map(name => fromDist(name)),
    ...globSync("web/**/*", { cwd: "dist", withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => fromDist(join(entry.parentPath, entry.name).slice("dist/".length))),
    ...agents.flatMap(agent => {
      const name = `agent/pulse-docker-agent-linux-${agent}`;
      return [{ ...fromDist(name), executable: true }, fromDist(`${name}.sha256`)];
    }),
    ...["package.json", "index.js", "binding.js"].map(name => fromPackage("@node-rs/bcrypt", name)),
    ...["package.json", `bcrypt.linux-${CPU[arch]}-gnu.node`].map(name => fromPackage(native, name)),
    ...globSync("deploy/systemd/*").map(file => ({ path: `lib/systemd/${basename(file)}`, content: { file } })),
  ];
  const unique = new Map(files.map(file => [file.path, file]));
  return [...unique.values()].map(file => ({ ...file, path: `${releaseName(version, arch)}/${file.path}` }));
}

const fromDist = (name: string): Packed => ({ path: `lib/${name}`, content: { file: `dist/${name}` } });

const fromPackage = (name: string, file: string): Packed => ({
  path: `lib/node_modules/${name}/${file}`,
  content: readOf(name, file),
});

/** A file of a package as it is locked: the installed one, or, for another kind of processor, one that is fetched. */
function readOf(name: string, file: string): Buffer {
  const installed = join("node_modules", name, file);
  if (existsSync(installed)) return readFileSync(installed);
  const { version, integrity } = LOCK[`node_modules/${name}`] ?? {};
  if (!version || !integrity?.startsWith("sha512-")) throw new Error(`package-lock.json does not tell ${name}`);
  return fileOf(readPackage({ name, version, sha512: integrity.slice("sha512-".length) }), `package/${file}`);
}

/** A bundle and what it imports: older builds may have left others beside them. */
export function chunksFrom(name: string, known: Set<string> = new Set()): Set<string> {
  if (known.has(name)) return known;
  known.add(name);
  for (const [, other] of readFileSync(`dist/${name}`, "utf8").matchAll(/["'`]\.\/(shared-[^"'`]+\.js)["'`]/g))
    if (other !== undefined) chunksFrom(other, known);
  return known;
}

/** `bin/pulse`: Pulse as `npm start` runs it, by the Node beside it. */
function wrapper(): string {
  const variables = Object.entries(production.env).map(([name, value]) => `: "\${${name}=${value}}"\nexport ${name}\n`);
  const flags = ["--disable-warning=ExperimentalWarning", ...production.flags].join(" ");
  return `#!/bin/sh
# Runs Pulse with the Node beside it, wherever this folder lies. What the environment says of these goes before.
set -eu
home=$(dirname "$(dirname "$(readlink -f "$0")")")
${variables.join("")}exec "$home/bin/node" ${flags} "$home/lib/pulse.js" "$@"
`;
}

/** What those whose work is in the archive want to be said there. */
function licenses(): string {
  const shipped = Object.entries(LOCK)
    .filter(([path, { dev, optional }]) => path.startsWith("node_modules/") && !dev && !optional)
    .map(([path]) => path.slice("node_modules/".length));
  const names = [...new Set([...shipped, ...OF_THE_UI])].sort();
  const texts = names.map(name => {
    const [file] = globSync(`node_modules/${name}/{LICENSE,LICENCE,COPYING,license}*`).sort();
    const { license = "unknown" } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")) as {
      license?: string;
    };
    const text = file === undefined ? `${license}\n` : readFileSync(file, "utf8");
    return `${name} ${LOCK[`node_modules/${name}`]?.version ?? ""}\n\n${text.trim()}\n`;
  });
  const node = readOf(`node-linux-${CPU.amd64}`, "LICENSE").toString("utf8");
  return [...texts, `Node.js\n\n${node.trim()}\n`].join(`\n${"-".repeat(80)}\n\n`);
}
