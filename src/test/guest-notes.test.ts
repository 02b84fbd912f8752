import assert from "node:assert/strict";
import { test } from "node:test";
import { startPulse } from "./pulse.ts";

test("what is noted of a guest is found by every name it has, and stays when it migrates and Pulse restarts", async () => {
  await using pulse = await startPulse({ clusters: 2, nodes: 4, guests: 20 });
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { "content-type": "application/json" };
    const init = body ? { method, headers, body: JSON.stringify(body) } : { method };
    const answer = await fetch(`${pulse.url}/api/guests/metadata${path}`, init);
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : (JSON.parse(text) as Record<string, unknown>) };
  };
  const state = await pulse.until(
    ({ vms, instances }) => vms.length > 0 && instances.every(one => one.status === "online"),
  );
  const guest = state.vms.find(
    ({ instance, node, status }) => instance === "cluster1" && node === "pve1" && status === "running",
  );
  assert.ok(guest);
  const { id, vmid } = guest;
  const noted = await ask("PUT", `/${encodeURIComponent(id)}`, {
    consoleUrl: "https://console.example/1",
    notes: "The database",
  });
  assert.deepEqual(noted.body, {
    id,
    consoleUrl: "https://console.example/1",
    notes: "The database",
    customUrl: null,
    description: null,
    tags: null,
  });
  for (const name of ["nobody", "__proto__", "constructor"])
    assert.equal((await ask("PUT", `/${name}`, { notes: "x" })).status, 404, name);
  await ask("POST", `/cluster1-pve1-${vmid}`, { notes: "", tags: ["a"] });
  const now = { ...noted.body, notes: null, tags: ["a"] };
  for (const name of [id, encodeURIComponent(id), `cluster1-pve1-${vmid}`])
    assert.deepEqual((await ask("GET", `/${name}`)).body, now, name);
  assert.deepEqual((await ask("GET", "")).body, { [id]: now });

  await pulse.estate.faults.cause({ kind: "guest-migrated", instance: "cluster1", vmid, to: "pve2" });
  await pulse.until(({ vms }) => vms.some(one => one.id === id && one.node === "pve2"));
  await pulse.stopServer();
  await pulse.startServer();
  await pulse.until(({ vms }) => vms.some(one => one.id === id));
  assert.deepEqual((await ask("GET", `/cluster1-pve2-${vmid}`)).body, now);

  const twins = state.vms.filter(one =>
    state.vms.some(other => other !== one && other.node === one.node && other.vmid === one.vmid),
  );
  const twin = twins.find(one => one.vmid !== vmid);
  assert.ok(twin);
  assert.equal((await ask("PUT", `/${twin.node}/${twin.vmid}`, { notes: "x" })).status, 409);
  assert.equal((await ask("PUT", "/nobody/1", { notes: "x" })).status, 404);
  assert.equal((await ask("GET", "/nobody/1")).body?.notes, null);
  for (const [body, error] of [
    [{ consoleUrl: "javascript:alert(1)" }, /^consoleUrl: /],
    [{ customUrl: "ftp://x" }, /^customUrl: /],
    [{ notes: 5 }, /^notes: /],
    [{ tags: "a" }, /^tags: /],
  ] as const) {
    const answer = await ask("PUT", `/${id}`, body);
    assert.equal(answer.status, 400);
    assert.match(String(answer.body?.error), error);
  }
  assert.deepEqual((await ask("GET", `/${id}`)).body, now, "bad input changes nothing");
  assert.equal((await ask("DELETE", `/${id}`)).status, 204);
  assert.deepEqual((await ask("GET", "")).body, {});
});
