#!/usr/bin/env node
// Runs Pulse from its package for npm: with this Node if it is new enough, otherwise with the one that npm brought for this machine.
// Plain JavaScript for any Node ≥ 18.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const { needs, pinned, env, flags } = JSON.parse(readFileSync(new URL("../lib/run.json", import.meta.url), "utf8"));

function nodeToUse() {
  if (Number.parseInt(process.versions.node, 10) >= needs) return process.execPath;
  const name = pinned[`${process.platform}-${process.arch}`];
  try {
    if (name !== undefined) return createRequire(import.meta.url).resolve(`${name}/bin/node`);
  } catch {
    // npm was told to leave out what is optional.
  }
  process.stderr.write(`Pulse needs Node ${needs} or newer, this is ${process.version}\n`);
  process.exit(1);
}

const main = fileURLToPath(new URL("../lib/pulse.js", import.meta.url));
const child = spawn(nodeToUse(), [...flags, main, ...process.argv.slice(2)], {
  stdio: "inherit",
  env: { ...env, ...process.env },
});
// A terminal sends Ctrl-C to both; whoever stops this one by its number means the other.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => {
  if (!process.stdin.isTTY) child.kill("SIGINT");
});
child.once("error", error => {
  process.stderr.write(`Pulse cannot start: ${error.message}\n`);
  process.exitCode = 1;
});
child.once("exit", (code, signal) => {
  process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal];
});
