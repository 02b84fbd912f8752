import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { EnteredBook } from "./cluster/entered-book.ts";
import { Entries, type Read, TICK, toTickBody } from "./cluster/entries.ts";
import { toBody } from "./cluster/entry.ts";
import { instanceSubject, resourcesSubject, subjectOf, TICK_SUBJECT } from "./cluster/names.ts";
import { type Position, PositionBook, WARM } from "./cluster/position.ts";
import { type FedRooms, feedOf } from "./core-feed.ts";
import { History } from "./history/history.ts";
import { METRICS, samplesOf } from "./history/metrics.ts";
import { Inventory } from "./inventory/inventory.ts";
import { silent } from "./kit/log.ts";
import { type Instant, MINUTE, type Millis, SECOND } from "./kit/units.ts";
import type { WatchedInstance } from "./model/instance-settings.ts";
import type { Observation } from "./model/observation.ts";
import { Database } from "./store/database.ts";
import { randomNumbers } from "./test/random-numbers.ts";

// Whatever comes in whatever order, and whoever is killed or begins meanwhile: all cores come to the same history.

const START = Date.UTC(2026, 0, 1);
const LENGTH: Millis = 8 * MINUTE;
const HOME: WatchedInstance = {
  ...{ name: "home", type: "pve", host: "https://pve1:8006", interval: 10 * SECOND },
  credentials: { kind: "token", id: "a@pve!b", secret: "" },
  trust: { kind: "any" },
};
const RESOURCES = ["home:node:pve1", "home:guest:101", "home:guest:102"];

/** A core without NATS: on `folder`, from what it finds there. */
class FeltCore {
  readonly folder: string;
  readonly #database: Database;
  readonly #history: History;
  readonly #entries: Entries;
  readonly #positions: PositionBook;
  readonly #inventory: Inventory;

  constructor(folder: string) {
    this.folder = folder;
    const database = Database.open(folder, "a");
    this.#database = database;
    const history = new History(database);
    this.#history = history;
    this.#positions = new PositionBook(database, () => history.keptSince);
    const inventory = new Inventory([]);
    this.#inventory = inventory;
    const instances: WatchedInstance[] = [];
    const rooms = {
      ...{ inventory, history, log: silent, publish: () => {} },
      ingest: (seen: Observation) => void inventory.apply(seen),
      judge: (at: Instant, beside: () => void) =>
        history.record(at, samplesOf(inventory.picture), { write: beside, durability: "lazy" }),
    };
    const kept = () => this.#positions.all().at(-1)?.judged || null;
    const entered = new EnteredBook(database);
    this.#entries = new Entries({ database, entered, kept, fed: feedOf(() => rooms, instances), log: silent });
    for (const instance of this.#entries.instances.all()) {
      instances.push(instance);
      inventory.admit(instance, START);
    }
  }

  /** As it does after a start: from a little before what is kept. `stream`: what lies there; `made`: which it is. */
  begin(stream: readonly Read[], made: string): void {
    const last = this.#positions.all().at(-1);
    this.#positions.open(made);
    if (!last) this.read(stream);
    else if (last.stream !== made) this.startAnew(stream, made);
    else
      this.#warmUp(
        stream,
        ({ sequence }) => sequence < last.warm,
        ({ sequence }) => sequence <= last.sequence,
      );
  }

  /** The stream is another one than that which it has read. */
  startAnew(stream: readonly Read[], made: string): void {
    const last = this.#positions.all().at(-1);
    this.#positions.open(made);
    this.#entries.startAnew();
    this.#positions.startAnew();
    if (!last) this.read(stream);
    else
      this.#warmUp(
        stream,
        ({ stored }) => stored <= last.tick - WARM,
        ({ stored }) => stored <= last.tick,
      );
  }

  /** Nothing was read until `at`, so that what it shows grew old; then it goes on from what it has kept. */
  growOld(stream: readonly Read[], made: string, at: Instant): void {
    this.#inventory.age(at);
    this.#entries.startAnew();
    this.begin(stream, made);
  }

  #warmUp(stream: readonly Read[], isBefore: (entry: Read) => boolean, isKept: (entry: Read) => boolean): void {
    const latest = new Map(stream.map(entry => [entry.subject, entry]));
    for (const kind of ["pulse.instance.", "pulse.seen."])
      for (const [subject, entry] of latest)
        if (subject.startsWith(kind) && isBefore(entry)) this.#entries.recall(entry);
    for (const entry of stream.filter(one => !isBefore(one))) this.#apply(entry, isKept(entry));
  }

  read(entries: readonly Read[]): void {
    for (const entry of entries) this.#apply(entry, false);
  }

  #apply(entry: Read, isKept: boolean): void {
    this.#positions.begin(entry.sequence);
    const keep = () => this.#positions.keep(entry.sequence, entry.stored, { command: 0, judged: this.#entries.tickAt });
    this.#entries.apply(entry, isKept ? null : keep);
  }

  get position(): Position | undefined {
    return this.#positions.all().at(-1);
  }

  get counts() {
    return this.#entries.counts;
  }

  /** All that it would show of that time, in points of several lengths. */
  past(): unknown {
    const metrics = (resource: string) => METRICS[resource.includes("node") ? "node" : "guest"];
    return [1, 3, 6].map(span =>
      RESOURCES.map(resource =>
        metrics(resource).map(({ name }) =>
          this.#history.range(resource, name, START, START + LENGTH, LENGTH / (span * TICK)),
        ),
      ),
    );
  }

  /** Killed: what is on its disk stays. */
  end(): string {
    this.#database[Symbol.dispose]();
    return this.folder;
  }
}

function look(at: Instant, random: () => number): Observation {
  const node = { id: "home:node:pve1", node: "pve1", name: "pve1", status: "online", cpu: random() };
  const guests = [101, 102].map(vmid => ({
    ...{ id: `home:guest:${vmid}`, vmid, name: `vm${vmid}`, node: "pve1", type: "qemu", status: "running" },
    ...{ cpu: random(), networkIn: Math.round(random() * 1000) },
  }));
  const lists = { nodes: [node], guests: random() < 0.1 ? guests.slice(1) : guests, storages: [], endpoints: [] };
  const about = { kind: "seen", scope: "resources", instance: "home", at, took: Math.round(random() * 400) };
  return { ...about, interval: 10 * SECOND, ...lists } as unknown as Observation;
}

/** What a server remembers of a resource, of some time before `at`. */
function remembered(at: Instant, random: () => number): Observation {
  const resource = RESOURCES[Math.floor(random() * RESOURCES.length)] ?? "";
  const steps = 1 + Math.floor(random() * 12);
  const from = (Math.floor(at / TICK) - steps - Math.floor(random() * 6)) * TICK;
  const starts = Array.from({ length: steps }, (_, step) => from + step * TICK);
  const frame = { step: TICK, metrics: { cpu: { starts, means: starts.map(() => random() * 100) } } };
  const of = resource.includes("node") ? "node" : "guest";
  const about = { kind: "seen", scope: "past", instance: "home", at, took: 0, interval: 0 };
  return { ...about, resource, of, frames: [frame], whole: false } as Observation;
}

/** Eight minutes of two edges, whose lines are cut, and of cores, which may not say every tick, or say it later. */
function streamOf(random: () => number): Read[] {
  const entries: Omit<Read, "sequence">[] = [];
  const put = (subject: string, body: Uint8Array, stored: Instant, sent: Instant | null) =>
    void entries.push({ subject, body, stored: Math.round(stored), sent: sent && Math.round(sent) });
  const takenAt = [START, START + random() * LENGTH];
  for (const [edge, from] of takenAt.entries()) {
    const fence = edge + 1;
    put(instanceSubject("north", "home"), toBody({ fence, settings: HOME }), from, from);
    const until = edge === 0 && random() < 0.5 ? (takenAt[1] ?? 0) + random() * MINUTE : START + LENGTH;
    const cuts = Array.from({ length: 3 }, () => START + random() * LENGTH).map(cut => [
      cut,
      cut + random() * 90 * SECOND,
    ]);
    for (let at = from + random() * 9 * SECOND; at < until; at += 10 * SECOND + (random() - 0.5) * SECOND) {
      if (random() < 0.05) continue;
      const cut = cuts.find(([begin = 0, end = 0]) => at >= begin && at < end);
      const stored = (cut?.[1] ?? at) + 500 + random() * 80;
      put(resourcesSubject("north", "home"), toBody({ fence, seen: look(Math.round(at), random) }), stored, stored);
      if (random() > 0.06) continue;
      const seen = remembered(Math.round(at), random);
      put(subjectOf("north", seen), toBody({ fence, seen }), stored + random() * 2000, stored);
    }
  }
  const silence = START + random() * LENGTH;
  for (let slot = START / TICK; slot < (START + LENGTH) / TICK; slot++) {
    const at = slot * TICK + TICK / 2;
    const isSilent = at > silence && at < silence + 70 * SECOND;
    if (isSilent && random() < 0.5) continue;
    put(
      TICK_SUBJECT,
      Buffer.from(toTickBody(slot)),
      isSilent ? Math.min(at + 80 * SECOND, silence + 70 * SECOND) : at,
      null,
    );
  }
  entries.sort((one, other) => one.stored - other.stored);
  return entries.map((entry, at) => ({ ...entry, sequence: at + 1 }));
}

function folder(context: TestContext, from?: string): string {
  const made = mkdtempSync(join(tmpdir(), "pulse-felt-"));
  context.after(() => rmSync(made, { recursive: true, force: true }));
  if (from !== undefined) cpSync(from, made, { recursive: true });
  return made;
}

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

test("cores that are killed anywhere, begin with what another one has, or read nothing for long, keep the same history", context => {
  let late = 0;
  for (const seed of SEEDS) {
    const random = randomNumbers(seed);
    const stream = streamOf(random);
    const anywhere = () => Math.floor(random() * stream.length);
    const one = new FeltCore(folder(context));
    one.begin(stream, "first");
    assert.equal(one.counts.bad, 0);
    late += one.counts.late;

    const kills = [anywhere(), anywhere(), anywhere()].sort((a, b) => a - b);
    let two = new FeltCore(folder(context));
    let three: FeltCore | null = null;
    const slow = new FeltCore(folder(context));
    let at = 0;
    two.begin([], "first");
    slow.begin([], "first");
    for (const kill of kills) {
      two.read(stream.slice(at, kill));
      slow.read(stream.slice(at, kill));
      slow.growOld(stream.slice(0, kill), "first", (stream[kill]?.stored ?? START) + MINUTE);
      at = kill;
      const left = two.end();
      three?.end();
      three = new FeltCore(folder(context, left));
      three.begin(stream, "first");
      two = new FeltCore(left);
      two.begin(stream.slice(0, kill), "first");
    }
    two.read(stream.slice(at));
    slow.read(stream.slice(at));
    for (const core of [two, three, slow]) assert.deepEqual(core?.past(), one.past(), `seed ${seed}`);
    for (const core of [one, two, three, slow]) core?.end();
  }
  assert.ok(late > SEEDS.length, "much is late");
});

test("cores that had read NATS to another end when it was lost, or put back, keep the same history from what they have kept", context => {
  for (const seed of SEEDS) {
    const random = randomNumbers(seed);
    const stream = streamOf(random);
    const lost = Math.floor((0.2 + random() * 0.6) * stream.length);
    const tick = stream.slice(0, lost).findLastIndex(({ subject }) => subject === TICK_SUBJECT);
    const back = random() < 0.5 ? Math.floor(random() * lost) : 0;
    const next = [...stream.slice(0, back), ...stream.slice(lost)].map((entry, at) => ({ ...entry, sequence: at + 1 }));

    const one = new FeltCore(folder(context));
    one.begin(stream.slice(0, lost), "first");
    // Has not read what came after the last tick, nor was it there when NATS came back.
    const behind = new FeltCore(folder(context));
    behind.begin(stream.slice(0, tick + 1), "first");
    assert.deepEqual(behind.position, one.position);
    const left = behind.end();
    const killed = Array.from({ length: 6 }, () => new FeltCore(folder(context, left)));
    const two = new FeltCore(left);
    two.begin(next, "second");
    one.startAnew(next, "second");
    // They are killed soon after, and begin with what they have kept of the new one.
    const again = killed.map(core => {
      core.begin(next.slice(0, back + Math.ceil(random() * Math.min(30, next.length - back))), "second");
      const begun = new FeltCore(core.end());
      begun.begin(next, "second");
      return begun;
    });
    for (const core of [two, ...again]) assert.deepEqual(core.past(), one.past(), `seed ${seed}`);
    for (const core of [one, two, ...again]) core.end();
  }
});

test("a tick is judged, whatever somebody tells of the past, and what cannot be kept of that is not tried again", () => {
  const judged: Instant[] = [];
  const said: string[] = [];
  const history = {
    importPast: () => {
      throw new TypeError("broken");
    },
    hasSample: () => false,
  } as unknown as History;
  const rooms = {
    ...{ inventory: new Inventory([HOME]), history, publish: () => {}, ingest: () => {} },
    log: (_: string, message: string) => void said.push(message),
    judge: (at: Instant) => void judged.push(at),
  };
  const fed = feedOf(() => rooms, [HOME]);
  fed.ingest(remembered(START, randomNumbers(1)));
  fed.ingestLate(look(START - MINUTE, randomNumbers(1)), { judged: START, isPresent: false });
  fed.tick(START, () => {});
  assert.deepEqual(said, Array(2).fill("What came late, or servers remember, was skipped"));
  fed.tick(START + TICK, () => {});
  assert.deepEqual([judged.length, said.length], [2, 2]);
});

test("when NATS has lost what it had, nobody knows who is there, but who was", () => {
  const inventory = new Inventory([]);
  const members = [{ site: null, name: "core-2", silentSince: START }];
  inventory.picture.roll = { at: START, members };
  const rooms = { inventory, publish() {} } as unknown as FedRooms;
  feedOf(() => rooms, []).doubt(START);
  assert.deepEqual(inventory.picture.roll, { at: 0, members });
});
