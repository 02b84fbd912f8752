import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { DockerReport, ReportedContainer } from "../../model/docker.ts";
import { EXECUTABLE } from "../agent-process.ts";
import { end } from "../server-process.ts";

// `npm run test:podman`: the built agent against a real Podman, on a store of its own, with an image made of this machine's busybox.

const run = promisify(execFile);
/** Limits as low as any machine lets them be; no network, since there may be none for containers here. */
const MODEST = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--network", "none"];

/** A Podman that listens on a socket; all that it made goes when it ends. */
async function openPodman() {
  const folder = mkdtempSync(join(tmpdir(), "pulse-podman-"));
  const store = ["--root", join(folder, "store"), "--runroot", join(folder, "run"), "--storage-driver", "vfs"];
  const plain = ["--cgroup-manager", "cgroupfs", "--events-backend", "file", "--runtime", "runc"];
  const podman = async (...args: string[]) => (await run("podman", [...store, ...plain, ...args])).stdout.trim();
  const { stdout } = await run("sh", ["-c", "command -v busybox"]);
  mkdirSync(join(folder, "image/bin"), { recursive: true });
  copyFileSync(stdout.trim(), join(folder, "image/bin/busybox"));
  await run("tar", ["-C", join(folder, "image"), "-cf", join(folder, "image.tar"), "."]);
  await podman("import", join(folder, "image.tar"), "pulse-test:1");
  const socket = join(folder, "podman.sock");
  const service = spawn("podman", [...store, ...plain, "system", "service", "--time=0", `unix://${socket}`], {
    stdio: "ignore",
  });
  while (!existsSync(socket)) await new Promise(done => setTimeout(done, 50));
  return {
    podman,
    folder,
    socket,
    async [Symbol.asyncDispose]() {
      await podman("rm", "--all", "--force", "--time", "0");
      await end(service);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

test("what a real Podman runs, ran and has yet to run is reported", async () => {
  await using engine = await openPodman();
  const { podman, folder } = engine;
  const start = (name: string, more: string[], ...command: string[]) =>
    podman("run", "--detach", "--name", name, ...MODEST, ...more, "pulse-test:1", "/bin/busybox", ...command);
  const decorated = ["--memory", "64m", "--label", "com.docker.compose.project=site", "--restart", "on-failure:3"];
  await start("busy", [...decorated, "--volume", `${folder}/image:/data:ro`], "sh", "-c", "while :; do :; done");
  const sick = ["--health-cmd", "/bin/busybox false", "--health-interval", "disable", "--health-retries", "1"];
  await start("sick", sick, "sleep", "1000");
  await podman("healthcheck", "run", "sick").catch(() => "as it should");
  await start("ended", [], "sh", "-c", "exit 3");
  await podman("wait", "ended");
  await podman("create", "--name", "made", ...MODEST, "pulse-test:1", "/bin/busybox", "true");

  const args = ["--once", "--state-dir", join(folder, "state"), "--hostname", "dock1"];
  const { stdout } = await run(EXECUTABLE, args, { env: { DOCKER_HOST: `unix://${engine.socket}` } });
  const report = JSON.parse(stdout) as DockerReport;
  assert.deepEqual([report.host.engine, report.host.hostname, report.warnings], ["podman", "dock1", undefined]);
  assert.match(report.host.dockerVersion ?? "", /^\d+\.\d+/);
  const of = (name: string): ReportedContainer | undefined => report.containers?.find(one => one.name === name);
  assert.deepEqual(
    ["busy", "sick", "ended", "made"].map(name => [of(name)?.state, of(name)?.exitCode, of(name)?.health]),
    [
      ["running", 0, undefined],
      ["running", 0, "unhealthy"],
      ["exited", 3, undefined],
      ["created", 0, undefined],
    ],
  );
  const busy = of("busy");
  assert.ok((busy?.cpuPercent ?? 0) > 1 && (busy?.memoryUsageBytes ?? 0) > 0 && (busy?.pids ?? 0) > 0, stdout);
  assert.deepEqual(
    [busy?.memoryLimitBytes, busy?.restartPolicy, busy?.labels?.["com.docker.compose.project"]],
    [64 * 2 ** 20, "on-failure:3", "site"],
  );
  assert.deepEqual(busy?.mounts, [{ type: "bind", source: `${folder}/image`, destination: "/data", readOnly: true }]);
  assert.match(busy?.imageId ?? "", /^sha256:[\da-f]{64}$/);
  assert.ok(Date.parse(busy?.imageCreatedAt ?? "") > 0);
  assert.equal(of("ended")?.memoryUsageBytes, undefined);
});
