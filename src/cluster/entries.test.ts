import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { EnteredInstance } from "../model/entered-instance.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Observation } from "../model/observation.ts";
import { Database } from "../store/database.ts";
import { EnteredBook } from "./entered-book.ts";
import { Entries, TICK, toTickBody } from "./entries.ts";
import { toBody } from "./entry.ts";
import { instanceSubject, resourcesSubject, TICK_SUBJECT } from "./names.ts";

const START = Date.UTC(2026, 0, 1);

/** Entries, and what became of them as lines. */
function bench(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-entries-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const told: string[] = [];
  const since = (at: Instant) => (at - START) / SECOND;
  const entries = new Entries({
    entered: new EnteredBook(database),
    kept: () => kept,
    database,
    log: (level, message) => void (level === "error" && told.push(message)),
    fed: {
      admit: ({ name }) => void lines.push(`admit ${name}`),
      dismiss: name => void lines.push(`dismiss ${name}`),
      ingest: ({ instance, at }) => void lines.push(`seen ${instance} ${since(at)}`),
      ingestLate: ({ instance, at }, { isPresent }) =>
        void lines.push(`${isPresent ? "seen" : "late"} ${instance} ${since(at)}${isPresent ? " overdue" : ""}`),
      doubt: () => void lines.push("doubt"),
      renew: ({ name }) => void lines.push(`renew ${name}`),
      tick: (at, keep) => {
        lines.push(`${keep ? "tick" : "age"} ${since(at)}`);
        keep?.();
      },
    },
  });
  let sequence = 0;
  let kept: Instant | null = null;
  const apply = (
    subject: string,
    body: Uint8Array,
    at: number,
    sent: number | null = null,
    how: boolean | "recalled" = false,
  ) => {
    const sentAt = sent === null ? null : START + sent * SECOND;
    const entry = { subject, sequence: ++sequence, body, stored: START + at * SECOND, sent: sentAt };
    if (how === "recalled") entries.recall(entry);
    else entries.apply(entry, how ? null : () => void lines.push("keep"));
  };
  return {
    lines,
    told,
    /** An earlier run has judged the tick of then. */
    hasKept: (at: number) => {
      kept = START + at * SECOND;
    },
    entries,
    counts: entries.counts,
    enter: (deed: string, site: string, name: string, at = 0) =>
      entries.enter({ deed, site, do: "enter", instance: enteredOf(name) }, START + at * SECOND),
    remove: (deed: string, site: string, name: string, at = 0) =>
      entries.enter({ deed, site, do: "remove", name }, START + at * SECOND),
    entered: (site: string, name: string, fence: number) =>
      apply(instanceSubject(site, name), toBody({ fence, settings: settingsOf(name), entered: true }), 0),
    instance: (site: string, name: string, fence: number, at = 0) =>
      apply(instanceSubject(site, name), toBody({ fence, settings: settingsOf(name) }), at),
    dismiss: (site: string, name: string, fence: number) =>
      apply(instanceSubject(site, name), toBody({ fence, settings: null }), 0),
    seen: (
      site: string,
      name: string,
      fence: number,
      at: number,
      { stored, sent, recalled = false }: { stored?: number; sent?: number; recalled?: boolean } = {},
    ) =>
      apply(
        resourcesSubject(site, name),
        toBody({ fence, seen: look(name, at) }),
        stored ?? at,
        sent ?? stored ?? at,
        recalled && "recalled",
      ),
    tick: (at: number, { kept = false, stored = at }: { kept?: boolean; stored?: number } = {}) =>
      apply(TICK_SUBJECT, Buffer.from(toTickBody(Math.floor((START + at * SECOND) / TICK))), stored, null, kept),
    poisoned: (subject: string, fields: object) =>
      apply(subject, toBody({ fence: 1, seen: { ...look("home", 10), ...fields } as Observation }), 10),
    raw: (subject: string, text: string) => apply(subject, Buffer.from(text), 0),
  };
}

function settingsOf(name: string): WatchedInstance {
  const host = "https://pve1:8006";
  const credentials = { kind: "token", id: "a@pve!b", secret: "" } as const;
  return { name, type: "pve", host, credentials, trust: { kind: "any" }, interval: 10 * SECOND };
}

function enteredOf(name: string): EnteredInstance {
  return { settings: settingsOf(name), sealed: [], usual: 10 * SECOND };
}

function look(instance: string, at: number): Observation {
  const lists = { nodes: [], guests: [], storages: [], endpoints: [] };
  return {
    kind: "seen",
    scope: "resources",
    instance,
    at: START + at * SECOND,
    took: 0,
    interval: 10 * SECOND,
    ...lists,
  };
}

test("what is seen again, or was seen before what is known, changes nothing", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  for (const at of [10, 10, 5, 20]) it.seen("north", "home", 1, at);
  assert.deepEqual(it.lines, ["admit home", "seen home 10", "seen home 20"]);
  assert.equal(it.counts.passed, 2);
});

test("an edge that was overtaken tells only of the past: what it saw may be all that there is of it", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  it.instance("north", "home", 7);
  it.seen("north", "home", 1, 10);
  it.seen("north", "home", 7, 20);
  it.seen("north", "home", 1, 30);
  it.seen("north", "home", 7, 40);
  assert.deepEqual(it.lines, ["admit home", "late home 10", "seen home 20", "late home 30", "seen home 40"]);
});

test("an instance belongs to the site that had it first, until that lets go of it", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  it.instance("south", "home", 9);
  it.seen("south", "home", 9, 10);
  assert.equal(it.counts.bad, 2);
  it.dismiss("north", "home", 2);
  it.instance("south", "home", 3);
  it.seen("south", "home", 3, 20);
  assert.deepEqual(it.lines, ["admit home", "dismiss home", "admit home", "seen home 20"]);
});

test("a tick judges once in its ten seconds, and what is kept already is only gone through", context => {
  const it = bench(context);
  it.tick(5, { kept: true });
  it.tick(15);
  it.tick(15, { stored: 18 });
  it.tick(25, { stored: 60 });
  assert.deepEqual(it.lines, ["age 5", "tick 15", "keep", "tick 25", "keep"]);
});

test("a tick of another time than that at which it was stored is skipped: somebody's clock is wrong", context => {
  const it = bench(context);
  it.tick(3605, { stored: 5 });
  it.tick(5, { stored: 200 });
  assert.equal(it.counts.bad, 2);
  assert.deepEqual(it.lines, []);
});

test("what is recalled counts whoever saw it; what follows only from who holds the lease", context => {
  const it = bench(context);
  it.instance("north", "home", 9);
  it.seen("north", "home", 1, 10, { recalled: true });
  it.seen("north", "home", 1, 20);
  assert.deepEqual(it.lines, ["admit home", "seen home 10", "late home 20"]);
});

test("what comes long after its time is late", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  it.tick(105);
  it.seen("north", "home", 1, 70, { stored: 106 });
  it.seen("north", "home", 1, 80, { stored: 106 });
  assert.deepEqual(it.lines.slice(-2), ["late home 70", "seen home 80 overdue"]);
});

test("what comes after a tick that it would have been for is overdue, and so is what is of a tick that nobody said", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  it.seen("north", "home", 1, 10);
  for (const at of [15, 25]) it.tick(at);
  it.seen("north", "home", 1, 20, { stored: 26 });
  it.seen("north", "home", 1, 30);
  it.seen("north", "home", 1, 50);
  it.tick(55);
  it.seen("north", "home", 1, 60);
  assert.deepEqual(
    it.lines.filter(line => line.startsWith("seen")),
    ["seen home 10", "seen home 20 overdue", "seen home 30", "seen home 50 overdue", "seen home 60"],
  );
});

test("a core that begins with what it has kept judges by the tick that it kept last", context => {
  const it = bench(context);
  it.hasKept(25);
  it.instance("north", "home", 1);
  it.seen("north", "home", 1, 20, { stored: 26 });
  it.tick(25);
  assert.deepEqual(it.lines, ["admit home", "seen home 20 overdue"]);
});

test("when the stream is another one, what was read since the last tick counts no more, and each instance begins anew", context => {
  const it = bench(context);
  it.instance("north", "home", 7);
  it.tick(5);
  it.hasKept(5);
  it.seen("north", "home", 7, 20);
  it.entries.startAnew();
  it.tick(15);
  it.seen("north", "home", 1, 10, { stored: 18 });
  it.seen("north", "home", 1, 20);
  const [, , , , ...after] = it.lines;
  assert.deepEqual(after, ["doubt", "tick 15", "keep", "renew home", "seen home 10 overdue", "seen home 20"]);
});

test("whose clock is wrong is corrected by when NATS stored it; a little is left as it is", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  it.seen("north", "home", 1, 3600, { stored: 10, sent: 3601 });
  it.seen("north", "home", 1, 20, { stored: 24, sent: 22 });
  assert.deepEqual(it.lines.slice(1), ["seen home 9", "seen home 20"]);
});

test("what is nothing of ours is skipped and counted", context => {
  const it = bench(context);
  it.instance("north", "home", 1);
  for (const subject of [resourcesSubject("north", "home"), instanceSubject("north", "home"), "pulse.seen", "else"])
    it.raw(subject, "{}");
  it.seen("north", "unknown", 1, 10);
  assert.equal(it.counts.bad, 5);
  it.seen("north", "home", 1, MINUTE / SECOND);
  assert.equal(it.lines.at(-1), "seen home 60");
});

const POISONED: [sentence: string, fields: object, reason: RegExp][] = [
  ["a guest whose processor is a text", { guests: [{ id: "home:guest:1", cpu: "much" }] }, /^guests\.0\.cpu/],
  ["a node whose memory is a number", { nodes: [{ id: "home:node:a", memory: 7 }] }, /^nodes\.0\.memory/],
  ["a list of endpoints that is missing", { endpoints: undefined }, /^endpoints: missing/],
  [
    "a disk whose size is a text",
    { lists: { physicalDisks: [{ id: "home:disk:1", size: "large" }] } },
    /^lists\.physicalDisks\.0/,
  ],
  ["a fault without its kind", { kind: "missed", fault: { message: "x" } }, /^fault\.kind: missing/],
  ["a kind that there is not", { kind: "heard" }, /kind/],
];
for (const [sentence, fields, reason] of POISONED)
  test(`${sentence} is skipped before anything is made of it, and told once`, context => {
    const it = bench(context);
    it.instance("north", "home", 1);
    const subject = resourcesSubject("north", "home");
    for (let again = 0; again < 3; again++) it.poisoned(subject, fields);
    it.seen("north", "home", 1, 20);
    assert.deepEqual(it.lines, ["admit home", "seen home 20"]);
    assert.equal(it.told.length, 1);
    const [skipped] = it.entries.skipped;
    assert.match(skipped?.reason ?? "", reason);
    assert.deepEqual([skipped?.subject, skipped?.count], [subject, 3]);
  });

const frame = (step: number, starts: number[]) => [{ step, metrics: { cpu: { starts, means: starts } } }];
for (const [sentence, frames] of [
  ["of steps that take no time", frame(0, [START])],
  ["of steps that go back", frame(-10_000, [START])],
  ["of a time that there is not", frame(10_000, [1e300])],
  ["of before all time", frame(10_000, [-1])],
] as const)
  test(`what a server is said to remember ${sentence} is skipped`, context => {
    const it = bench(context);
    it.instance("north", "home", 1);
    const resource = "home:node:pve1";
    const past = { scope: "past", resource, of: "node", frames, whole: false };
    it.poisoned(`pulse.past.north.home.x`, past);
    assert.deepEqual([it.lines, it.counts.bad], [["admit home"], 1]);
    it.poisoned(`pulse.past.north.home.x`, { ...past, frames: frame(10_000, [START]) });
    assert.equal(it.lines.at(-1), "seen home 10");
  });

test("what is entered is there at once, and an edge that has taken it changes nothing", context => {
  const it = bench(context);
  assert.equal(it.enter("a", "north", "home"), "done");
  it.entered("north", "home", 3);
  it.seen("north", "home", 3, 10);
  assert.deepEqual(it.lines, ["admit home", "seen home 10"]);
});

test("a name that is taken anywhere is not given again", context => {
  const it = bench(context);
  it.instance("south", "home", 1);
  assert.equal(it.enter("a", "north", "home"), "taken");
  assert.equal(it.enter("b", "north", "office"), "done");
  assert.equal(it.enter("c", "south", "office"), "taken");
});

test("what is done again after a crash comes to the same", context => {
  const it = bench(context);
  assert.equal(it.enter("a", "north", "home"), "done");
  assert.equal(it.enter("a", "north", "home"), "done");
  assert.equal(it.remove("b", "north", "home"), "done");
  assert.equal(it.remove("b", "north", "home"), "done");
  assert.equal(it.remove("c", "north", "home"), "unknown");
});

test("what an edge that has not heard of it says of one that was removed changes nothing, and is no fault", context => {
  const it = bench(context);
  it.enter("a", "north", "home");
  it.entered("north", "home", 1);
  it.remove("b", "north", "home", 5);
  it.entered("north", "home", 2);
  it.seen("north", "home", 2, 10);
  assert.deepEqual(it.lines, ["admit home", "dismiss home"]);
  assert.deepEqual([it.told, it.counts.bad], [[], 0]);
  it.enter("c", "north", "home", 20);
  it.entered("north", "home", 3);
  it.seen("north", "home", 3, 20);
  assert.deepEqual(it.lines.slice(2), ["admit home", "seen home 20"]);
});

test("what a pulse.yaml has as well stays when it is removed on the page", context => {
  const it = bench(context);
  it.enter("a", "north", "home");
  it.instance("north", "home", 1);
  it.remove("b", "north", "home");
  it.seen("north", "home", 1, 10);
  assert.deepEqual(it.lines, ["admit home", "seen home 10"]);
});

test("an edge that says that one is no more does not take away what is entered", context => {
  const it = bench(context);
  it.enter("a", "north", "home");
  it.entered("north", "home", 1);
  it.dismiss("north", "home", 2);
  assert.deepEqual(it.lines, ["admit home"]);
});
