import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { demoEstate } from "../simulator/presets.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

interface Scraped {
  /** By metric: the samples, labels in their order as text. */
  values: Map<string, Map<string, number>>;
  types: Map<string, string>;
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$/;
const LABELS = /^\{([a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\}$/;

/** Reads the text format as strictly as it is written down: HELP and TYPE once and first, families together, no sample twice. */
function parse(text: string): Scraped {
  assert.ok(text.endsWith("\n"), "ends with a line feed");
  const values: Scraped["values"] = new Map();
  const types = new Map<string, string>();
  const helps = new Set<string>();
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment) {
      const [, kind, name = "", rest = ""] = comment;
      assert.match(name, NAME);
      if (kind === "HELP") {
        assert.ok(!helps.has(name), `one HELP of ${name}`);
        helps.add(name);
        continue;
      }
      assert.ok(!types.has(name), `one TYPE of ${name}`);
      assert.match(rest, /^(gauge|counter|histogram|summary|untyped)$/);
      types.set(name, rest);
      family = name;
      continue;
    }
    const [, name = "", labels = "", value = ""] = SAMPLE.exec(line) ?? assert.fail(`no sample: ${line}`);
    const base = types.get(family) === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name;
    assert.equal(base, family, `${name} stands with its family`);
    assert.ok(labels === "" || LABELS.test(labels), labels);
    assert.ok(!Number.isNaN(Number(value.replace("Inf", "Infinity"))), line);
    const known = values.get(name) ?? new Map<string, number>();
    assert.ok(!known.has(labels), `twice: ${line}`);
    values.set(name, known.set(labels, Number(value)));
  }
  return { values, types };
}

async function scrape({ url }: TestPulse): Promise<Scraped> {
  const answer = await fetch(`${url}/metrics`);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  return parse(await answer.text());
}

const settled = (state: Awaited<ReturnType<TestPulse["state"]>>) =>
  state.instances.every(({ status }) => status === "online") &&
  state.nodes.every(({ loadAverage, zfsPools, certificateExpires }) => loadAverage && zfsPools && certificateExpires) &&
  state.physicalDisks.length > 0 &&
  state.vms.some(({ networkIn }) => networkIn !== null) &&
  state.vms.some(({ lastBackup }) => lastBackup !== null) &&
  state.stats.backupsUnknown === 0 &&
  state.vms.some(({ onboot }) => onboot !== null) &&
  state.vms.some(({ inBackupJob }) => inBackupJob !== null) &&
  state.cephClusters.length > 0 &&
  state.pmg.every(({ nodes }) => nodes?.some(({ queueStatus }) => queueStatus)) &&
  state.pbs.every(({ datastores }) => datastores.some(({ total }) => total !== null));

test("a whole estate reads as Prometheus metrics, with the very values of the state, and the dashboard asks for nothing else", async () => {
  await using pulse = await startPulse({ estate: demoEstate(), speed: 2 });
  const report = {
    agent: { id: "d" },
    host: { hostname: 'dock "1"\\' },
    containers: [{ id: "1", name: "web", image: "i", state: "running", cpuPercent: 50 }],
  };
  const headers = { "content-type": "application/json" };
  const state = await pulse.until(settled);
  // Last, as it counts as silent soon.
  await fetch(`${pulse.url}/api/agents/docker/report`, { method: "POST", headers, body: JSON.stringify(report) });
  const { values, types } = await scrape(pulse);
  const node = state.nodes[0];
  const labels = `{id="node/${node?.node}",pulse_instance="${node?.instance}"}`;
  assert.equal(values.get("pve_up")?.get(labels), 1);
  assert.equal(values.get("pve_memory_size_bytes")?.get(labels), node?.maxmem);
  const guests = [...state.vms, ...state.containers];
  assert.equal(values.get("pve_guest_info")?.size, guests.length);
  assert.equal(
    values.get("pulse_guest_backup_age_seconds")?.size,
    guests.filter(({ lastBackup }) => lastBackup !== null).length,
    "of a guest without a backup no age is told",
  );
  const unknown = guests.filter(({ disk }) => (disk?.usage ?? -1) < 0);
  assert.ok(unknown.length > 0);
  for (const { type, vmid, instance } of unknown)
    assert.equal(values.get("pve_disk_usage_bytes")?.has(`{id="${type}/${vmid}",pulse_instance="${instance}"}`), false);
  assert.equal(values.get("pulse_docker_host_up")?.get('{host="d",name="dock \\"1\\"\\\\"}'), 1);
  assert.equal(values.get("pulse_docker_container_cpu_ratio")?.values().next().value, 0.5);
  assert.ok((values.get("process_resident_memory_bytes")?.get("") ?? 0) > 0);
  assert.equal(types.get("process_cpu_seconds_total"), "counter");

  const dashboard = JSON.parse(readFileSync("docs/grafana/pulse.json", "utf8")) as { panels: unknown[] };
  const queries = [...JSON.stringify(dashboard).matchAll(/"expr":"((?:[^"\\]|\\.)*)"/g)].map(([, expr = ""]) => expr);
  assert.ok(queries.length >= 10);
  for (const query of queries)
    for (const [name] of query.matchAll(/\b(pve|pulse|process|nodejs)_[a-z0-9_]+(?=[{\s)[])/g))
      if (name !== "pulse_instance") assert.ok(values.has(name), `the dashboard asks for ${name}`);
});

test("what is stale is not told, and a dead node is down", async () => {
  await using pulse = await startPulse({ nodes: 2, guests: 6 });
  const state = await pulse.until(({ instances, nodes }) => instances[0]?.status === "online" && nodes.length === 2);
  const dead = state.nodes[1]?.node ?? "";
  await pulse.estate.faults.cause({ kind: "node-off", instance: "cluster1", node: dead });
  await pulse.until(({ nodes }) => nodes.some(({ status }) => status === "offline"));
  await pulse.until(now => now.vms.some(({ stale }) => stale));
  const { values } = await scrape(pulse);
  const labels = `{id="node/${dead}",pulse_instance="cluster1"}`;
  assert.equal(values.get("pve_up")?.get(labels), 0);
  assert.equal(values.get("pve_cpu_usage_ratio")?.has(labels), false);
  const [stale] = (await pulse.state()).vms.filter(guest => guest.stale);
  assert.equal(values.get("pve_cpu_usage_ratio")?.has(`{id="qemu/${stale?.vmid}",pulse_instance="cluster1"}`), false);
});

test("strangers get no metrics, a token does, and who takes gzip gets it", async () => {
  await using pulse = await startPulse({
    nodes: 1,
    guests: 2,
    apiToken: "t",
    user: { name: "ann", password: "secret" },
  });
  assert.equal((await fetch(`${pulse.url}/metrics`)).status, 401);
  const answer = await fetch(`${pulse.url}/metrics`, {
    headers: { authorization: "Bearer t", "accept-encoding": "gzip" },
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  assert.ok((await answer.text()).startsWith("# HELP "));
});
