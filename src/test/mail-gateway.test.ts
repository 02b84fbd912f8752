import assert from "node:assert/strict";
import { test } from "node:test";
import type { State } from "../model/state.ts";
import type { Fault, HttpFault } from "../simulator/fault.ts";
import type { EstateOptions, MailGatewayOptions } from "../simulator/options.ts";
import { startPulse } from "./pulse.ts";

const estate = (more: Partial<MailGatewayOptions> = {}): EstateOptions => ({
  seed: "mail",
  clusters: [],
  mailGateways: [{ name: "mail", nodes: 2, ...more }],
});
const gatewayOf = (state: State) => state.pmg[0];
const complete = (state: State) =>
  gatewayOf(state)?.mailStats != null &&
  gatewayOf(state)?.nodes.every(({ queueStatus }) => queueStatus !== null) === true;

for (const version of ["8.2", "7.3"] as const)
  test(`a mail cluster of release ${version} is on screen: members, queues, mail, spam, quarantine`, async () => {
    await using pulse = await startPulse({ estate: estate({ version }) });
    const state = await pulse.until(complete);
    const gateway = gatewayOf(state);
    assert.deepEqual([gateway?.status, gateway?.connectionHealth, gateway?.stale], ["online", "healthy", false]);
    assert.match(gateway?.version ?? "", new RegExp(`^${version}`));
    assert.deepEqual(
      gateway?.nodes.map(({ name, role, status }) => [name, role, status]),
      [
        ["mail1", "master", "online"],
        ["mail2", "node", "online"],
      ],
    );
    assert.ok(
      gateway?.nodes.every(({ uptime, loadAvg, queueStatus }) => uptime && loadAvg && queueStatus?.total !== null),
    );
    assert.equal(gateway?.mailCount.length, 24);
    const sum = gateway?.mailCount.reduce((total, { countIn }) => total + (countIn ?? 0), 0) ?? 0;
    assert.ok(Math.abs(sum - (gateway?.mailStats?.countIn ?? 0)) < 24, `${sum} and ${gateway?.mailStats?.countIn}`);
    assert.equal(gateway?.mailStats?.averageProcessTimeMs, 438);
    assert.equal(gateway?.spamDistribution.length, 11);
    assert.ok((gateway?.quarantine?.spam ?? 0) > 0);
    assert.deepEqual(gateway?.faults, {});
    assert.match(gateway?.lastSeen ?? "", /^20\d\d-.*Z$/);
    assert.match(gateway?.lastUpdated ?? "", /^20\d\d-.*Z$/);
    assert.equal(state.connectionHealth["pmg-mail"], true);
    assert.equal(pulse.estate.requests.read().byPath["POST /access/ticket"], 1);
  });

test("a gateway on its own is a node of the type that it has", async () => {
  await using pulse = await startPulse({ estate: estate({ nodes: 1 }) });
  const state = await pulse.until(complete);
  assert.deepEqual(
    gatewayOf(state)?.nodes.map(({ name, role, status }) => [name, role, status]),
    [["mail", "-", "online"]],
  );
});

test("a member that is down is offline with the reason, and the others are as they were", async () => {
  await using pulse = await startPulse({ estate: estate() });
  await pulse.until(complete);
  await pulse.estate.faults.cause({ kind: "node-off", instance: "mail", node: "mail2" });
  const state = await pulse.until(state => gatewayOf(state)?.nodes[1]?.status === "offline");
  assert.match(gatewayOf(state)?.nodes[1]?.error ?? "", /No route to host/);
  assert.deepEqual([gatewayOf(state)?.status, gatewayOf(state)?.nodes[0]?.status], ["online", "online"]);
  await pulse.estate.faults.clear();
  await pulse.until(complete);
});

const PARTS: [sentence: string, fault: HttpFault, part: string][] = [
  ["statistics", { kind: "status", status: 500, path: "/statistics/mail" }, "statistics"],
  ["quarantine", { kind: "status", status: 403, path: "/quarantine/virusstatus" }, "virus quarantine"],
  ["queues", { kind: "status", status: 595, path: "/nodes/mail2/*" }, "hold queue of mail2"],
];
for (const [sentence, fault, part] of PARTS)
  test(`failing ${sentence} are that part's fault`, async () => {
    await using pulse = await startPulse({ estate: estate() });
    await pulse.until(complete);
    await pulse.estate.faults.cause({ ...fault, instance: "mail" });
    const state = await pulse.until(state => gatewayOf(state)?.faults[part] !== undefined);
    assert.deepEqual([gatewayOf(state)?.status, gatewayOf(state)?.stale], ["online", false]);
    assert.equal(gatewayOf(state)?.mailCount.length, 24);
    await pulse.estate.faults.clear();
    await pulse.until(state => Object.keys(gatewayOf(state)?.faults ?? { x: "" }).length === 0);
  });

const OUTAGES: [sentence: string, fault: Fault, kind: string, status: string][] = [
  ["cannot be reached", { kind: "node-off", instance: "mail", node: "mail1" }, "unreachable", "offline"],
  ["answers half of its JSON", { kind: "cut-json", instance: "mail" }, "garbled", "online"],
  ["has another password", { kind: "password-changed", instance: "mail" }, "auth", "online"],
];
for (const [sentence, fault, kind, status] of OUTAGES)
  test(`a gateway that ${sentence} is told so, and keeps its last figures`, async () => {
    await using pulse = await startPulse({ estate: estate() });
    await pulse.until(complete);
    await pulse.estate.faults.cause(fault);
    if (fault.kind === "password-changed")
      await pulse.estate.faults.cause({ kind: "tickets-expired", instance: "mail" });
    const state = await pulse.until(state => gatewayOf(state)?.stale === true);
    assert.equal(state.instances[0]?.fault?.kind, kind);
    assert.deepEqual([gatewayOf(state)?.status, gatewayOf(state)?.mailCount.length], [status, 24]);
    await pulse.estate.faults.clear();
    await pulse.until(state => gatewayOf(state)?.stale === false);
  });
