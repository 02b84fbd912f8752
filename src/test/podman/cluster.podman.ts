import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chownSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { ClusterReport } from "../../model/cluster-report.ts";
import type { State } from "../../model/state.ts";
import { freePorts } from "../cluster/nats-servers.ts";
import { until } from "../cluster/processes.ts";
import { type Podman, standInImages } from "./stand-in-images.ts";

// `npm run test:compose`: the image is built by deploy/Containerfile and run by deploy/cluster.compose.yaml, by a real Podman on a store of its
// own. In the place of images from registries stand such that are made of this machine's Debian, and the release is built outside.

const run = promisify(execFile);
const ARCH = process.arch === "arm64" ? "arm64" : "amd64";
/** Whom the image runs as. */
const USER = 65_532;
const TOKEN = "a-token-of-the-test";
const PROJECT = "pulse-cluster-test";
const SERVICES = ["nats-1", "nats-2", "nats-3", "core-1", "core-2", "core-3", "edge-north", "edge-south"];

interface Workshop extends AsyncDisposable {
  folder: string;
  podman: Podman;
  compose: Podman;
  /** What it starts with besides. */
  env: Record<string, string>;
}

/** Podman and podman-compose with a store, networks and limits of their own; all that they made goes when it ends. */
async function openWorkshop(): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), "pulse-compose-"));
  const [settings, storage] = [join(folder, "containers.conf"), join(folder, "storage.conf")];
  // Limits as low as any machine lets them be.
  writeFileSync(
    settings,
    `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "${folder}/networks"
`,
  );
  writeFileSync(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${folder}/store"\nrunroot = "${folder}/run"\n`);
  const env: Record<string, string> = { CONTAINERS_CONF: settings, CONTAINERS_STORAGE_CONF: storage };
  const tool =
    (program: string, before: readonly string[] = []): Podman =>
    async (...args) => {
      const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
      return (await run(program, [...before, ...args], options)).stdout.trim();
    };
  const podman = tool("podman");
  const compose = tool("podman-compose", ["-p", PROJECT, "-f", join(folder, "cluster.compose.yaml")]);
  return {
    ...{ folder, podman, compose, env },
    async [Symbol.asyncDispose]() {
      await podman("rm", "--all", "--force", "--time", "0");
      await podman("network", "prune", "--force");
      await podman("image", "rm", "--all", "--force");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The image, built as the documentation says, on the images that stand in for a registry's. */
async function buildImages({ folder, podman, env }: Workshop): Promise<void> {
  const args = ["scripts/release.ts", "--out", join(folder, "release"), "--arch", ARCH, "--agents", ARCH];
  await run(process.execPath, ["--disable-warning=ExperimentalWarning", ...args]);
  const [release = ""] = globSync(join(folder, "release/pulse-*.tar.gz"));
  const { base, builder, nats } = await standInImages(podman, folder, release);
  const images = ["--build-arg", `BUILDER=${builder}`, "--build-arg", `BASE=${base}`];
  await podman(
    "build",
    "--format",
    "docker",
    "-f",
    "deploy/Containerfile",
    ...images,
    "-t",
    "localhost/pulse-test:1",
    ".",
  );
  Object.assign(env, { NATS_IMAGE: nats, PULSE_IMAGE: "localhost/pulse-test:1" });
}

/** What `docs/scale-out.md` lets somebody write below /srv/cluster, in a folder of the test's; the ports of the cores. */
async function layOut({ folder }: Workshop): Promise<number[]> {
  const home = join(folder, "cluster");
  const config = ["src/main.ts", "cluster", "config", home, "--sites", "north,south"];
  await run(process.execPath, ["--disable-warning=ExperimentalWarning", ...config]);
  writeFileSync(join(home, "core.env"), `${readFileSync(join(home, "core.env"), "utf8")}API_TOKEN=${TOKEN}\n`);
  for (const name of ["core-1", "core-2", "core-3", "north", "south"]) mkdirSync(join(home, name));
  // No Proxmox listens there: that the edge says so, and all cores know it, is enough.
  const lab = { name: "lab", type: "pve", host: "https://core-1:8006", token: "pulse@pve!monitor=secret" };
  writeFileSync(join(home, "north/pulse.yaml"), JSON.stringify({ instances: [lab] }));
  for (const path of globSync(join(home, "{core-*,north,south}{,/*}"))) chownSync(path, USER, USER);
  const ports = await freePorts(3);
  const told = readFileSync("deploy/cluster.compose.yaml", "utf8")
    .replaceAll("/srv/cluster", home)
    .replaceAll(/"765([567]):7655"/g, (_, core: string) => `"127.0.0.1:${ports[Number(core) - 5]}:7655"`);
  writeFileSync(join(folder, "cluster.compose.yaml"), told);
  return ports;
}

test("the image is built, and three nats-servers, three cores and two edges of it serve as one", async t => {
  await using workshop = await openWorkshop();
  const { podman, compose } = workshop;
  await buildImages(workshop);
  const ports = await layOut(workshop);
  await compose("up", "-d");
  const of = (service: string) => `${PROJECT}_${service}_1`;
  const ask = async <T>(core: number, path: string, init: RequestInit = {}): Promise<T> => {
    const headers = { "X-API-Token": TOKEN, "Content-Type": "application/json" };
    const answer = await fetch(`http://127.0.0.1:${ports[core]}${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const reports = () => Promise.all([0, 1, 2].map(core => ask<ClusterReport>(core, "/api/cluster")));

  await t.test("each knows all, and streams have three copies", async () => {
    await until(async () => {
      const all = await reports();
      return all.every(
        ({ cores, edges, streams, instances }) =>
          cores.filter(core => core.silentSince === null && core.behind === 0).length === 3 &&
          edges.filter(edge => edge.silentSince === null).length === 2 &&
          instances.some(({ name, holder }) => name === "lab" && holder === "edge-north") &&
          streams.length > 0 &&
          streams.every(({ leader, copies, others }) => leader && copies === 3 && others.length === 2),
      );
    }, "one cluster");
  });

  await t.test("what an edge sees is on each core", async () => {
    await until(async () => {
      const states = await Promise.all([0, 1, 2].map(core => ask<State>(core, "/api/state")));
      return states.every(({ nodes }) => nodes.some(node => node.instance === "lab" && node.status === "offline"));
    }, "seen");
  });

  await t.test("nobody has a right that is not needed, and each can be asked whether it is well", async () => {
    for (const service of SERVICES.filter(name => !name.startsWith("nats"))) {
      const format = "{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.EffectiveCaps}} {{.RestartCount}}";
      assert.equal(await podman("inspect", "--format", format, of(service)), `${USER}:${USER} true [] 0`, service);
    }
    for (const core of ["core-1", "core-2", "core-3"]) await podman("healthcheck", "run", of(core));
    const test = await podman("inspect", "--format", "{{json .Config.Healthcheck}}", of("edge-north"));
    assert.match(test, /null|NONE/, "what serves nothing is not asked");
  });

  await t.test("a nats-server and a core are lost: what is changed on one core is so on the other", async () => {
    await podman("kill", of("nats-1"), of("core-1"));
    const change = { method: "PUT", body: JSON.stringify({ nodeDefaults: { cpu: { trigger: 77, clear: 70 } } }) };
    await until(async () => Boolean(await ask(1, "/api/alerts/config", change)), "changed");
    await until(async () => {
      const { nodeDefaults } = await ask<{ nodeDefaults: { cpu: { trigger: number } } }>(2, "/api/alerts/config");
      return nodeDefaults.cpu.trigger === 77;
    }, "told");
  });

  await t.test("each ends in order when it is asked to", async () => {
    await podman("stop", "--time", "20", of("edge-north"), of("core-2"));
    for (const service of ["edge-north", "core-2"])
      assert.equal(await podman("inspect", "--format", "{{.State.ExitCode}}", of(service)), "0", service);
  });
  await compose("down", "--volumes");
  assert.equal(await podman("ps", "--all", "--quiet"), "");
});
