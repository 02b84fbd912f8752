import assert from "node:assert/strict";
import { test } from "node:test";
import { silent } from "../kit/log.ts";
import { DAY, type Instant, MINUTE, SECOND } from "../kit/units.ts";
import type { ClusterMember, ClusterMembers } from "../model/cluster-members.ts";
import type { Member } from "./members.ts";
import { CORES } from "./names.ts";
import { Roll, rollOf } from "./roll.ts";

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
      const tell = async (members: ClusterMember[]) => {
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
