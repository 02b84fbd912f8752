import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "../model/state.ts";
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
      ...(body ? { body: JSON.stringify(body), headers: { "content-type": "application/json" } } : {}),
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
  ] as const) {
    const answer = await ask("POST", "", body);
    assert.equal(answer.status, 400, JSON.stringify(body));
    assert.match(answer.body.error ?? "", error);
  }
  assert.deepEqual(await list(), []);
  assert.equal((await ask("PUT", "/nobody", { name: "x" })).status, 404);
  assert.equal((await ask("POST", "/nobody/test")).status, 404);
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
