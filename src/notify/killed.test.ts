import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { systemClock } from "../kit/clock.ts";
import { dispatcher } from "./dispatch.ts";
import { alertOf, Room } from "./fixture.ts";
import { openReceiver } from "./outbound/recording-receiver.ts";
import { WayOut } from "./way-out.ts";

/** So many alerts are queued, a transaction each. */
const ALERTS = 40;

/** What the child does: it queues alerts and says of each that it is queued, and sends until nothing waits or it is killed. */
async function queueAndSend(folder: string, port: string, first: number): Promise<void> {
  const now = () => systemClock.now();
  const wayOut = new WayOut(["127.0.0.1/32"], now);
  const room = new Room(folder, { clock: systemClock, dispatch: book => dispatcher(book, () => wayOut.post, now) });
  const template = '{"id": {{toJson .ID}}, "duplicate": {{.DuplicatePossible}}}';
  if (room.book.webhooks.length === 0) room.webhook("a", { url: `http://127.0.0.1:${port}/`, template });
  room.schedule.grouping.enabled = false;
  // What was queued by an earlier run fires still.
  for (let at = 0; at < first; at++) room.firing.set(`x${at}`, alertOf(`x${at}`));
  room.notify.start();
  for (let at = first; at < ALERTS; at++) {
    room.happen("fired", alertOf(`x${at}`));
    process.stdout.write(`x${at}\n`);
    await pass(5);
  }
  while (room.notify.health().some(({ waiting }) => waiting > 0)) await pass(50);
  process.exit(0);
}

interface Moment {
  sentence: string;
  /** The child is killed when so many were queued. */
  queued?: number;
  /** The child is killed when the receiver has so many, before it answers. */
  taken?: number;
  /** The child is killed when the receiver has answered so many. */
  answered?: number;
}

const MOMENTS: Moment[] = [
  { sentence: "after the first was queued", queued: 1 },
  { sentence: "while it queues", queued: 25 },
  { sentence: "before the first was answered", taken: 1 },
  { sentence: "before a later one was answered", taken: 23 },
  { sentence: "as soon as the first was answered", answered: 1 },
  { sentence: "as soon as a later one was answered", answered: 17 },
];

const [folderToFill, portToAsk = "", firstToQueue] = process.argv.slice(2);
if (folderToFill !== undefined) await queueAndSend(folderToFill, portToAsk, Number(firstToQueue));
else
  for (const moment of MOMENTS)
    test(`killed ${moment.sentence}, nothing is lost, and one at most comes twice and says so`, async context => {
      const { told, queued } = await killAndGoOn(context, moment);
      const times = Map.groupBy(told, ({ id }) => id);
      assert.deepEqual(
        Array.from({ length: ALERTS }, (_, at) => `x${at}`).filter(id => queued.has(id) && !times.has(id)),
        [],
      );
      const twice = [...times.values()].filter(of => of.length > 1);
      assert.ok(twice.length <= 1 && twice.every(of => of.length === 2));
      assert.deepEqual(
        twice.flatMap(of => of.map(({ duplicate }) => duplicate)),
        twice.length === 0 ? [] : [false, true],
      );
      if (moment.taken !== undefined) assert.equal(twice.length, 1);
    });

/** Lets a child be killed at the moment and another one go on; what the receiver was told, and what was said to be queued. */
async function killAndGoOn(context: TestContext, { queued: enough, taken, answered }: Moment) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-notify-"));
  const told: { id: string; duplicate: boolean }[] = [];
  const queued = new Set<string>();
  let kill = () => {};
  const { port } = await openReceiver(context, (response, { body }) => {
    told.push(JSON.parse(body.toString()) as (typeof told)[number]);
    if (told.length === taken) return kill();
    response.end("ok");
    if (told.length === answered) response.once("finish", () => kill());
  });
  const run = async (first: number) => {
    const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, folder, `${port}`, `${first}`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    kill = () => void child.kill("SIGKILL");
    const lines = createInterface({ input: child.stdout });
    lines.on("line", line => {
      queued.add(line);
      if (queued.size === enough) kill();
    });
    await Promise.all([once(lines, "close"), once(child, "close")]);
    kill = () => {};
  };
  await run(0);
  await run(queued.size);
  rmSync(folder, { recursive: true, force: true });
  return { told, queued };
}
