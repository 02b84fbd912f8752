import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { JetStreamApiError } from "@nats-io/jetstream";
import type { KvEntry } from "@nats-io/kv";
import { type Marks, TELLING, Teller } from "./cluster/teller.ts";
import { FakeClock } from "./kit/clock.ts";
import { silent } from "./kit/log.ts";
import { MINUTE, SECOND } from "./kit/units.ts";
import type { Alert, TransitionKind } from "./model/alert.ts";
import { ChannelFailure } from "./notify/channels/channel.ts";
import { alertOf, NOON, Room } from "./notify/fixture.ts";
import { tellOnce } from "./tell-once.ts";

/** A bucket of NATS, in memory. */
class FakeMarks implements Marks {
  /** So many of the next answers get lost: what was asked for is done all the same. */
  lost = 0;
  readonly #clock: FakeClock;
  readonly #entries = new Map<string, { text: string; revision: number; at: number; isGone: boolean }>();
  #revision = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async get(key: string): Promise<KvEntry | null> {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    const { text, revision, at, isGone } = entry;
    const operation = isGone ? "DEL" : "PUT";
    return { operation, revision, created: new Date(at), json: () => JSON.parse(text) } as unknown as KvEntry;
  }

  async create(key: string, text: string): Promise<number> {
    const before = this.#entries.get(key);
    if (before && !before.isGone) throw overtaken();
    const revision = this.#set(key, text);
    this.lost -= 1;
    if (this.lost >= 0) throw new Error("timeout");
    return revision;
  }

  async update(key: string, text: string, revision: number): Promise<number> {
    if ((this.#entries.get(key)?.revision ?? 0) !== revision) throw overtaken();
    return this.#set(key, text);
  }

  async put(key: string, text: string): Promise<number> {
    return this.#set(key, text);
  }

  /** Loses those whose names have that. */
  forget(part: string): void {
    for (const key of [...this.#entries.keys()]) if (key.includes(part)) this.#entries.delete(key);
  }

  async delete(key: string): Promise<void> {
    this.#set(key, "", true);
  }

  #set(key: string, text: string, isGone = false): number {
    this.#revision += 1;
    this.#entries.set(key, { text, revision: this.#revision, at: this.#clock.now(), isGone });
    return this.#revision;
  }
}

function overtaken(): JetStreamApiError {
  return new JetStreamApiError({ code: 400, err_code: 10071, description: "wrong last sequence" });
}

/** Cores with one receiver, of which the first tells unless another is said to. */
class Cores {
  readonly clock = new FakeClock(NOON);
  readonly rooms: Room[];
  readonly marks = new FakeMarks(this.clock);
  readonly #tellers: Teller[];
  #teller = 0;
  #lost = new Set<number>();

  constructor(context: TestContext, count = 2) {
    const { clock } = this;
    const options = { bucket: () => this.marks, isCurrent: () => true, clock, log: silent };
    const held = (at: number) => new Map(at === this.#teller ? [[TELLING, 7]] : []);
    this.#tellers = Array.from({ length: count }, (_, at) => {
      return new Teller({ ...options, name: `core-${at}`, leases: () => ({ held: held(at) }) });
    });
    this.rooms = this.#tellers.map(teller => {
      const folder = mkdtempSync(join(tmpdir(), "pulse-tell-"));
      const room = new Room(folder, { clock, others: true, dispatch: (_, take) => tellOnce(take, teller) });
      context.after(async () => {
        await room[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true, force: true });
      });
      room.schedule.grouping.enabled = false;
      room.webhook("hook");
      room.notify.start();
      return room;
    });
  }

  /** Something happens to an alert, and these cores come to know of it. */
  happen(kind: TransitionKind, alert: Alert, cores = this.rooms.keys().toArray()): void {
    for (const at of cores) this.rooms[at]?.happen(kind, alert);
  }

  tells(core: number): void {
    this.#teller = core;
  }

  /** The core is gone: nothing is sent by it any more. */
  async lose(core: number): Promise<void> {
    this.#lost.add(core);
    await this.rooms[core]?.notify[Symbol.asyncDispose]();
  }

  async pass(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 1) {
      for (const [at, teller] of this.#tellers.entries()) if (!this.#lost.has(at)) teller.hear();
      await this.clock.advance(SECOND);
    }
  }

  /** What came since the last time it was asked: `core reason`, of what may have come before with a question mark. */
  take(): string[] {
    return this.rooms.flatMap((room, at) =>
      room.got
        .splice(0)
        .map(({ message: { reason, alerts, duplicatePossible } }) =>
          [at, reason, ...alerts.map(({ level }) => level), ...(duplicatePossible ? ["?"] : [])].join(" "),
        ),
    );
  }
}

const cpu = alertOf("cpu");
const again = alertOf("cpu", {
  metadata: { again: true, firedAt: new Date(NOON + 8 * MINUTE).toISOString() },
});

test("one core tells, and all know that it was told", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu);
  await cores.pass(5);
  assert.deepEqual(cores.take(), ["0 firing warning"]);
  cores.tells(1);
  cores.happen("resolved", cpu);
  await cores.pass(5);
  assert.deepEqual(cores.take(), ["1 resolved warning"]);
  for (const room of cores.rooms) assert.deepEqual(room.log(), ["hook firing delivered", "hook resolved delivered"]);
});

test("the end is told by a core that was away while another one told of the beginning", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu, [0]);
  await cores.pass(5);
  const dedup = cores.rooms[0]?.got[0]?.message.dedupKey;
  assert.deepEqual(cores.take(), ["0 firing warning"]);
  await cores.lose(0);
  cores.tells(1);
  // It catches up: nothing was sent in between.
  cores.happen("fired", cpu, [1]);
  cores.happen("resolved", cpu, [1]);
  await cores.pass(5);
  assert.equal(cores.rooms[1]?.got[0]?.message.dedupKey, dedup);
  assert.deepEqual(cores.take(), ["1 resolved warning"]);
});

test("what had left a core without an answer is marked by the one that tells next", async context => {
  const cores = new Cores(context);
  const [first] = cores.rooms;
  assert.ok(first);
  first.receive = () => {
    throw new ChannelFailure("unreachable", "no answer in time", { perhaps: true });
  };
  cores.happen("fired", cpu);
  await cores.pass(5);
  await cores.lose(0);
  cores.tells(1);
  await cores.pass(60);
  assert.deepEqual(cores.take(), ["1 firing warning ?"]);
});

test("its receiver knows the end under the key of the beginning, whoever told it", async context => {
  const cores = new Cores(context);
  // Another core has queued more before.
  cores.happen("fired", alertOf("other"), [1]);
  cores.happen("resolved", alertOf("other"), [1]);
  cores.happen("fired", cpu);
  await cores.pass(5);
  const dedup = cores.rooms[0]?.got[0]?.message.dedupKey;
  cores.tells(1);
  cores.happen("resolved", cpu);
  await cores.pass(5);
  assert.equal(cores.rooms[1]?.got[0]?.message.dedupKey, dedup);
});

test("the end of what nobody has told is not told", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu);
  cores.happen("resolved", cpu);
  await cores.pass(90);
  assert.deepEqual(cores.take(), []);
  for (const room of cores.rooms) assert.deepEqual(room.log(), ["hook firing cancelled", "hook resolved cancelled"]);
});

test("what the one that tells does not know of is told by another after a minute, once", async context => {
  const cores = new Cores(context, 3);
  cores.happen("fired", cpu, [1, 2]);
  await cores.pass(50);
  assert.deepEqual(cores.take(), []);
  await cores.pass(40);
  assert.match(cores.take().join(), /^[12] firing warning$/);
});

test("what becomes critical is told once more", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu);
  await cores.pass(5);
  cores.tells(1);
  cores.happen("worsened", { ...cpu, level: "critical" });
  await cores.pass(5);
  assert.deepEqual(cores.take(), ["0 firing warning", "1 firing critical"]);
});

test("a core that has yet to hear of a warning does not tell of it when another one has told that it is critical", async context => {
  const cores = new Cores(context);
  cores.happen("fired", { ...cpu, level: "critical" }, [0]);
  await cores.pass(5);
  cores.tells(1);
  cores.happen("fired", cpu, [1]);
  await cores.pass(5);
  assert.deepEqual(cores.take(), ["0 firing critical"]);
});

test("a core that is behind does not tell of what others have told to be over, also when NATS has lost that they told of its beginning", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu, [0]);
  await cores.pass(5);
  cores.happen("resolved", cpu, [0]);
  await cores.pass(5);
  assert.deepEqual(cores.take(), ["0 firing warning", "0 resolved warning"]);
  cores.marks.forget(".firing.");
  cores.tells(1);
  cores.happen("fired", cpu, [1]);
  await cores.pass(5);
  cores.happen("resolved", cpu, [1]);
  await cores.pass(5);
  assert.deepEqual(cores.take(), []);
});

test("what fires again shortly after it was over is told again, and so is its end", async context => {
  const cores = new Cores(context);
  cores.happen("fired", cpu);
  await cores.pass(5);
  cores.happen("resolved", cpu);
  await cores.pass(8 * 60);
  cores.happen("fired", again);
  await cores.pass(5);
  cores.happen("resolved", again);
  await cores.pass(5);
  assert.deepEqual(cores.take(), [
    ...["0 firing warning", "0 resolved warning"],
    ...["0 firing warning", "0 resolved warning"],
  ]);
});

test("one that waits for another core to tell does not take the channel to fail", async context => {
  const cores = new Cores(context);
  cores.tells(2);
  cores.happen("fired", cpu);
  await cores.pass(40);
  assert.deepEqual(
    cores.rooms.map(({ notify }) => notify.health().map(({ error }) => error)),
    [[null], [null]],
  );
  cores.tells(0);
  await cores.pass(20);
  assert.deepEqual(cores.take(), ["0 firing warning"]);
});

test("a reminder that the cores come to at about the same time is told once", async context => {
  const cores = new Cores(context);
  for (const room of cores.rooms) room.schedule.reminders = { enabled: true, every: 10, level: "warning" };
  cores.happen("fired", cpu);
  await cores.pass(11 * 60);
  cores.tells(1);
  await cores.pass(10 * 60 + 30);
  assert.deepEqual(cores.take().sort(), ["0 firing warning", "0 reminder warning", "1 reminder warning"]);
});

test("an answer of NATS that gets lost before anything was sent makes nothing doubtful", async context => {
  const cores = new Cores(context);
  cores.marks.lost = 1;
  cores.happen("fired", cpu);
  await cores.pass(10);
  assert.deepEqual(cores.take(), ["0 firing warning"]);
});

test("what was under way when a core ended is told by the next one, marked", async context => {
  const cores = new Cores(context);
  const [first] = cores.rooms;
  assert.ok(first);
  const receiver = Promise.withResolvers<void>();
  first.receive = () => receiver.promise;
  cores.happen("fired", cpu);
  await cores.pass(3);
  const lost = cores.lose(0);
  cores.tells(1);
  await cores.pass(20);
  assert.deepEqual(cores.take(), ["1 firing warning ?"]);
  receiver.resolve();
  await lost;
});
