import assert from "node:assert/strict";
import { test } from "node:test";
import { jetstream } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { toBody } from "../../cluster/entry.ts";
import { resourcesSubject } from "../../cluster/names.ts";
import { SECOND } from "../../kit/units.ts";
import { ClusterReport } from "../../model/cluster-report.ts";
import { misfitsOf } from "../../model/misfits.ts";
import type { State } from "../../model/state.ts";
import { openEstate } from "../../simulator/estate.ts";
import type { EstateOptions } from "../../simulator/options.ts";
import { readJson } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { clusterProcess, northEdge, until } from "./processes.ts";

const ESTATE: EstateOptions = {
  seed: "others",
  clusters: [{ name: "home", nodes: 2, guests: 8, nodePrefix: "pve" }],
  backupServers: [
    {
      name: "vault",
      datastores: [
        { name: "main", size: 1000, fill: 0.5, namespaces: [{ path: "" }, { path: "home", cluster: "home" }] },
      ],
    },
  ],
  mailGateways: [{ name: "mail", nodes: 2 }],
};

/** What a core makes in NATS: two streams, and four buckets. */
const STREAMS = 6;

test("Backup Server and Mail Gateway are on a core as on a single Pulse, and it skips nothing of what sources see", async t => {
  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  await using estate = await openEstate({ ...ESTATE, tick: 5 * SECOND });
  const line = { PULSE_NATS_URL: nats.url };
  await using edge = northEdge(line, estate.instances);
  await using core = clusterProcess({
    command: "core",
    env: { ...line, PULSE_NAME: "core", PULSE_ENCRYPTION_KEY: "2".repeat(64) },
  });
  await Promise.all([edge.start(), core.start()]);
  const state = () => readJson<State>(core, "/api/state");

  await t.test("the Backup Server: load, datastores, namespaces, archives of guests", async () => {
    await until(async () => {
      const { pbs, pbsBackups } = await state();
      const [server] = pbs;
      return (
        server?.status === "online" &&
        server.datastores[0]?.namespaces.length === 2 &&
        server.tasks.length > 0 &&
        pbsBackups.some(({ guestId }) => guestId?.startsWith("home:guest:"))
      );
    }, "on the core");
    const [server] = (await state()).pbs;
    assert.deepEqual([server?.id, server?.connectionHealth, server?.faults], ["vault", "healthy", {}]);
  });

  await t.test("the Mail Gateway: its nodes, what came and went, its quarantine", async () => {
    await until(async () => (await state()).pmg[0]?.status === "online", "on the core");
    const { pmg, connectionHealth } = await state();
    assert.equal(pmg[0]?.nodes.length, 2);
    assert.ok(pmg[0]?.mailStats && pmg[0].quarantine, JSON.stringify(pmg[0]));
    assert.deepEqual(Object.keys(connectionHealth).sort(), ["pbs-vault", "pmg-mail", "pve-home"]);
  });

  await t.test("the core tells how all of it fares", async () => {
    const report = () => readJson<ClusterReport>(core, "/api/cluster");
    await until(async () => {
      const { instances, edges, cores, streams } = await report();
      const isHeld = instances.length === 3 && instances.every(({ holder }) => holder === "edge");
      return isHeld && edges[0]?.holds.length === 3 && cores[0]?.tells === true && streams.length === STREAMS;
    }, "complete");
    const told = await report();
    assert.deepEqual(misfitsOf(ClusterReport, told), []);
    assert.deepEqual([told.self, told.nats.answers, told.nats.servers, told.skipped], ["core", true, [nats.url], []]);
    assert.deepEqual(
      told.edges.map(({ site, name, silentSince }) => [site, name, silentSince]),
      [["north", "edge", null]],
    );
    const [stream] = told.streams;
    assert.deepEqual([stream?.name, stream?.copies, (stream?.messages ?? 0) > 10], ["PULSE", 1, true]);
    const [own] = told.cores;
    assert.ok((own?.position ?? 0) > 10 && own?.silentSince === null && !own.alone && /^\d/.test(own.version));
    const connection = await connect({ servers: nats.url });
    const stranger = { fence: 1e9, seen: { guests: "none" } } as never;
    await jetstream(connection).publish(resourcesSubject("north", "vault"), toBody(stranger));
    await connection.close();
    await until(async () => (await report()).skipped.length === 1, "told of what is skipped");
    const [skipped] = (await report()).skipped;
    assert.deepEqual([skipped?.site, skipped?.instance, skipped?.count], ["north", "vault", 1]);
    await edge.stop();
    await until(async () => {
      const { edges, instances } = await report();
      return edges[0]?.silentSince !== null && instances.every(one => one.holder === null && one.silentSince !== null);
    }, "silent");
    await nats.servers[0]?.kill();
    await until(async () => {
      const { nats: line, streams } = await report();
      return !line.answers && line.server === null && streams.length === STREAMS;
    }, "told of NATS, with what was last known");
    nats.servers[0]?.start();
    await edge.start();
    await until(async () => (await report()).instances.every(({ holder }) => holder === "edge"), "held again");
  });

  await t.test("one that does not answer any more is told as one of a single Pulse is", async () => {
    const node = estate.instances.find(({ name }) => name === "vault")?.endpoints[0]?.node ?? "";
    await estate.faults.cause({ kind: "node-off", instance: "vault", node });
    await until(async () => {
      const { instances, pbs, pmg } = await state();
      const isOff = instances.find(({ id }) => id === "vault")?.status === "offline";
      return isOff && pbs[0]?.stale === true && pmg[0]?.stale === false;
    }, "offline and stale, and the other is not");
  });

  assert.equal(core.log().split("was skipped").length, 2, "only that one, once");
});
