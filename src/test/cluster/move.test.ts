import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TICK } from "../../history/tiers.ts";
import { HOUR, SECOND } from "../../kit/units.ts";
import type { State } from "../../model/state.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { figuresOf, pictureOf, readJson, send } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, entriesOf, runPulse, until } from "./processes.ts";

test("a single Pulse becomes a cluster, and a cluster a single Pulse, and nothing is lost", async t => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-move-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  await using estate = await openEstate({
    ...sizedEstate({ nodes: 3, guests: 6, clusters: 0, standalone: 3 }),
    tick: 5 * SECOND,
  });
  const [one, two, three] = estate.instances;
  assert.ok(one && two && three);
  const old = join(folder, "old");
  mkdirSync(old);
  const thresholds = { guestDefaults: { cpu: { trigger: 91, clear: 81 } } };
  writeFileSync(join(old, "pulse.yaml"), JSON.stringify({ instances: entriesOf([one]), thresholds }));
  await using single = clusterProcess({ command: "start", env: {}, folder: old });
  await single.start();
  const inputOf = ({ type, endpoints: [address], tokenId, tokenSecret }: typeof two) => ({
    ...{ type, host: address?.url, fingerprint: address?.fingerprint },
    ...{ tokenName: tokenId, tokenValue: tokenSecret },
  });
  await send(single, "POST", "/api/config/nodes", { ...inputOf(two), name: "Büro" });
  await send(single, "PUT", "/api/config/system", { pvePollingInterval: 7 });
  const began = Date.now();
  const guests = async (of: ClusterProcess) => Object.keys((await pictureOf(of)).guests).sort();
  await until(async () => (await guests(single)).length === 4, "seen");
  const [guest = ""] = await guests(single);
  await send(single, "POST", "/api/alerts/silences", {
    ...{ matcher: { resource: guest }, kind: "silence", comment: "known", endsAt: Date.now() + HOUR },
  });
  await send(single, "PUT", `/api/guests/metadata/${encodeURIComponent(guest)}`, { notes: "remember" });
  await until(async () => (await figuresOf(single, guest, began)).length >= 2, "kept");
  const kept = async (of: ClusterProcess) => ({
    silences: await readJson(of, "/api/alerts/silences"),
    notes: await readJson(of, "/api/guests/metadata"),
    system: (await readJson<{ pvePollingInterval: number }>(of, "/api/config/system")).pvePollingInterval,
    cpu: (await readJson<{ guestDefaults: { cpu: object } }>(of, "/api/alerts/config")).guestDefaults.cpu,
  });
  const before = await kept(single);
  assert.match(JSON.stringify(before), /"remember".*"known"|"known".*"remember"/);

  const cluster = join(folder, "cluster");
  const adopt = () => runPulse(["cluster", "adopt", cluster, "--site", "north"], { PULSE_DATA_DIR: old });
  await t.test("one that runs is not taken over: what it sees until it ends would be lost", () => {
    const { code, said } = adopt();
    assert.deepEqual([code, /stop it first/.test(said), existsSync(join(cluster, "core"))], [1, true, false], said);
  });

  let lastFigures = await figuresOf(single, guest, began);
  await t.test("the folder of before stays as it was", async () => {
    assert.equal(await single.stop(), 0);
    const files = ["pulse.db", "pulse.yaml", "pulse.key"].map(name => join(old, name));
    const contents = () => files.map(file => readFileSync(file).toString("base64"));
    const was = contents();
    const { code, said } = adopt();
    assert.equal(code, 0, said);
    assert.deepEqual(contents(), was);
    const config = readFileSync(join(cluster, "north", "pulse.yaml"), "utf8");
    assert.match(config, /name: Buro\n\s+title: Büro/);
    assert.equal(statSync(join(cluster, "north", "pulse.yaml")).mode & 0o777, 0o600);
    assert.equal(runPulse(["cluster", "config", cluster, "--sites", "north"], {}).code, 0);
  });

  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  const key = /^PULSE_ENCRYPTION_KEY=(.*)$/m.exec(readFileSync(join(cluster, "core.env"), "utf8"))?.[1] ?? "";
  const line = { PULSE_NATS_URL: nats.url };
  const ofCore = { ...line, PULSE_NAME: "core", PULSE_ENCRYPTION_KEY: key };
  await using edge = clusterProcess({
    command: "edge",
    env: { ...line, PULSE_SITE: "north", PULSE_NAME: "edge" },
    folder: join(cluster, "north"),
  });
  await using core = clusterProcess({ command: "core", env: ofCore, folder: join(cluster, "core") });

  await t.test("the cluster goes on with all of it", async () => {
    await Promise.all([edge.start(), core.start()]);
    const moved = Date.now();
    await until(async () => (await guests(core)).length === 4, "seen");
    assert.deepEqual(await kept(core), before);
    const sites = async () => (await readJson<{ sites: object[] }>(core, "/api/cluster")).sites;
    await until(async () => (await sites()).length === 1, "told of the key");
    await send(core, "POST", "/api/config/nodes", { ...inputOf(three), name: "Entered", site: "north", interval: 5 });
    await until(async () => (await guests(core)).length === 6, "seen, too");
    await until(async () => (await figuresOf(core, guest, moved)).length >= 2, "kept");
    const figures = await figuresOf(core, guest, began);
    assert.deepEqual(figures.slice(0, lastFigures.length), lastFigures);
    // What is older than a tick and has a later one behind it stays as it is.
    const sure = Date.now();
    await until(async () => (await figuresOf(core, guest, sure)).length >= 1, "a tick later");
    lastFigures = (await figuresOf(core, guest, began)).filter(({ time }) => time < sure - TICK);
    await edge.stop();
    // A tick that finds nothing new any more has kept all that there was.
    const isKept = async () => {
      const { vms, containers } = await readJson<State>(core, "/api/state");
      return [...vms, ...containers].find(({ id }) => id === guest)?.stale === true;
    };
    await until(isKept, "kept to its end");
    assert.equal(await core.stop(), 0);
  });

  const again = join(folder, "single");
  const ofLeave = { ...ofCore, PULSE_DATA_DIR: core.folder };
  await t.test("it does not become a single Pulse again while something would be lost", () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    const { code, said } = runPulse(["cluster", "leave", again, "--edge", empty], ofLeave);
    assert.deepEqual([code, /"Buro".*would not be watched any more/.test(said)], [1, true], said);
    assert.equal(existsSync(again), false);
  });

  await t.test("and then it does", async () => {
    const { code, said } = runPulse(["cluster", "leave", again, "--edge", edge.folder], ofLeave);
    assert.equal(code, 0, said);
    await using back = clusterProcess({ command: "start", env: {}, folder: again });
    await back.start();
    await until(async () => (await guests(back)).length === 6, "seen");
    assert.deepEqual(await kept(back), before);
    const figures = await figuresOf(back, guest, began);
    assert.deepEqual(figures.slice(0, lastFigures.length), lastFigures);
  });
});
