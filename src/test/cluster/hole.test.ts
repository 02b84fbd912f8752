import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { MINUTE, type Millis, SECOND } from "../../kit/units.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { figuresOf, missingOf, pictureOf } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { coreAt, northEdge, until, wrongClock } from "./processes.ts";

const PATIENCE = 4 * MINUTE;
/** Longer than what was seen is fresh. */
const SILENCE = 50 * SECOND;

/** Of the edge that is lost, and of the one that takes over. */
// biome-ignore format: a line a case
const CLOCKS: [sentence: string, ofLost: Millis, ofNext: Millis][] = [
  ["when the one that knew of it is lost before it has asked", 0, 0],
  ["whose clock is behind, while that of the one that knew of it is ahead", 10 * MINUTE, -10 * MINUTE],
];

// They wait for the most part, each with an estate of its own.
suite("a hole", { concurrency: true }, () => {
  for (const [sentence, ofLost, ofNext] of CLOCKS)
    test(`what nobody saw is asked for by the edge that takes over, ${sentence}`, async () => {
      await using nats = await startNats({ servers: 1 });
      await nats.ready();
      await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
      const line = { PULSE_NATS_URL: nats.url };
      await using lost = northEdge({ ...line, ...wrongClock(ofLost) }, estate.instances, "lost");
      await using next = northEdge({ ...line, ...wrongClock(ofNext) }, estate.instances, "next");
      await using core = coreAt(nats.url, "one");
      await Promise.all([lost.start(), core.start()]);
      await until(async () => Object.keys((await pictureOf(core)).guests).length === 2, "shown", PATIENCE);
      const [guest = ""] = Object.keys((await pictureOf(core)).guests);
      const began = Date.now();
      const figures = () => figuresOf(core, guest, began);
      await until(async () => (await figures()).length > 0, "kept", PATIENCE);

      await lost.kill();
      const silent = Date.now();
      await until(async () => Date.now() > silent + SILENCE, "nobody looks", PATIENCE);
      for (const path of ["/cluster/metrics/export", "/nodes/*/rrddata", "/nodes/*/*/rrddata"])
        await estate.faults.cause({ kind: "latency", path, delay: 10 * MINUTE });
      await lost.start();
      const back = Date.now();
      await until(async () => ((await figures()).at(-1)?.time ?? 0) > back, "seen again", PATIENCE);
      await lost.kill();
      await estate.faults.clear();

      await next.start();
      const missing = () => missingOf(core, guest, began, back);
      assert.ok((await missing()).length > 0, "there is a hole");
      await until(async () => (await missing()).length === 0, "without a hole", PATIENCE).catch(async error =>
        assert.deepEqual(await missing(), [], String(error)),
      );
    });
});
