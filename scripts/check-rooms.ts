import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";

// Rooms never import each other: checks the arrows that ARCHITECTURE.md draws, on every import of src.

const ANY = "*";
/** What each room of src may import besides itself. The files right in src, which put the rooms together, count as the room "app". */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  kit: [],
  model: ["kit"],
  contract: ["kit", "model"],
  store: ["kit"],
  sources: ["kit", "model"],
  inventory: ["kit", "model"],
  history: ["kit", "model", "store"],
  alerts: ["kit", "model", "store"],
  changes: ["kit", "model", "store"],
  notify: ["kit", "model", "store"],
  accounts: ["kit", "model", "store"],
  settings: ["kit", "model", "store"],
  updates: ["kit", "model", "store"],
  cluster: ["kit", "model", "store"],
  archive: ["kit", "model", "store"],
  http: ["kit", "model", "contract"],
  web: ["kit", "model", "contract"],
  agent: ["kit", "model", "contract"],
  simulator: ["kit"],
  app: [ANY],
  bench: [ANY],
  test: [ANY],
};
/** What the tests of every room may use besides. */
const FOR_TESTS: readonly string[] = ["simulator"];
/** Runs in browsers too. */
const RUNTIME_NEUTRAL = ["kit", "model", "contract", "web"];

// `import … from "x"`, `export … from "x"`, `import "x"` and `@import "x"` at a line's start; `import("x")` anywhere.
const IMPORT =
  /^[ \t]*(?:import|export|@import)\b(?:[^"';]*?\sfrom)?\s*(?:url\()?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

/** What is wrong with the imports of `file`, a path below src, as `src/file:line: reason` lines. */
export function violationsOf(file: string, text: string): string[] {
  const room = roomOf(file);
  const found = posix.basename(file).startsWith("index.ts")
    ? [`src/${file}:1: no barrels: import from the file itself`]
    : [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? "";
    const reason = reasonAgainst(file, room, specifier);
    const at = match.index + match[0].length;
    if (reason !== null) found.push(`src/${file}:${text.slice(0, at).split("\n").length}: ${reason}`);
  }
  return found;
}

function reasonAgainst(file: string, room: string, specifier: string): string | null {
  const arrows = ARROWS[room];
  if (arrows === undefined) return `no arrows are drawn for the room "${room}"`;
  if (/^([#~/]|@\/|src\/)/.test(specifier)) return `no path aliases: "${specifier}"`;
  if (specifier.startsWith("node:")) {
    const allowed = !RUNTIME_NEUTRAL.includes(room) || file.includes(".test.");
    return allowed ? null : `${room} runs in browsers too and must not import "${specifier}"`;
  }
  if (!specifier.startsWith(".")) return null;
  const target = posix.join(posix.dirname(file), specifier);
  if (target.startsWith("../")) return target === "../package.json" ? null : `"${specifier}" lies outside src`;
  const other = roomOf(target);
  const besides = file.includes(".test.") ? FOR_TESTS : [];
  const may = [room, ...arrows, ...besides];
  return may.includes(other) || may.includes(ANY) ? null : `${room} must not import ${other}`;
}

function roomOf(file: string): string {
  const slash = file.indexOf("/");
  return slash === -1 ? "app" : file.slice(0, slash);
}

if (process.argv[1] === import.meta.filename) {
  const files = globSync("**/*.{ts,tsx,css}", { cwd: "src" }).sort();
  const found = files.flatMap(file => violationsOf(file, readFileSync(`src/${file}`, "utf8")));
  for (const line of found) process.stdout.write(`${line}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
