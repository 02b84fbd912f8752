import assert from "node:assert/strict";
import { test } from "node:test";
import { type Findable, folded, rank } from "./rank.ts";

const one = (title: string, number: number | null = null, also = ""): Findable => ({
  id: title,
  title: folded(title),
  also: folded(also),
  number: number === null ? null : String(number),
});

const ALL: readonly Findable[] = [
  one("reverse-proxy", 1010, "lxc on pve1"),
  one("proxy", 102, "vm on pve2"),
  one("squid proxy", 103, "vm on pve2"),
  one("nextproxy", 104, "vm on pve1"),
  one("plex-roxy", 105, "vm on pve3"),
  one("mail101", 106, "vm on pve3 mx"),
  one("Überwachung", 101, "lxc on pve3 production"),
  one("pve1", null, "node of home"),
  one("Settings: Security", null, "tokens"),
];

/** What was typed, and what is found, in its order. */
const FOUND: readonly [name: string, typed: string, expected: readonly string[], recent?: readonly string[]][] = [
  [
    "the whole before the beginning of a word, the inside of one, and scattered letters",
    "proxy",
    ["proxy", "squid proxy", "reverse-proxy", "nextproxy", "plex-roxy"],
  ],
  ["a VMID before a name that has it in it", "101", ["Überwachung", "mail101", "reverse-proxy"]],
  ["the beginning of a VMID", "1010", ["reverse-proxy"]],
  ["accents and capitals do not count", "uber", ["Überwachung"]],
  ["nor do they in what is typed", "ÜBER", ["Überwachung"]],
  ["letters in their order", "plxrx", ["plex-roxy"]],
  ["letters in another order are nothing", "yxorp", []],
  ["each word must fit", "proxy pve2", ["proxy", "squid proxy"]],
  ["a name before what else something is known by", "pve1", ["pve1", "nextproxy", "reverse-proxy"]],
  ["what else it is known by", "production", ["Überwachung"]],
  ["what was chosen lately before its like", "pve2", ["squid proxy", "proxy"], ["squid proxy"]],
  [
    "but not before what fits better",
    "prox",
    ["proxy", "reverse-proxy", "squid proxy", "nextproxy", "plex-roxy"],
    ["plex-roxy", "reverse-proxy"],
  ],
  ["a word of a title in several parts", "sec", ["Settings: Security"]],
];
for (const [name, typed, expected, recent = []] of FOUND)
  test(name, () => {
    const { best } = rank(ALL, typed, recent, 50);
    assert.deepEqual(
      best.map(({ id }) => id),
      expected,
    );
  });

test("no more than asked for, but all that were found can be looked through further", () => {
  const { best, found } = rank(ALL, "pve", [], 2);
  assert.equal(best.length, 2);
  assert.equal(found.length, 8);
});

test("among 10,000 a letter more is found in a few milliseconds", () => {
  const many = Array.from({ length: 10_000 }, (_, at) => one(`guest-${at % 7}-app-${at}`, at, `vm on pve${at % 50}`));
  const times: number[] = [];
  for (const typed of ["g", "gu", "gst", "app-77", "pve4 app", "zzz"]) {
    rank(many, typed, [], 50);
    const start = performance.now();
    rank(many, typed, [], 50);
    times.push(performance.now() - start);
  }
  // Far more than it takes, for machines that are busy: it must not become another order of magnitude.
  assert.ok(Math.max(...times) < 100, times.map(time => time.toFixed(1)).join(" "));
});
