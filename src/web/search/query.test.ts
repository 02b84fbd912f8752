import assert from "node:assert/strict";
import { test } from "node:test";
import { GIB, MIB } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { toGuest } from "../overview/sample.ts";
import { GUESTS } from "./fields.ts";
import { hasTerm, parseQuery, toggleTerm, vocabularyOf } from "./query.ts";

const BLANK = toGuest({ name: "web-1", tags: "prod,web" });

const SAMPLES: Guest[] = [
  BLANK,
  { ...BLANK, vmid: 101, name: "db", node: "pve10", cpu: 0.6, tags: "prod,database", networkIn: 5 * MIB },
  { ...BLANK, vmid: 102, name: "mail", node: "pve2", type: "lxc", tags: null, pool: "office", uptime: 3 * 86_400 },
  {
    ...BLANK,
    vmid: 103,
    name: "old web",
    node: "pve2",
    type: "lxc",
    status: "stopped",
    cpu: 0,
    memory: null,
    disk: { total: 8 * GIB, used: 6 * GIB, free: 2 * GIB, usage: 75 },
    uptime: 0,
    stale: true,
    lock: "backup",
  },
];

const knows = vocabularyOf(SAMPLES, GUESTS);
const find = (text: string) => {
  const query = parseQuery(text, GUESTS, knows);
  return SAMPLES.filter(query.test).map(({ vmid }) => vmid);
};

const ALL = [100, 101, 102, 103];
const CASES: [sentence: string, text: string, found: number[]][] = [
  ["nothing typed finds all", "", ALL],
  ["only spaces find all", "   ", ALL],
  ["free text looks into names", "web", [100, 103]],
  ["case does not matter", "WEB", [100, 103]],
  ["free text looks into tags", "database", [101]],
  ["free text looks into VMIDs", "102", [102]],
  ["two words are both wanted", "web old", [103]],
  ["quotes keep words together", '"old web"', [103]],
  ["a quote that is not closed yet", '"old w', [103]],
  ["a node means exactly that node", "node:pve1", [100]],
  ["an unfinished node finds all that contain it", "node:pve", ALL],
  ["a star stands for anything", "node:pve1*", [100, 101]],
  ["a star in the middle", "name:o*b", [103]],
  ["commas are alternatives", "node:pve1,pve10", [100, 101]],
  ["tags", "tags:prod", [100, 101, 103]],
  ["a tag by its other name", "tag:database", [101]],
  ["types by the names people use", "type:ct", [102, 103]],
  ["types by Proxmox's names", "type:qemu", [100, 101]],
  ["status", "status:running", [100, 101, 102]],
  ["stale is a status too", "is:stale", [103]],
  ["lock", "lock:backup", [103]],
  ["pool", "pool:office", [102]],
  ["a value in quotes", 'name:"old web"', [103]],
  ["share of CPU", "cpu>20", [101]],
  ["spaces around the sign", "cpu > 20", [101]],
  ["a percent sign", "cpu>20%", [101]],
  ["as the field and colon form", "cpu:>20", [101]],
  ["memory in percent; unknown is not less", "memory<30", [100, 101, 102]],
  ["memory in bytes", "mem>=1G", [100, 101, 102]],
  ["memory in bytes, written out", "mem>=1GiB", [100, 101, 102]],
  ["a disk of unknown fill is neither more nor less", "disk>0", [103]],
  ["uptime in days", "uptime>1d", [102]],
  ["a rate", "in>1M", [101]],
  ["VMIDs compare as numbers", "vmid>=102", [102, 103]],
  ["unequal", "status!=running", [103]],
  ["AND", "tags:prod AND cpu>20", [101]],
  ["OR", "cpu>20 OR type:lxc", [101, 102, 103]],
  ["AND binds tighter than OR", "mail OR web status:stopped", [102, 103]],
  ["brackets", "(mail OR web) status:running", [100, 102]],
  ["NOT", "NOT tags:prod", [102]],
  ["a minus before a field", "-tags:prod", [102]],
  ["a minus before a word", "-web", [101, 102]],
  ["NOT before brackets", "NOT (web OR db)", [102]],
  ["lower case operators", "cpu>20 or mail", [101, 102]],
  ["a field that is still being typed", "node:", ALL],
  ["an operator that is still being typed", "web AND", [100, 103]],
  ["NOT alone", "web NOT", [100, 103]],
  ["OR without its right side finds all", "web OR", ALL],
];

test("searches and what they find", () => {
  for (const [sentence, text, found] of CASES) {
    assert.deepEqual(find(text), found, `${sentence}: ${text}`);
    assert.equal(parseQuery(text, GUESTS, knows).error, null, `${sentence}: ${text}`);
  }
});

const ERRORS: [text: string, error: RegExp, found: number[]][] = [
  ["colour:red", /^There is no "colour" to search by\. There are name, node/, ALL],
  ["web colour:red", /^There is no "colour"/, [100, 103]],
  ["cpu>high", /^"cpu" needs a number \(units: %\), not "high"/, ALL],
  ["vmid>10G", /^"vmid" needs a number, not "10G"/, ALL],
  ["cpu>1.2.3", /^"cpu" needs a number/, ALL],
  ["node>pve1", /^"node" is text: use node:pve1/, ALL],
  ["(web", /^A "\(" has no "\)" after it/, [100, 103]],
  ["web)", /^A "\)" has no "\(" before it/, [100, 103]],
  ["constructor:x", /^There is no "constructor"/, ALL],
];

test("what is not understood is said in words, and the rest still counts", () => {
  for (const [text, error, found] of ERRORS) {
    assert.match(parseQuery(text, GUESTS, knows).error ?? "", error, text);
    assert.deepEqual(find(text), found, text);
  }
});

test("a search never throws and never hangs, whatever is typed", () => {
  const pieces = [
    "(",
    ")",
    '"',
    "cpu",
    ">",
    ":",
    "-",
    "!",
    " ",
    "OR",
    "AND",
    "NOT",
    "*",
    "\\",
    "[",
    "20",
    "é",
    "=",
    ",",
  ];
  let seed = 7;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed;
  };
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: next() % 12 }, () => pieces[next() % pieces.length]).join("");
    const query = parseQuery(text, GUESTS, knows);
    for (const guest of SAMPLES) assert.equal(typeof query.test(guest), "boolean", text);
  }
});

test("templates are wanted when the search says so", () => {
  assert.equal(parseQuery("type:template", GUESTS).wantsTemplates, true);
  assert.equal(parseQuery("template", GUESTS).wantsTemplates, false);
});

test("quick filters are terms of the search", () => {
  assert.equal(toggleTerm("", "status:running"), "status:running");
  assert.equal(toggleTerm("web", "status:running"), "web status:running");
  assert.equal(toggleTerm("web status:running", "status:running"), "web");
  assert.equal(toggleTerm("status:running web", "status:stopped"), "web status:stopped");
  assert.equal(hasTerm("web status:running", "status:running"), true);
  assert.equal(hasTerm("web xstatus:running", "status:running"), false);
});
