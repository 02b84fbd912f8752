import assert from "node:assert/strict";
import { test } from "node:test";
import { GUESTS } from "../search/fields.ts";
import { parseQuery } from "../search/query.ts";
import { toFound, toNodes } from "./rows.ts";
import { samplePicture } from "./sample.ts";

const PICTURE = samplePicture({
  nodes: [{ node: "pve10" }, { node: "pve2" }, { node: "pve1", status: "offline" }],
  guests: [
    { vmid: 100, name: "web-10", node: "pve2", cpu: 0.2 },
    { vmid: 101, name: "web-2", node: "pve10", cpu: 0.9 },
    { vmid: 102, name: "db", node: "pve2", type: "lxc", cpu: null },
    { vmid: 900, name: "base", template: true, status: "stopped" },
  ],
});

const SEARCHES: [sentence: string, search: string, vmids: number[], total: number][] = [
  ["nothing is searched for: all but templates", "", [100, 101, 102], 3],
  ["what the search finds, of how many", "cpu>50", [101], 3],
  ["templates only when asked for, and then they count", "type:template", [900], 4],
];

test("a search finds guests", () => {
  for (const [sentence, search, vmids, total] of SEARCHES) {
    const found = toFound(PICTURE, parseQuery(search, GUESTS));
    const known = found.rows.map(({ vmid }) => vmid).toSorted((a, b) => a - b);
    assert.deepEqual([known, found.total], [vmids, total], sentence);
  }
});

test("nodes in trouble come first, the others in natural order", () => {
  assert.deepEqual(
    toNodes(PICTURE).map(({ node }) => node),
    ["pve1", "pve2", "pve10"],
  );
});
