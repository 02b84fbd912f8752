import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { run } from "node:test";
import { inspect, parseArgs } from "node:util";

// npm test [-- PART OF A PATH… --name PATTERN]: the tests beside the code, then the stories in a real browser.

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const { values, positionals } = parseArgs({ options: { name: { type: "string" } }, allowPositionals: true });

/** The files of a glob pattern that the command line asks for. */
function filesOf(pattern: string): string[] {
  const files = globSync(pattern).sort();
  return positionals.length === 0 ? files : files.filter(file => positionals.some(part => file.includes(part)));
}

/** More files than these fail for a reason of their own. */
const REPEATED = 4;

/**
 * Runs each of `files` in a process of its own; prints a dot for each test, then the failures. In a run of all, the few files that failed
 * run once more, alone: what a busy machine made too late then passes, and is named as unsteady with how it failed.
 */
async function runFiles(title: string, files: string[], concurrency: number, timeout: number): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write(`${title} (${files.length === 1 ? "1 file" : `${files.length} files`})\n`);
  const results = await runOnce(files, concurrency, timeout);
  const failed = [...results].filter(([, { failures }]) => failures.length > 0).map(([file]) => file);
  const isAll = positionals.length === 0 && values.name === undefined;
  // NOTE: a test that stands in a file shared by several is told as of that one.
  const isFew = failed.length <= REPEATED && failed.every(file => files.includes(file));
  if (!isAll || failed.length === 0 || !isFew) return sumOf(results);
  process.stdout.write(`Once more, alone (${failed.join(", ")})\n`);
  for (const [file, result] of await runOnce(failed, 1, timeout)) {
    results.set(file, result);
    if (result.failures.length === 0) process.stdout.write(`Unsteady, passed alone: ${file}\n\n`);
  }
  return sumOf(results);
}

interface FileResult {
  passed: number;
  skipped: number;
  failures: string[];
}

function sumOf(results: ReadonlyMap<string, FileResult>): Counts {
  const sum = (of: (result: FileResult) => number) => [...results.values()].reduce((total, one) => total + of(one), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failures }) => failures.length),
    skipped: sum(({ skipped }) => skipped),
  };
}

async function runOnce(files: string[], concurrency: number, timeout: number): Promise<Map<string, FileResult>> {
  const results = new Map(files.map(file => [file, { passed: 0, skipped: 0, failures: [] as string[] }]));
  const printed = new Map<string, string>();
  const pathOf = ({ file, name }: { file?: string | undefined; name: string }) => relative(process.cwd(), file ?? name);
  const resultOf = (path: string) => {
    const result = results.get(path) ?? { passed: 0, skipped: 0, failures: [] };
    results.set(path, result);
    return result;
  };
  const fail = (path: string, text: string) => {
    resultOf(path).failures.push(text);
    process.stdout.write("X");
  };
  const pass = (path: string, as: "passed" | "skipped") => {
    resultOf(path)[as] += 1;
    process.stdout.write(as === "passed" ? "." : ",");
  };
  // NOTE: a file that registers no test, or ends badly outside of one, is reported as a test with the file's name.
  const isFile = ({ name, nesting }: { name: string; nesting: number }) =>
    nesting === 0 && files.includes(relative(process.cwd(), name));
  const keep = ({ file, message }: { file?: string | undefined; message: string }) => {
    const path = relative(process.cwd(), file ?? "");
    printed.set(path, (printed.get(path) ?? "") + message);
  };

  const took: { file: string; seconds: number }[] = [];
  const execArgv = process.execArgv;
  const named = values.name === undefined ? {} : { testNamePatterns: [values.name] };
  const events = run({ files, concurrency, timeout, execArgv, ...named });
  events.on("test:stdout", keep);
  events.on("test:stderr", keep);
  events.on("test:diagnostic", ({ file, message }) => keep({ file, message: `${message}\n` }));
  events.on("test:summary", ({ file, duration_ms }) => {
    if (file !== undefined) took.push({ file: relative(process.cwd(), file), seconds: duration_ms / 1000 });
  });
  events.on("test:pass", event => {
    if (event.details.type === "suite") return;
    const path = pathOf(event);
    if (!isFile(event)) pass(path, event.skip !== undefined || event.todo !== undefined ? "skipped" : "passed");
    else if (values.name === undefined) fail(path, `✖ ${event.name} has no test`);
  });
  events.on("test:fail", event => {
    const { error } = event.details;
    if (inspect(error).includes("'subtestsFailed'")) return;
    const path = pathOf(event);
    if (event.todo !== undefined) return pass(path, "skipped");
    if (!isFile(event)) return fail(path, `✖ ${event.name} (${path}:${event.line})\n${textOf(error.cause ?? error)}`);
    const code = "exitCode" in error && error.exitCode !== null ? `  Ended with exit code ${error.exitCode}` : null;
    fail(path, `✖ ${event.name}\n${printed.get(path) ?? ""}${code ?? textOf(error.cause ?? error)}`);
  });
  await new Promise(resolve => events.once("end", resolve).resume());
  const failures = [...results.values()].flatMap(result => result.failures);
  process.stdout.write(`\n${failures.map(failure => `\n${failure.trimEnd()}\n`).join("")}\n`);
  if (files.length > 1) process.stdout.write(`${slowest(took)}\n\n`);
  return results;
}

/** So many files are named. */
const NAMED = 10;

/** Which files took longest, and all together. */
function slowest(took: { file: string; seconds: number }[]): string {
  const all = took.reduce((sum, { seconds }) => sum + seconds, 0);
  const longest = took.sort((one, other) => other.seconds - one.seconds).slice(0, NAMED);
  return [
    `All files: ${all.toFixed(0)} s one after the other; the longest:`,
    ...longest.map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`),
  ].join("\n");
}

/** An error with its causes, without the test runner's own frames. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `  ${typeof error === "string" ? error : inspect(error)}\n`;
  const lines = (error.stack ?? error.message).split("\n").filter(line => !/^\s+at .*\(?node:/.test(line));
  const text = lines.map(line => `  ${line}\n`).join("");
  return error.cause === undefined ? text : `${text}  Cause:\n${textOf(error.cause)}`;
}

/** What files need that is built from the sources: the command of setup.mjs that makes it. */
const NEEDS: readonly (readonly [of: RegExp, command: string])[] = [
  [/^src\/test\/(stories\/|docs-commands\.|cluster\/demo\.)/, "build"],
  [/^src\/test\/cluster\//, "nats-server"],
  ...(process.platform === "linux" ? [[/-executable\.(test|story)\.ts$/, "build:agent-here"] as const] : []),
];

/** Runs files after what they need was built: a build that fails counts as a failed test and keeps no other from running. */
async function runBuilt(title: string, files: string[], concurrency: number, timeout: number): Promise<Counts> {
  const needed = NEEDS.filter(([of]) => files.some(file => of.test(file)));
  const failed = needed.filter(
    ([, command]) => spawnSync(process.execPath, ["scripts/setup.mjs", command], { stdio: "inherit" }).status !== 0,
  );
  const able = files.filter(file => !failed.some(([of]) => of.test(file)));
  const counts = await runFiles(title, able, concurrency, timeout);
  return { ...counts, failed: counts.failed + failed.length };
}

/** Those that start servers and wait for them: they begin first, so that in the end nobody waits for one of them alone. */
const LONG = /^src\/(updates|test|alerts\/histories)/;
const tests = filesOf("{src,scripts}/**/*.test.ts").sort((a, b) => Number(LONG.test(b)) - Number(LONG.test(a)));
const stories = filesOf("src/test/stories/**/*.story.ts");
// Both wait more than they work, for a clock, a server, a page. A story is several processes by itself.
const parts = [
  await runBuilt("Tests", tests, availableParallelism() + 1, 600_000),
  await runBuilt("Stories in a browser", stories, Math.ceil(availableParallelism() / 2) + 1, 600_000),
];
const sum = (of: keyof Counts) => parts.reduce((total, part) => total + part[of], 0);
const [passed, failed, skipped] = [sum("passed"), sum("failed"), sum("skipped")];
if (passed + failed === 0) process.stdout.write("No test ran.\n");
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
