import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

// npm run check [-- NAME…]: everything about the sources that is not a test. A line a check, all that it printed where it failed.

const CHECKS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  types: ["tsc", "-p", "."],
  "web-types": ["tsc", "-p", "src/web"],
  biome: ["biome", "ci", "--colors=off", "--error-on-warnings"],
  rooms: ["node", "scripts/check-rooms.ts"],
  texts: ["node", "scripts/check-texts.ts"],
  knip: ["knip", "--no-progress"],
  lockfile: ["npm", "ci", "--dry-run", "--loglevel=error"],
};

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
  readonly millis: number;
}

function runCheck([file, ...args]: readonly [string, ...string[]]): Promise<Outcome> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", chunk => chunks.push(chunk));
    child.stderr.on("data", chunk => chunks.push(chunk));
    child.once("error", reject);
    child.once("close", code => {
      resolve({ passed: code === 0, output: Buffer.concat(chunks).toString(), millis: performance.now() - start });
    });
  });
}

const asked = process.argv.slice(2);
const unknown = asked.filter(name => !(name in CHECKS));
if (unknown.length > 0)
  throw new Error(`No check "${unknown.join('", "')}": there are ${Object.keys(CHECKS).join(", ")}`);

const waiting = Object.entries(CHECKS).filter(([name]) => asked.length === 0 || asked.includes(name));
let passed = 0;
let failed = 0;
const worker = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, command] = next;
    const outcome = await runCheck(command);
    if (outcome.passed) passed += 1;
    else failed += 1;
    process.stdout.write(`${outcome.passed ? "✔" : "✖"} ${name.padEnd(10)} ${(outcome.millis / 1000).toFixed(1)} s\n`);
    if (!outcome.passed) process.stdout.write(`${outcome.output.trimEnd()}\n`);
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, worker));
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
