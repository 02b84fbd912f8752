import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse, parseAllDocuments } from "yaml";
import { ROUTES } from "../contract/routes.ts";

const production = JSON.parse(readFileSync("scripts/production.json", "utf8")) as {
  env: Record<string, string>;
  flags: string[];
};
const CONTAINERFILE = readFileSync("deploy/Containerfile", "utf8").replaceAll(/\\\n\s*/g, " ");

/** What comes after an instruction of the image that is run, in their order. */
function told(instruction: string): string[] {
  const [, last = ""] = CONTAINERFILE.split(/^FROM \$\{BASE\}$/m);
  return [...last.matchAll(new RegExp(`^${instruction} (.*)$`, "gm"))].map(([, text = ""]) => text);
}

const USER = 65_532;
const STATUS = JSON.parse(/CMD (\[.*\])$/.exec(told("HEALTHCHECK")[0] ?? "")?.[1] ?? "null") as string[];

test("the image runs Pulse as every other start does, by a user without rights", () => {
  const variables = Object.fromEntries((told("ENV")[0] ?? "").split(/\s+/).map(one => one.split(/=(.*)/s).slice(0, 2)));
  assert.deepEqual(variables, { ...production.env, PULSE_DATA_DIR: "/data" });
  const flags = ["--disable-warning=ExperimentalWarning", ...production.flags];
  assert.deepEqual(JSON.parse(told("ENTRYPOINT")[0] ?? ""), [
    "/opt/pulse/bin/node",
    ...flags,
    "/opt/pulse/lib/pulse.js",
  ]);
  assert.deepEqual(told("USER"), [`${USER}:${USER}`]);
  assert.deepEqual([told("VOLUME"), told("EXPOSE")], [["/data"], ["7655"]]);
  assert.deepEqual(STATUS, ["/usr/local/bin/pulse", "status"]);
  assert.deepEqual(told("RUN"), [], "there is no shell in it, nor would another kind of processor run one");
});

test("compose.yaml starts it with a root that is read-only and no capabilities", () => {
  const { services, volumes } = parse(readFileSync("deploy/compose.yaml", "utf8")) as {
    services: { pulse: Record<string, unknown> };
    volumes: Record<string, unknown>;
  };
  const { pulse } = services;
  assert.deepEqual(
    [pulse.read_only, pulse.cap_drop, pulse.security_opt, pulse.restart],
    [true, ["ALL"], ["no-new-privileges:true"], "unless-stopped"],
  );
  assert.equal(pulse.healthcheck, undefined, "the image says itself how it is asked");
  assert.deepEqual([pulse.volumes, Object.keys(volumes)], [["data:/data"], ["data"]]);
  assert.deepEqual(pulse.ports, [`\${PULSE_PORT:-7655}:7655`]);
});

interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: {
    replicas: number;
    selector: Record<string, string> & { matchLabels?: Record<string, string> };
    ports: { port: number; targetPort: string }[];
    template: {
      metadata: { labels: Record<string, string> };
      spec: {
        automountServiceAccountToken: boolean;
        enableServiceLinks: boolean;
        securityContext: Record<string, unknown>;
        containers: {
          ports: { name: string; containerPort: number }[];
          securityContext: Record<string, unknown>;
          volumeMounts: { name: string; mountPath: string }[];
          [probe: `${string}Probe`]: { httpGet: { path: string; port: string } };
        }[];
        volumes: { name: string }[];
      };
    };
    volumeClaimTemplates: { metadata: { name: string } }[];
  };
}

test("kubernetes.yaml runs one of it, by that user, and asks what anybody may ask", () => {
  const documents = parseAllDocuments(readFileSync("deploy/kubernetes.yaml", "utf8")).map(
    one => one.toJS() as Manifest,
  );
  const [service, set] = ["Service", "StatefulSet"].map(kind => documents.find(one => one.kind === kind)?.spec);
  const pod = set?.template.spec;
  const [container] = pod?.containers ?? [];
  assert.ok(service && set && pod && container && documents.length === 2);
  assert.equal(set.replicas, 1, "two would write one database");
  assert.deepEqual(set.selector.matchLabels, set.template.metadata.labels);
  assert.deepEqual(service.selector, set.template.metadata.labels);
  assert.deepEqual(service.ports[0]?.targetPort, container.ports[0]?.name);
  assert.equal(container.ports[0]?.containerPort, 7655);
  const { runAsNonRoot, runAsUser, runAsGroup, fsGroup } = pod.securityContext;
  assert.deepEqual([runAsNonRoot, runAsUser, runAsGroup, fsGroup], [true, USER, USER, USER]);
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  assert.equal(pod.automountServiceAccountToken, false);
  assert.equal(pod.enableServiceLinks, false, "a Service named pulse would set PULSE_PORT and its like");
  for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"] as const)
    assert.deepEqual(container[probe]?.httpGet, { path: ROUTES.health.path, port: "http" }, probe);
  assert.equal(ROUTES.health.access, "public");
  const mounted = container.volumeMounts.map(({ name }) => name).sort();
  const given = [...pod.volumes.map(({ name }) => name), ...set.volumeClaimTemplates.map(one => one.metadata.name)];
  assert.deepEqual(mounted, given.sort());
  assert.equal(container.volumeMounts.find(({ name }) => name === "data")?.mountPath, "/data");
});

test("cluster.compose.yaml runs what pulse cluster config writes for, and each core and edge by itself", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-cluster-files-"));
  const args = ["src/main.ts", "cluster", "config", join(folder, "new"), "--sites", "north,south"];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const written = globSync("**/*.{env,conf}", { cwd: join(folder, "new") }).map(file => `/srv/cluster/${file}`);
  rmSync(folder, { recursive: true });
  interface Service {
    command: string[];
    volumes: string[];
    env_file?: string[];
    environment?: { PULSE_NAME: string };
    cap_drop?: string[];
    ports?: string[];
    healthcheck?: { test: string[] };
  }
  const { services } = parse(readFileSync("deploy/cluster.compose.yaml", "utf8"), { merge: true }) as {
    services: Record<string, Service>;
  };
  const all = Object.entries(services);
  const of = (kind: string) => all.filter(([name]) => name.startsWith(kind));
  assert.deepEqual([of("nats-").length, of("core-").length, of("edge-").length, all.length], [3, 3, 2, 8]);
  for (const [name, { command, volumes }] of of("nats-")) {
    assert.deepEqual(command, ["--name", name, "--config", "/etc/nats/nats.conf"]);
    assert.deepEqual(volumes, ["/srv/cluster/nats:/etc/nats:ro", `${name}:/data`]);
  }
  for (const [name, { command, cap_drop, environment }] of [...of("core-"), ...of("edge-")]) {
    assert.deepEqual([command, cap_drop, environment?.PULSE_NAME], [[name.split("-")[0]], ["ALL"], name]);
  }
  // The image says itself how a core is asked; podman-compose would ask by a shell, which is not in it.
  assert.deepEqual(
    [...of("core-"), ...of("edge-")].map(([, { healthcheck }]) => healthcheck?.test),
    [undefined, undefined, undefined, ["NONE"], ["NONE"]],
  );
  const files = all.flatMap(([, { env_file = [] }]) => env_file);
  assert.deepEqual([...new Set(files), "/srv/cluster/nats/nats.conf"].sort(), written.sort());
  const folders = all.flatMap(([, { volumes }]) => volumes);
  assert.equal(
    new Set(folders.filter(volume => volume.endsWith(":/data"))).size,
    all.length,
    "no two write one folder",
  );
  assert.deepEqual(
    of("core-").flatMap(([, { ports }]) => ports),
    ["7655:7655", "7656:7655", "7657:7655"],
  );
});
