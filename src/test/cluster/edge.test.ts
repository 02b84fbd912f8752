import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { layFoundation } from "../../cluster/foundation.ts";
import { silent } from "../../kit/log.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { readStream, toSeen } from "./entries.ts";
import { openLink } from "./link.ts";
import { startNats, TWO_SITES } from "./nats-servers.ts";
import { clusterProcess, entriesOf, until } from "./processes.ts";

test("edges of a site share its instances; what they see outlives a cut line and a killed process", async t => {
  await using nats = await startNats({
    servers: 1,
    users: TWO_SITES,
  });
  await nats.ready();
  await using estate = await openEstate(sizedEstate({ nodes: 2, guests: 4, clusters: 0, standalone: 2 }));
  const [server] = nats.servers;
  await using link = await openLink(server?.url ?? "");
  const config = { instances: entriesOf(estate.instances) };
  const names = estate.instances.map(({ name }) => name).sort();
  const site = { PULSE_SITE: "north", PULSE_NATS_USER: "north", PULSE_NATS_PASSWORD: "of-north" };
  await using first = clusterProcess({
    command: "edge",
    env: { ...site, PULSE_NAME: "first", PULSE_NATS_URL: link.url },
    config,
  });
  await using second = clusterProcess({
    command: "edge",
    env: { ...site, PULSE_NAME: "second", PULSE_NATS_URL: nats.url },
    config,
  });
  const seenOf = async (instance: string) =>
    (await readStream(nats.url, `pulse.seen.north.${instance}.resources`)).map(toSeen);
  const times = async (instance: string) => (await seenOf(instance)).map(({ seen }) => seen.at);
  const watching = (edge: typeof first, name: string) => {
    const last = (what: string) => edge.log().lastIndexOf(`${what} instance \\"${name}\\"`);
    return last("Watching") > last("Another edge watches");
  };

  await Promise.all([first.start(), second.start()]);
  await until(() => first.log().includes("Waiting for a core"), "waiting for a core");
  const connection = await connect({ servers: nats.url, user: "core", pass: "of-cores" });
  await layFoundation(
    { connection, stream: jetstream(connection), manager: await jetstreamManager(connection) },
    silent,
  );
  await connection.close();

  await t.test("each gets its share", async () => {
    const shares = () => [first, second].map(edge => names.filter(name => watching(edge, name)).length);
    await until(() => shares().every(share => share === 1), "shared");
    await until(async () => (await Promise.all(names.map(times))).every(({ length }) => length > 0), "seen");
  });

  let restarted = 0;
  const kept = names.find(name => watching(first, name)) ?? "";
  await t.test("what it sees while its line is cut arrives, though it is killed meanwhile", async () => {
    const before = await seenOf(kept);
    link.cut();
    await until(() => first.log().includes("The line to NATS is lost"), "cut off");
    await until(() => waitingOf(first.folder) > 0, "on the disk");
    await first.kill();
    restarted = first.log().length;
    link.mend();
    await first.start();
    const fence = before.at(-1)?.fence;
    await until(async () => {
      const later = (await seenOf(kept)).filter(
        seen => seen.fence === fence && !before.some(old => old.seen.at === seen.seen.at),
      );
      return later.length >= 1;
    }, "delivered");
    const all = await times(kept);
    assert.equal(new Set(all).size, all.length, "no double");
  });

  await t.test("one that shows the name of another site is let do nothing", async () => {
    await using stranger = clusterProcess({
      command: "edge",
      env: {
        ...site,
        PULSE_NAME: "stranger",
        PULSE_NATS_URL: nats.url,
        PULSE_NATS_USER: "south",
        PULSE_NATS_PASSWORD: "of-south",
      },
      config,
    });
    await stranger.start();
    await until(() => stranger.log().includes("NATS refuses something"), "refused");
    assert.doesNotMatch(stranger.log(), /Watching instance/);
  });

  await t.test("it ends in order, and the other takes over at once what it held", async () => {
    await until(() => first.log().slice(restarted).includes("Watching instance"), "watching again");
    const mark = second.log().length;
    assert.equal(await first.stop(), 0);
    await until(() => second.log().slice(mark).includes("Watching instance"), "taken over");
  });
});

/** How many looks at resources wait on the disk of an edge for its line. NOTE: nobody else may open its database while it runs. */
function waitingOf(folder: string): number {
  const copy = mkdtempSync(join(tmpdir(), "pulse-copy-"));
  try {
    for (const name of ["pulse.db", "pulse.db-wal"]) copyFileSync(join(folder, name), join(copy, name));
    using database = new DatabaseSync(join(copy, "pulse.db"));
    const count = "SELECT count(*) AS entries FROM cluster_outbox WHERE subject LIKE '%.resources'";
    return Number(database.prepare(count).get()?.entries);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
