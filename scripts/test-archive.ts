import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePorts } from "../src/test/cluster/nats-servers.ts";

// npm run test:archive [-- --fetch]: a Pulse's past in a real VictoriaMetrics and a real Prometheus. `--fetch` takes them from Debian's packages
// into dist/.archive-stores, installing nothing; otherwise those on the PATH are tried.

const KEPT = resolve("dist/.archive-stores");
const STORES = [
  {
    program: "victoria-metrics",
    args: (folder: string, at: string) => [
      `-storageDataPath=${folder}`,
      `-httpListenAddr=${at}`,
      "-retentionPeriod=100y",
    ],
  },
  {
    program: "prometheus",
    args: (folder: string, at: string) => [
      `--config.file=${folder}.yml`,
      `--storage.tsdb.path=${folder}`,
      `--web.listen-address=${at}`,
      "--web.enable-remote-write-receiver",
    ],
  },
] as const;

function fetchAll(): boolean {
  mkdirSync(KEPT, { recursive: true });
  const script = `apt-get download -q ${STORES.map(({ program }) => program).join(" ")} && for file in *.deb; do dpkg -x "$file" .; done`;
  return spawnSync("sh", ["-c", script], { cwd: KEPT, stdio: "inherit" }).status === 0;
}

function pathOf(program: string): string | null {
  const folders = [join(KEPT, "usr/bin"), ...(process.env.PATH ?? "").split(":")];
  return folders.map(folder => join(folder, program)).find(file => existsSync(file)) ?? null;
}

if (process.argv.includes("--fetch") && !fetchAll())
  process.stderr.write("They could not be fetched: it needs Debian or Ubuntu, and apt-get update before.\n");
const folder = mkdtempSync(join(tmpdir(), "pulse-stores-"));
const ports = await freePorts(STORES.length);
const running: ChildProcess[] = [];
const urls: string[] = [];
for (const [at, { program, args }] of STORES.entries()) {
  const path = pathOf(program);
  if (path === null) process.stderr.write(`Not tried: ${program} is not here; npm run test:archive -- --fetch\n`);
  if (path === null) continue;
  const home = join(folder, program);
  writeFileSync(`${home}.yml`, "storage:\n  tsdb:\n    out_of_order_time_window: 1d\n");
  running.push(spawn(path, args(home, `127.0.0.1:${ports[at]}`), { stdio: "ignore" }));
  urls.push(`${program}=http://127.0.0.1:${ports[at]}`);
}
try {
  const env = { ...process.env, ARCHIVE_STORES: urls.join(" ") };
  const { status } = spawnSync(process.execPath, ["--test", "src/test/archive/real-stores.archive.ts"], {
    ...{ env, stdio: "inherit" },
  });
  process.exitCode = urls.length > 0 && status === 0 ? 0 : 1;
} finally {
  for (const child of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
