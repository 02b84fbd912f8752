import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { STREAM } from "../../cluster/names.ts";
import { TICK } from "../../history/tiers.ts";
import { MINUTE, SECOND } from "../../kit/units.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { openLink } from "./link.ts";
import { figuresOf, missingOf, pictureOf } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { coreAt, northEdge, until, untilEqual } from "./processes.ts";

const PATIENCE = 4 * MINUTE;

// They wait for the most part, each with an estate of its own.
suite("the end of the stream is lost", { concurrency: true }, () => {
  test("when NATS is put back to an older state, an edge reads from the servers what no core had taken in by then", async () => {
    await using nats = await startNats({ servers: 1 });
    await nats.ready();
    await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
    const line = { PULSE_NATS_URL: nats.url };
    await using edge = northEdge(line, estate.instances);
    await using core = coreAt(nats.url, "one");
    await Promise.all([edge.start(), core.start()]);
    await until(async () => Object.keys((await pictureOf(core)).guests).length === 2, "shown", PATIENCE);
    const [guest = ""] = Object.keys((await pictureOf(core)).guests);
    const began = Date.now();
    await until(async () => (await figuresOf(core, guest, began)).length > 0, "kept", PATIENCE);
    const [server] = nats.servers;
    assert.ok(server);
    await core.kill();
    await server.kill();
    server.save();
    server.start();
    await nats.ready();
    const before = await lastOf(nats.url);
    // Longer than what was seen is fresh: otherwise nothing is missing.
    const from = Date.now();
    await until(async () => Date.now() - from > MINUTE && (await lastOf(nats.url)) > before + 8, "seen", PATIENCE);

    await server.restore();
    server.start();
    await nats.ready();
    await core.start();
    await until(() => edge.log().includes("or the end of it"), "noticed at the edge", PATIENCE);
    const to = Math.floor((Date.now() - 30 * SECOND) / TICK) * TICK;
    const missing = () => missingOf(core, guest, began, to);
    await until(async () => (await missing()).length === 0, "without a hole", PATIENCE).catch(async error =>
      assert.deepEqual(await missing(), [], String(error)),
    );
  });

  test("what one core has kept when NATS loses that, another one has as well that had not come to it", async () => {
    await using nats = await startNats({ servers: 1 });
    await nats.ready();
    await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
    await using link = await openLink(nats.url);
    await using edge = northEdge({ PULSE_NATS_URL: nats.url }, estate.instances);
    await using ahead = coreAt(nats.url, "core-0");
    await using behind = coreAt(link.url, "core-1");
    await Promise.all([edge.start(), ahead.start(), behind.start()]);
    await until(async () => Object.keys((await pictureOf(behind)).guests).length === 2, "shown", PATIENCE);
    const [guest = ""] = Object.keys((await pictureOf(ahead)).guests);
    const began = Date.now();
    for (const core of [ahead, behind])
      await until(async () => (await figuresOf(core, guest, began)).length > 0, "kept", PATIENCE);
    const [server] = nats.servers;
    assert.ok(server);
    link.cut();
    await server.kill();
    server.save();
    server.start();
    await nats.ready();
    const saved = Date.now();
    await until(async () => (await figuresOf(ahead, guest, saved)).length > 2, "kept what is lost then", PATIENCE);
    const lost = await figuresOf(ahead, guest, began);

    await server.restore();
    server.start();
    await nats.ready();
    link.mend();
    await until(async () => behind.log().includes("goes on with what another one remembers"), "taken over", PATIENCE);
    await untilEqual(() => Promise.all([ahead, behind].map(core => figuresOf(core, guest, began))));
    assert.deepEqual((await figuresOf(behind, guest, began)).slice(0, lost.length), lost);
  });
});

/** The number of the last entry. */
async function lastOf(url: string): Promise<number> {
  const connection = await connect({ servers: url, timeout: 5000 });
  try {
    return (await (await jetstreamManager(connection)).streams.info(STREAM)).state.last_seq;
  } finally {
    await connection.close();
  }
}
