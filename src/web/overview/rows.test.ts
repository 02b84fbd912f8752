import assert from "node:assert/strict";
import { test } from "node:test";
import { GUESTS } from "../search/fields.ts";
import { parseQuery } from "../search/query.ts";
import { type SortKey, toNodes, toRows } from "./rows.ts";
import { samplePicture } from "./sample.ts";

const PICTURE = samplePicture({
  nodes: [{ node: "pve10" }, { node: "pve2" }, { node: "pve1", status: "offline" }],
  guests: [
    { vmid: 100, name: "web-10", node: "pve2", cpu: 0.2, networkIn: 10, networkOut: 5, uptime: 50 },
    { vmid: 101, name: "web-2", node: "pve10", cpu: 0.9, networkIn: null, networkOut: null, uptime: 500 },
    { vmid: 102, name: "db", node: "pve2", type: "lxc", cpu: null, networkIn: 2, networkOut: null, uptime: 5 },
    { vmid: 103, name: "db", node: "pve2", status: "stopped", cpu: 0, memory: null, uptime: 0 },
    { vmid: 900, name: "base", template: true, status: "stopped" },
  ],
});
const view = (key: SortKey = "name", descending = false) => ({
  query: parseQuery("", GUESTS),
  sort: { key, descending },
  grouped: false,
  folded: new Set<string>(),
});
const vmids = (rows: ReturnType<typeof toRows>) =>
  rows.rows.map(row => (row.kind === "guest" ? row.guest.vmid : row.name));

const SORTS: [sentence: string, key: SortKey, descending: boolean, order: number[]][] = [
  ["names sort as people count, equal ones by VMID", "name", false, [102, 103, 101, 100]],
  ["names backwards; equal ones still by VMID", "name", true, [100, 101, 102, 103]],
  ["what is unknown comes last…", "cpu", false, [103, 100, 101, 102]],
  ["…in both directions", "cpu", true, [101, 100, 103, 102]],
  ["unknown memory comes last", "memory", true, [102, 101, 100, 103]],
  ["rates count together; one of two known is known", "network", true, [100, 102, 103, 101]],
  ["who does not run has no uptime", "uptime", false, [102, 100, 101, 103]],
];

test("guests are sorted", () => {
  for (const [sentence, key, descending, order] of SORTS)
    assert.deepEqual(vmids(toRows(PICTURE, view(key, descending))), order, sentence);
});

test("guests stand below their nodes, in natural order", () => {
  const rows = toRows(PICTURE, { ...view(), grouped: true });
  assert.deepEqual(vmids(rows), ["pve2", 102, 103, 100, "pve10", 101]);
  const [first] = rows.rows;
  assert.ok(first?.kind === "node");
  assert.deepEqual([first.guests, first.running], [3, 2]);
});

test("folded guests are out of sight but found", () => {
  const rows = toRows(PICTURE, { ...view(), grouped: true, folded: new Set(["home:node:pve2"]) });
  assert.deepEqual(vmids(rows), ["pve2", "pve10", 101]);
  assert.equal(rows.found, 4);
});

test("a search leaves out nodes without a find", () => {
  const rows = toRows(PICTURE, { ...view(), grouped: true, query: parseQuery("cpu>50", GUESTS) });
  assert.deepEqual(vmids(rows), ["pve10", 101]);
  assert.deepEqual([rows.found, rows.total], [1, 4]);
});

test("templates show only when asked for", () => {
  assert.ok(!vmids(toRows(PICTURE, view())).includes(900));
  assert.deepEqual(vmids(toRows(PICTURE, { ...view(), query: parseQuery("type:template", GUESTS) })), [900]);
});

test("nodes in trouble come first, the others in natural order", () => {
  assert.deepEqual(
    toNodes(PICTURE).map(({ node }) => node),
    ["pve1", "pve2", "pve10"],
  );
});
