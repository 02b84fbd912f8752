import { test } from "node:test";
import { MINUTE, SECOND } from "../../kit/units.ts";
import { openEstate } from "../../simulator/estate.ts";
import { sizedEstate } from "../../simulator/presets.ts";
import { openLink } from "./link.ts";
import { figuresOf, pictureOf } from "./looks.ts";
import { startNats } from "./nats-servers.ts";
import { coreAt, northEdge, until, untilEqual } from "./processes.ts";

const PATIENCE = 4 * MINUTE;
/** Longer than what was seen is fresh. */
const SILENCE = 40 * SECOND;
/** Longer than it takes until a core that reads nothing shows what it has as old. */
const CUT_OFF = 110 * SECOND;

test("a core that heard nothing while nobody looked keeps of that time what the others keep", async () => {
  await using nats = await startNats({ servers: 1 });
  await nats.ready();
  await using estate = await openEstate({ ...sizedEstate({ nodes: 1, guests: 2 }), tick: 5 * SECOND });
  await using link = await openLink(nats.url);
  await using edge = northEdge({ PULSE_NATS_URL: nats.url }, estate.instances);
  await using core = coreAt(nats.url, "core-0");
  await using deaf = coreAt(link.url, "core-1");
  await Promise.all([edge.start(), core.start(), deaf.start()]);
  await until(async () => Object.keys((await pictureOf(deaf)).guests).length === 2, "shown", PATIENCE);
  const [guest = ""] = Object.keys((await pictureOf(core)).guests);
  const began = Date.now();
  const figures = () => Promise.all([core, deaf].map(one => figuresOf(one, guest, began)));
  await until(async () => (await figures()).every(({ length }) => length > 0), "kept", PATIENCE);

  await edge.kill();
  link.cut();
  const silent = Date.now();
  await until(async () => Date.now() > silent + SILENCE, "nobody looks", PATIENCE);
  await edge.start();
  await until(async () => Date.now() > silent + CUT_OFF, "grown old", PATIENCE);
  link.mend();
  const heard = Date.now();
  await until(async () => ((await figures())[1]?.at(-1)?.time ?? 0) > heard, "heard again", PATIENCE);
  await untilEqual(figures);
});
