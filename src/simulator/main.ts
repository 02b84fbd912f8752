import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { SECOND } from "../kit/units.ts";
import type { ReportTarget } from "./docker-hosts.ts";
import { type Estate, openEstate } from "./estate.ts";
import type { EstateOptions } from "./options.ts";
import { demoEstate, type MockSize, mockEstate, sizedEstate } from "./presets.ts";

const USAGE = `node src/simulator/main.ts [--preset demo]
  --mock '{"nodeCount":7,…}'   an estate of so much of each
  --nodes 10 --guests 500 [--clusters 1] [--standalone 0]   an estate of that size instead of the demo
  [--latency 30] [--auth-delay 3000] [--seed demo] [--admin-port 0] [--exit-with-parent]
  [--docker-hosts 5] [--report-to http://localhost:7655]    where they report to, with the token in PULSE_TOKEN
`;

const { values } = parseArgs({
  options: {
    preset: { type: "string" },
    mock: { type: "string" },
    nodes: { type: "string" },
    guests: { type: "string" },
    clusters: { type: "string" },
    standalone: { type: "string" },
    latency: { type: "string" },
    "auth-delay": { type: "string" },
    seed: { type: "string" },
    "admin-port": { type: "string" },
    "exit-with-parent": { type: "boolean" },
    "docker-hosts": { type: "string" },
    "report-to": { type: "string" },
    help: { type: "boolean" },
  },
});

type NumberOption =
  | "nodes"
  | "guests"
  | "clusters"
  | "standalone"
  | "latency"
  | "auth-delay"
  | "admin-port"
  | "docker-hosts";

function numberOf(name: NumberOption, otherwise: number): number {
  const text = values[name];
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw new RangeError(`"--${name}" is a whole number, not "${text}"`);
  return Number(text);
}

function readOptions(): EstateOptions {
  const seed = values.seed ?? "demo";
  if (values.preset !== undefined && values.preset !== "demo")
    throw new RangeError(`Unknown "--preset": "${values.preset}"; known: demo`);
  const wantsDemo = values.preset === "demo" || (values.nodes === undefined && values.guests === undefined);
  const standalone = numberOf("standalone", 0);
  const nodes = numberOf("nodes", 10);
  const clusters = numberOf("clusters", nodes > standalone ? 1 : 0);
  const estate = values.mock
    ? mockEstate(JSON.parse(values.mock) as MockSize)
    : wantsDemo
      ? demoEstate(seed)
      : sizedEstate({ nodes, guests: numberOf("guests", 500), clusters, standalone, seed });
  return {
    ...estate,
    dockerHosts: numberOf("docker-hosts", estate.dockerHosts ?? 0),
    latency: numberOf("latency", 0),
    authDelay: numberOf("auth-delay", 3 * SECOND),
    adminPort: numberOf("admin-port", 0),
  };
}

/** Resolves when the process is told to stop, or when its parent is gone. */
function toldToStop(): Promise<void> {
  return new Promise(resolve => {
    process.once("SIGTERM", () => resolve());
    process.once("SIGINT", () => resolve());
    if (!values["exit-with-parent"]) return;
    process.stdin.once("end", () => resolve()).once("error", () => resolve());
    process.stdin.resume();
  });
}

/** Tells the Docker hosts where to report: by the command line, or by a line of JSON from the parent, where no other process sees tokens. */
function directReports({ docker }: Estate): void {
  const url = values["report-to"];
  if (url !== undefined) docker.reportTo({ url, token: process.env.PULSE_TOKEN ?? "" });
  if (values["exit-with-parent"])
    createInterface({ input: process.stdin }).on("line", line =>
      docker.reportTo(...(JSON.parse(line) as ReportTarget[])),
    );
}

if (values.help) process.stdout.write(USAGE);
else {
  const stopped = toldToStop();
  const estate = await openEstate(readOptions());
  directReports(estate);
  process.stdout.write(`${JSON.stringify({ instances: estate.instances, adminUrl: estate.adminUrl })}\n`);
  await stopped;
  await estate[Symbol.asyncDispose]();
  process.stdin.destroy();
}
