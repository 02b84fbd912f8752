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
/** A file that is not done by then hangs. */
const TIMEOUT = 600_000;

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

/** Files in the order in which they begin, and where their workers take them from: the first of these that has one left. */
type Queue = string[];
type Worker = readonly Queue[];

/** Runs each file of the queues in a process of its own, one at a time for each worker; prints a dot for each test, then the failures. */
async function runFiles(workers: readonly Worker[]): Promise<Map<string, FileResult>> {
  const files = [...new Set(workers.flat(2))];
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
  const follow = (events: ReturnType<typeof run>) => {
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
    return new Promise(resolve => events.once("end", resolve).resume());
  };
  const next = (worker: Worker) => worker.find(queue => queue.length > 0)?.shift();
  const work = async (worker: Worker) => {
    for (let file = next(worker); file !== undefined; file = next(worker))
      await follow(run({ files: [file], timeout: TIMEOUT, execArgv, ...named }));
  };
  await Promise.all(workers.map(work));
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
  [
    /^src\/test\/(stories\/|cluster\/|archive\/pulse-|(account-command|check-config|docs-commands|reading-again)\.)/,
    "build",
  ],
  [/^src\/test\/cluster\//, "nats-server"],
  ...(process.platform === "linux" ? [[/-executable\.(test|story)\.ts$/, "build:agent-here"] as const] : []),
];

/** Those of the files for which all that they need could be built; `failed`: how many builds could not be made. */
function build(files: readonly string[]): { able: string[]; failed: number } {
  const needed = NEEDS.filter(([of]) => files.some(file => of.test(file)));
  const failed = needed.filter(
    ([, command]) => spawnSync(process.execPath, ["scripts/setup.mjs", command], { stdio: "inherit" }).status !== 0,
  );
  return { able: files.filter(file => !failed.some(([of]) => of.test(file))), failed: failed.length };
}

/**
 * In a run of all, the few files that failed run once more, alone: what a busy machine made too late then passes, and is named as unsteady
 * with how it failed.
 */
async function repeatFew(results: Map<string, FileResult>, files: readonly string[]): Promise<void> {
  const failed = [...results].filter(([, { failures }]) => failures.length > 0).map(([file]) => file);
  const isAll = positionals.length === 0 && values.name === undefined;
  // NOTE: a test that stands in a file shared by several is told as of that one.
  const isFew = failed.length <= REPEATED && failed.every(file => files.includes(file));
  if (!isAll || failed.length === 0 || !isFew) return;
  process.stdout.write(`Once more, alone (${failed.join(", ")})\n`);
  for (const [file, result] of await runFiles([[[...failed]]])) {
    results.set(file, result);
    if (result.failures.length === 0) process.stdout.write(`Unsteady, passed alone: ${file}\n\n`);
  }
}

/** They wait for clocks, and for processes that do: beside those that work they cost little time. */
const WAITS = /^src\/test\/(cluster|archive)\//;
/** The longest begin first, so that in the end nobody waits for one of them alone; the rest after them. */
const LONGEST_FIRST = [
  /cluster\/(no-room|hole|deaf|entered|core|end-lost|move)\.test/,
  /\/(accessible|rights|update-executable)\.story/,
  /\/(faults|edits|overview|keyboard|charts|alerts)\.story/,
  /\.story/,
  /^src\/(alerts\/histories|updates\/|test\/(proxmox|backup-server|docs-commands|shifted-clock|alerts|told))/,
  /^src\/(test|settings|accounts|history|notify)\//,
];
const rankOf = (file: string) => {
  const rank = LONGEST_FIRST.findIndex(files => files.test(file));
  return rank < 0 ? LONGEST_FIRST.length : rank;
};
const all = ["{src,scripts}/**/*.test.ts", "src/test/stories/**/*.story.ts"].flatMap(filesOf);
const { able, failed: unbuilt } = build(all.sort((one, other) => rankOf(one) - rankOf(other)));
const isWaiting = (file: string) => WAITS.test(file);
const waiting: Queue = able.filter(isWaiting);
const working: Queue = able.filter(file => !isWaiting(file));
if (able.length > 0)
  process.stdout.write(`Tests, and stories in a browser (${able.length === 1 ? "1 file" : `${able.length} files`})\n`);
const cores = availableParallelism();
// One of those for what waits goes on with the others' work.
const results = await runFiles([
  ...Array.from({ length: cores + 1 }, () => [working]),
  ...Array.from({ length: cores + 1 }, () => [waiting]),
  [waiting, working],
]);
await repeatFew(results, able);
const { passed, failed: unpassed, skipped } = sumOf(results);
const failed = unpassed + unbuilt;
if (passed + failed === 0) process.stdout.write("No test ran.\n");
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
