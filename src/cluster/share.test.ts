import assert from "node:assert/strict";
import { test } from "node:test";
import { divide, type Seen } from "./share.ts";

const NOW = 1_000_000;
const LIFE = 12_000;
const fresh = (holder: string): Seen => ({ holder, at: NOW - 1 });
const gone = (holder: string): Seen => ({ holder, at: NOW - LIFE });
const ALL = ["a", "b", "c"];

type Case = [
  name: string,
  held: string[],
  leases: Record<string, Seen>,
  edges: Record<string, Seen>,
  take: string[],
  release: string[],
];
const cases: Case[] = [
  ["who is alone takes all", [], {}, {}, ["a", "b", "c"], []],
  ["what somebody else holds is left to him", [], { a: fresh("x") }, {}, ["b", "c"], []],
  ["what an earlier run of it held is its own", [], { a: fresh("self"), b: fresh("x") }, {}, ["a", "c"], []],
  ["a lease that has run out is free", [], { a: gone("x") }, { x: gone("x") }, ["a", "b", "c"], []],
  ["of two each takes half and a bit", [], {}, { x: fresh("x") }, ["a", "b"], []],
  ["who has more than its share lets go of the rest", ["a", "b", "c"], {}, { x: fresh("x") }, [], ["c"]],
  ["who has its share takes nothing", ["a", "b"], {}, { x: fresh("x") }, [], []],
  ["an edge that is gone counts for nothing", ["a", "b", "c"], {}, { x: gone("x") }, [], []],
  ["it does not count itself twice", ["a", "b", "c"], {}, { self: fresh("self") }, [], []],
  ["what is no longer wanted is let go of", ["a", "z"], {}, {}, ["b", "c"], ["z"]],
];
for (const [name, held, leases, edges, take, release] of cases)
  test(name, () => {
    const others = { leases: new Map(Object.entries(leases)), edges: new Map(Object.entries(edges)) };
    const own = { wanted: ALL, held: new Set(held), self: "self" };
    assert.deepEqual(divide(own, others, { now: NOW, life: LIFE }), { take, release });
  });
