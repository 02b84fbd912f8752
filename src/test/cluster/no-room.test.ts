import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { jetstream, jetstreamManager, StorageType } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { STREAM, STREAM_SUBJECTS } from "../../cluster/names.ts";
import { systemClock } from "../../kit/clock.ts";
import { type Bytes, HOUR, MIB, MINUTE, SECOND } from "../../kit/units.ts";
import type { ClusterReport } from "../../model/cluster-report.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { openSmallDisk } from "../small-disk.ts";
import { figuresOf, missingOf, pictureOf, readJson, send } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { type ClusterProcess, clusterProcess, coreAt, northEdge, until, untilEqual } from "./processes.ts";

const ROOM: Bytes = 12 * MIB;
/** Longer than the ticks are said afterwards that could not be stored. */
const SILENCE = 80 * SECOND;

const interval = (core: ClusterProcess) =>
  readJson<{ pvePollingInterval: number }>(core, "/api/config/system").then(read => read.pvePollingInterval);
const change = (core: ClusterProcess, to: number) =>
  send(core, "PUT", "/api/config/system", { pvePollingInterval: to });

/** Stores what takes all the room that NATS has, and goes on with that until it is disposed of, which gives it back. */
async function fill(url: string): Promise<AsyncDisposable> {
  const connection = await connect({ servers: url });
  const [stream, manager] = [jetstream(connection), await jetstreamManager(connection)];
  await manager.streams.add({ name: "OTHER", subjects: ["other"], storage: StorageType.File });
  let isFilling = true;
  let size: Bytes = 64 * 1024;
  const filling = (async () => {
    while (isFilling)
      await stream.publish("other", new Uint8Array(size)).catch(async () => {
        size = 256;
        await systemClock.sleep(20);
      });
  })();
  return {
    async [Symbol.asyncDispose]() {
      isFilling = false;
      await filling;
      await manager.streams.delete("OTHER");
      await connection.close();
    },
  };
}

// They wait for the most part, each with servers of its own.
suite("no room", { concurrency: true }, () => {
  test("while NATS has no room nothing is agreed on, which is told once, with the reason; with room all goes on, and nothing is missing", async () => {
    await using nats = await startNats({ servers: 1, room: ROOM });
    await nats.ready();
    const connection = await connect({ servers: nats.url });
    // As the documentation has it made where there is less room than cores ask for.
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: STREAM, subjects: STREAM_SUBJECTS, max_bytes: ROOM / 4, allow_direct: true });
    await connection.close();
    await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
    await using edge = northEdge({ PULSE_NATS_URL: nats.url }, estate.instances);
    await using one = coreAt(nats.url, "one");
    await using two = coreAt(nats.url, "two");
    const cores = [one, two];
    await Promise.all([edge, ...cores].map(each => each.start()));
    for (const core of cores)
      await until(async () => Object.keys((await pictureOf(core)).guests).length === 2, "shown");
    const [guest = ""] = Object.keys((await pictureOf(one)).guests);
    const began = Date.now();
    await until(async () => (await figuresOf(two, guest, began)).length > 0, "kept");
    await change(one, 20);
    const refusal = async (core: ClusterProcess) => (await readJson<ClusterReport>(core, "/api/cluster")).nats.refuses;
    const times = (process: ClusterProcess, said: string) => process.log().split(said).length - 1;

    const full = await fill(nats.url);
    const filled = Date.now();
    for (const core of cores) await until(async () => (await refusal(core)) !== null, "told", MINUTE);
    await until(() => times(edge, "NATS does not store what it is given") === 1, "told by the edge", MINUTE);
    for (const core of cores) assert.equal((await refusal(core))?.reason, "insufficient resources");
    await assert.rejects(change(two, 30), / 503 .*NATS does not store it: insufficient resources/);
    await until(() => Date.now() > filled + SILENCE, "silent");
    await full[Symbol.asyncDispose]();

    for (const core of cores) await until(async () => (await refusal(core)) === null, "stored again", MINUTE);
    const back = Date.now();
    for (const core of cores) {
      await until(async () => ((await figuresOf(core, guest, began)).at(-1)?.time ?? 0) > back, "judged again", MINUTE);
      assert.equal(await interval(core), 20);
    }
    await change(two, 30);
    await untilEqual(() => Promise.all(cores.map(async core => [await pictureOf(core), await interval(core)])));
    for (const core of cores) assert.deepEqual(await missingOf(core, guest, began, back), []);
    await untilEqual(() => Promise.all(cores.map(core => figuresOf(core, guest, began, back))));
    for (const process of [edge, ...cores])
      assert.deepEqual(
        [times(process, "NATS does not store what it is given"), times(process, "NATS stores again what it is given")],
        [1, 1],
      );
  });

  test("a core whose own disk is full does what was changed meanwhile once there is room", async context => {
    const disk = openSmallDisk();
    if (!disk) return context.skip("only root may mount a disk");
    context.after(() => disk[Symbol.dispose]());
    const folder = join(disk.folder, "two");
    mkdirSync(folder);
    await using nats = await startNats({ servers: 1 });
    await nats.ready();
    await using one = coreAt(nats.url, "one");
    const env = { PULSE_NATS_URL: nats.url, PULSE_NAME: "two", PULSE_ENCRYPTION_KEY: "0".repeat(64) };
    await using two = clusterProcess({ command: "core", env, folder });
    const cores = [one, two];
    await Promise.all(cores.map(core => core.start()));
    await until(async () => (await change(one, 20)) !== undefined, "agreed on");
    await untilEqual(() => Promise.all(cores.map(interval)));

    disk.fill();
    const isWritable = async () =>
      (await readJson<{ database: { writable: boolean } }>(two, "/api/health")).database.writable;
    await until(async () => !(await isWritable()), "full", MINUTE);
    const silence = (core: ClusterProcess, comment: string) =>
      send(core, "POST", "/api/alerts/silences", {
        ...{ matcher: { resource: "home:guest:101" }, kind: "silence", comment: comment.repeat(400) },
        endsAt: Date.now() + HOUR,
      });
    const silences = (core: ClusterProcess) => readJson<object[]>(core, "/api/alerts/silences");
    await silence(one, "a");
    await assert.rejects(silence(two, "b"), / 503 .*It is stored, and counts here once .*: the disk is full/);
    await change(one, 30);
    disk.empty();

    await untilEqual(() => Promise.all(cores.map(async core => [await silences(core), await interval(core)])));
    assert.deepEqual([(await silences(two)).length, await interval(two)], [2, 30]);
  });
});
