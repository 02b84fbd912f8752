import assert from "node:assert/strict";
import { test } from "node:test";
import { silent } from "../kit/log.ts";
import { DAY, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { ClusterMember, ClusterMembers, GoneMember, RollCall } from "../model/cluster-members.ts";
import type { Member } from "./members.ts";
import { CORES } from "./names.ts";
import { knownMembers, Roll, rollHeard, rollOf, rollWithout } from "./roll.ts";

const NOW = Date.UTC(2026, 0, 1);

function heard(name: string, silentSince: Instant | null = null, site = CORES): Member {
  return { site, name, said: {}, seen: silentSince ?? NOW, silentSince };
}
const member = (name: string, silentSince: Instant | null = null, site: string | null = null): ClusterMember => ({
  ...{ site, name, silentSince },
});

// biome-ignore format: a line a case
const CASES: [sentence: string, known: ClusterMember[], heard: Member[], members: string | null][] = [
  ["who is heard is there", [], [heard("one"), heard("a", null, "north")], "north/a, one"],
  ["who is not, is not, since when it was heard last", [], [heard("one"), heard("two", NOW - MINUTE)], "one, two 60 s"],
  ["since when somebody else has said so", [member("two", NOW - DAY)], [heard("one"), heard("two", NOW - MINUTE)], "one, two 86400 s"],
  ["who was told of and never heard here is silent", [member("two")], [heard("one")], "one, two 0 s"],
  ["… and stays so", [member("two", NOW - MINUTE)], [heard("one")], "one, two 60 s"],
  ["who is heard again is there", [member("two", NOW - MINUTE)], [heard("one"), heard("two")], "one, two"],
  ["an edge is not a core of its name", [member("one", NOW - MINUTE, "north")], [heard("one")], "north/one 60 s, one"],
  ["who is silent for a week is forgotten", [member("two", NOW - 7 * DAY)], [heard("one")], "one"],
  ["who does not hear of itself hears of nobody", [], [heard("one", NOW - MINUTE), heard("two")], null],
  ["… neither who has yet to hear", [member("two")], [], null],
];

for (const [sentence, known, others, expected] of CASES)
  test(`who is there: ${sentence}`, () => {
    const members = rollOf(known, others, { self: "one", now: NOW });
    const told = members?.map(({ site, name, silentSince }) => {
      const since = silentSince === null ? "" : ` ${(NOW - silentSince) / SECOND} s`;
      return `${site === null ? "" : `${site}/`}${name}${since}`;
    });
    assert.equal(told?.sort().join(", ") ?? null, expected);
  });

/** Cores that tell one after the other, and what all of them have heard. */
function bench() {
  let told: ClusterMembers | null = null;
  let now = NOW;
  const said: string[] = [];
  let failing = false;
  return {
    said,
    fail: (is: boolean) => (failing = is),
    core(name: string) {
      const tell = async ({ members }: RollCall) => {
        if (failing) throw new Error("NATS does not answer");
        said.push(`${name}: ${members.map(one => one.name + (one.silentSince === null ? "" : "?")).join(" ")}`);
        told = { at: now, members };
      };
      const roll = new Roll({ name, known: () => told, tell, log: silent });
      return async (...others: Member[]) => {
        now += 3 * SECOND;
        roll.call(others, now);
        // What was told is heard by then.
        await new Promise(resolve => setImmediate(resolve));
      };
    },
  };
}

test("a core that begins to tell after another one was lost says so too, until that one is heard", async () => {
  const { core, said } = bench();
  const [one, two] = [core("one"), core("two")];
  await one(heard("one"), heard("two"), heard("three"));
  await one(heard("one"), heard("two"), heard("three"));
  await one(heard("one"), heard("two"), heard("three", NOW));
  await one(heard("one"), heard("two"), heard("three", NOW));
  // It began when nothing was left of the third.
  await two(heard("two"), heard("one", NOW));
  await two(heard("two"), heard("one", NOW), heard("three"));
  assert.deepEqual(said, ["one: one three two", "one: one three? two", "two: one? three? two", "two: one? three two"]);
});

test("what is as it was is said every minute, and what could not be said is said again", async () => {
  const { core, said, fail } = bench();
  const one = core("one");
  for (let passed = 0; passed < 3 * MINUTE; passed += 3 * SECOND) await one(heard("one"));
  assert.equal(said.length, 3);
  fail(true);
  await one(heard("one"), heard("two"));
  fail(false);
  await one(heard("one"), heard("two"));
  assert.equal(said.at(-1), "one: one two");
});

test("who is gone for good is not said to be silent, whoever says so, until it has been heard again", () => {
  const known = [member("one"), member("two", NOW - MINUTE), member("a", NOW - MINUTE, "north")];
  const { members, gone = [] } = rollWithout({ members: known }, { site: null, name: "two" }, NOW);
  assert.deepEqual(
    members.map(({ name }) => name),
    ["one", "a"],
  );
  assert.deepEqual(gone, [{ site: null, name: "two", at: NOW }]);
  const told = (...others: Member[]) =>
    rollOf(members, others, { self: "one", now: NOW + MINUTE, gone })
      ?.map(({ site, name }) => (site ?? "") + name)
      .sort();
  assert.deepEqual(told(heard("one"), heard("two", NOW - MINUTE)), ["northa", "one"]);
  assert.deepEqual(told(heard("one"), heard("two")), ["northa", "one", "two"]);
  assert.deepEqual(told(heard("one"), heard("two", NOW + SECOND)), ["northa", "one", "two"], "silent since then");
  assert.deepEqual(
    told(heard("one"), heard("two", NOW, "north")),
    ["northa", "northtwo", "one"],
    "an edge of its name",
  );
});

test("that somebody is gone is heard beside what is said at the same time, and forgotten after a week", () => {
  const silent = [member("one"), member("two", NOW - MINUTE), member("three", NOW - MINUTE)];
  const without = (name: string): RollCall => rollWithout({ members: silent }, { site: null, name }, NOW);
  let roll: ClusterMembers | null = null;
  const namesOf = (said: RollCall, at = NOW) => {
    roll = rollHeard(roll, said, at);
    return roll.members.map(({ name }) => name).join(" ");
  };
  assert.equal(namesOf({ members: silent }), "one two three");
  assert.equal(namesOf(without("two")), "one three");
  assert.equal(namesOf(without("three")), "one", "said by another core that had not heard of that yet");
  assert.equal(namesOf({ members: silent }), "one", "what an older version says");
  const back = [member("one"), member("two", NOW + MINUTE)];
  assert.equal(namesOf({ members: back }, NOW + MINUTE), "one two", "it was there meanwhile");
  namesOf({ members: silent }, NOW + 7 * DAY);
  assert.deepEqual((roll as ClusterMembers | null)?.gone, []);
});

test("a core knows those that it has heard of and those that only others have, and not who is gone, by its own clock", () => {
  const clock = { at: (own: Instant) => own - MINUTE, own: (told: Instant) => told + MINUTE };
  const gone: GoneMember[] = [{ site: null, name: "three", at: NOW }];
  const members = [member("one"), member("two", NOW - MINUTE), member("four", NOW - MINUTE)];
  const known = knownMembers(
    [heard("one"), heard("three", NOW + MINUTE), heard("four", NOW - SECOND)],
    { at: NOW, members, gone },
    clock,
  );
  assert.deepEqual(
    known.map(({ name, silentSince }) => [name, silentSince]),
    [
      ["four", NOW - SECOND],
      ["one", null],
      ["two", NOW],
    ],
  );
});
