import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { InstanceSettings } from "../model/instance-settings.ts";
import type { State } from "../model/state.ts";
import { openEstate } from "../simulator/estate.ts";
import { sizedEstate } from "../simulator/presets.ts";
import { startPulse, type TestPulse } from "./pulse.ts";

interface Configured {
  id: string;
  name: string;
  status: string;
  locked: boolean;
  [field: string]: unknown;
}

/** The API of configured instances, as a client of it sees it. */
function apiOf({ url }: TestPulse) {
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}/api/config/nodes${path}`, {
      method,
      // A connection that is kept alive does not live through a restart of the server.
      headers: { connection: "close", ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> & { error?: string } };
  };
  const list = async () => (await ask("GET", "")).body as unknown as Configured[];
  return { ask, list };
}

/** A Pulse that has nothing configured, beside an estate with two clusters. */
async function startEmpty() {
  const pulse = await startPulse({ clusters: 2, nodes: 6, configured: [] });
  const [first, second] = pulse.estate.instances;
  assert.ok(first && second);
  const inputFor = (info: typeof first, node = 0) => ({
    type: "pve",
    name: `The ${info.name}`,
    host: info.endpoints[node]?.url,
    tokenName: info.tokenId,
    tokenValue: info.tokenSecret,
    fingerprint: info.endpoints[node]?.fingerprint,
  });
  return { pulse, first, second, inputFor, ...apiOf(pulse) };
}

const online = (id: string) => (state: State) =>
  state.instances.some(one => one.id === id && one.status === "online" && one.endpoints.length === 3);

test("an instance is tried out, added, watched at once, changed, and removed with everything in it", async () => {
  const { pulse, first, inputFor, ask, list } = await startEmpty();
  await using _ = pulse;
  const { tokenValue, ...rest } = inputFor(first);
  const wrong = await ask("POST", "/test-connection", { ...rest, tokenValue: "wrong" });
  assert.equal(wrong.status, 400);
  assert.equal(wrong.body.fault, "auth");
  const tried = await ask("POST", "/test-connection", { ...rest, tokenValue });
  assert.equal(tried.status, 200);
  assert.match(String(tried.body.message), /^Connected to Proxmox VE 9\.1\.\d+, cluster "cluster1" of 3 nodes$/);
  assert.equal(tried.body.fingerprint, rest.fingerprint);

  const added = await ask("POST", "", { ...rest, tokenValue });
  assert.deepEqual(added, { status: 201, body: { status: "success", id: "The-cluster1" } });
  const state = await pulse.until(online("The-cluster1"));
  assert.ok(state.vms.length > 0 && state.vms.every(({ instance }) => instance === "The-cluster1"));
  const [listed] = await list();
  assert.equal(listed?.name, "The cluster1");
  assert.equal(listed?.status, "connected");
  assert.ok(!JSON.stringify(listed).includes(tokenValue), "the secret never comes back");
  assert.equal((await ask("POST", "/The-cluster1/test")).status, 200);
  const moved = { ...rest, host: inputFor(first, 1).host, fingerprint: inputFor(first, 1).fingerprint };
  assert.equal((await ask("POST", "/test-connection", moved)).status, 400);
  const keptSecret = await ask("POST", "/test-connection", { ...moved, id: "The-cluster1" });
  assert.equal(keptSecret.status, 200, "a change is tried with the secret that is kept");
  assert.equal((await ask("POST", "/test-connection", { id: "nobody" })).status, 404);

  const before = await list();
  assert.equal((await ask("PUT", "/The-cluster1", before[0])).status, 200);
  await pulse.until(online("The-cluster1"));
  const stable = ({ status: _, error: __, clusterEndpoints: ___, ...rest }: Configured) => rest;
  assert.deepEqual((await list()).map(stable), before.map(stable), "what GET gave, PUT back, changes nothing");
  await ask("PUT", "/The-cluster1", { name: "Renamed", interval: 20 });
  const renamed = await pulse.until(({ instances }) => instances[0]?.name === "Renamed");
  assert.equal(renamed.instances[0]?.interval, 20_000);

  await pulse.stopServer();
  await pulse.startServer();
  await pulse.until(online("The-cluster1"));

  assert.equal((await ask("DELETE", "/The-cluster1")).status, 200);
  const gone = await pulse.state();
  for (const collection of [gone.instances, gone.nodes, gone.vms, gone.containers, gone.storage])
    assert.equal(collection.length, 0);
  assert.equal((await ask("DELETE", "/The-cluster1")).status, 404);
  assert.deepEqual(await list(), []);
});

test("a cluster that is watched already is not added twice, through whichever member", async () => {
  const { pulse, first, second, inputFor, ask } = await startEmpty();
  await using _ = pulse;
  await ask("POST", "", inputFor(first));
  await pulse.until(online("The-cluster1"));
  const same = await ask("POST", "", inputFor(first));
  assert.deepEqual(
    [same.status, /this address is watched as "The cluster1" already/.test(same.body.error ?? "")],
    [409, true],
  );
  const member = await ask("POST", "", inputFor(first, 1));
  assert.deepEqual([member.status, /member of a cluster that is watched/.test(member.body.error ?? "")], [409, true]);
  const renamed = { ...inputFor(first, 1), host: inputFor(first, 1).host?.replace(/127\.\d+\.\d+\.\d+/, "localhost") };
  assert.equal((await ask("POST", "", renamed)).status, 201, "an address that does not answer cannot be told apart");
  assert.equal((await ask("POST", "", inputFor(second))).status, 201);
  assert.equal((await ask("PUT", "/The-cluster2", { host: inputFor(first, 2).host })).status, 409);
});

test("bad input is named, and nothing is kept of it", async () => {
  const { pulse, first, inputFor, ask, list } = await startEmpty();
  await using _ = pulse;
  for (const [body, error] of [
    [{}, /^type: missing/],
    [{ type: "pvx" }, /^type: /],
    [{ ...inputFor(first), host: 5 }, /^host: /],
    [{ ...inputFor(first), host: "http://" }, /^host: /],
    [{ ...inputFor(first), tokenValue: "" }, /^tokenValue: missing/],
    [{ ...inputFor(first), interval: 1 }, /^interval: /],
    [{ ...inputFor(first), ca: "x" }, /^ca: give a fingerprint or authorities/],
    [{ ...inputFor(first), fingerprint: "", ca: "no certificate" }, /^ca: holds no certificate/],
    [
      { ...inputFor(first), fingerprint: "", ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
      /^ca: .* be read/,
    ],
  ] as const) {
    const answer = await ask("POST", "", body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.body.error ?? "", error);
  }
  assert.deepEqual(await list(), []);
  assert.equal((await ask("PUT", "/nobody", { name: "x" })).status, 404);
  assert.equal((await ask("POST", "/nobody/test")).status, 404);
});

test("a standalone server is not added again under another address", async () => {
  const { pulse, inputFor, ask } = await startEmpty();
  await using _ = pulse;
  await using estate = await openEstate(sizedEstate({ nodes: 1, guests: 2, clusters: 1 }));
  const [alone] = estate.instances;
  assert.ok(alone);
  assert.equal((await ask("POST", "", inputFor(alone))).status, 201);
  const host = inputFor(alone).host?.replace(/127\.\d+\.\d+\.\d+/, "[::ffff:$&]");
  const answers = await fetch(`${host}/`).then(
    () => true,
    (error: Error) => String(error.cause).includes("certificate"),
  );
  assert.ok(answers, "the estate answers at the other address too");
  const again = await ask("POST", "", { ...inputFor(alone), host });
  assert.equal(again.status, 409, JSON.stringify(again.body));
  assert.match(again.body.error ?? "", /^host: this server, by its certificate, is watched as/);
});

test("an instance that pulse.yaml has too is watched once, as it stands there", async () => {
  await using pulse = await startPulse({ configured: [] });
  const { ask, list } = apiOf(pulse);
  const entered = { type: "pve", name: "home", host: "127.0.0.9:1", tokenName: "a@pam!b", tokenValue: "c" };
  await ask("POST", "", entered);
  await ask("POST", "", { ...entered, name: "twin", host: "127.0.0.9:2" });
  await pulse.stopServer();
  const inYaml = (name: string, host: string): InstanceSettings => ({
    name,
    type: "pve",
    host,
    credentials: { kind: "token", id: "a@pam!b", secret: "c" },
    trust: { kind: "ca", ca: null },
    interval: 10_000,
  });
  await pulse.startServer([inYaml("home", "https://127.0.0.9:3"), inYaml("other", "https://127.0.0.9:2")]);
  assert.deepEqual(
    (await list()).map(({ id, host, locked }) => [id, host, locked]),
    [
      ["home", "https://127.0.0.9:3", true],
      ["other", "https://127.0.0.9:2", true],
    ],
  );
  assert.equal((await ask("DELETE", "/home")).status, 403);
  await pulse.stopServer();
  await pulse.startServer();
  assert.deepEqual(
    (await list()).map(({ id }) => id),
    ["home", "twin"],
    "out of pulse.yaml, the kept ones are back",
  );
});

test("while pulse.key is gone nothing is kept, and the answer says so", async () => {
  await using pulse = await startPulse({ configured: [] });
  const { ask, list } = apiOf(pulse);
  const entered = { type: "pve", name: "home", host: "127.0.0.9:1", tokenName: "a@pam!b", tokenValue: "c" };
  const key = join(pulse.dataDir, "pulse.key");
  const kept = readFileSync(key);
  rmSync(key);
  const refused = await ask("POST", "", entered);
  assert.equal(refused.status, 503);
  assert.match(refused.body.error ?? "", /^pulse\.key can no longer be read/);
  assert.deepEqual(await list(), []);
  writeFileSync(key, kept);
  assert.equal((await ask("POST", "", entered)).status, 201);
});

test("an IPv6 address needs no brackets, and DELETE no body though it says it has one", async () => {
  await using pulse = await startPulse({ configured: [] });
  const { ask, list } = apiOf(pulse);
  await ask("POST", "", { type: "pve", name: "six", host: "fd00::9", tokenName: "a@pam!b", tokenValue: "c" });
  assert.equal((await list())[0]?.host, "https://[fd00::9]:8006");
  const headers = { "content-type": "application/json" };
  const gone = await fetch(`${pulse.url}/api/config/nodes/six`, { method: "DELETE", headers });
  assert.equal(gone.status, 200);
  const empty = await fetch(`${pulse.url}/api/config/nodes`, { method: "POST", headers });
  assert.equal(empty.status, 400);
});

test("what stands in pulse.yaml is shown, and locked", async () => {
  await using pulse = await startPulse();
  const { ask, list } = apiOf(pulse);
  await pulse.until(online("cluster1"));
  const [listed] = await list();
  assert.equal(listed?.locked, true);
  const configuration = (await (await fetch(`${pulse.url}/api/config`)).json()) as {
    nodes: Configured[];
    system: object;
  };
  assert.deepEqual(
    configuration.nodes.map(({ id }) => id),
    ["cluster1"],
  );
  const secrets = pulse.estate.instances.flatMap(({ tokenSecret, password }) => [tokenSecret, password]);
  assert.ok(secrets.every(secret => !JSON.stringify(configuration).includes(secret)));
  const refused = await ask("PUT", "/cluster1", { name: "x" });
  assert.deepEqual([refused.status, refused.body.error], [403, '"cluster1" stands in pulse.yaml; change it there']);
  assert.equal((await ask("DELETE", "/cluster1")).status, 403);
  assert.equal((await ask("POST", "/cluster1/test")).status, 200);
});
