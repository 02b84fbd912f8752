import assert from "node:assert/strict";
import { test } from "node:test";
import { type PackedPatch, packPatch, unpackPatch } from "./packed-patch.ts";
import type { Patch } from "./picture.ts";

const memory = (total: number, used: number, more: object = {}) => ({
  total,
  used,
  free: total - used,
  usage: Math.round((used / total) * 10_000) / 100,
  source: "balloon",
  ...more,
});

const CASES: [sentence: string, changes: object[]][] = [
  ["ids that count up", [1, 2, 4, 3, 0].map(vmid => ({ id: `home:guest:${vmid}`, cpu: vmid / 10 }))],
  ["ids with leading zeros", ["a:01", "a:02", "a:9", "a:10", "a:010"].map(id => ({ id, cpu: 1 }))],
  [
    "ids without a number, and of huge ones",
    ["x", "", "y", `z${"9".repeat(20)}`, `z${"9".repeat(19)}8`].map(id => ({ id, cpu: null })),
  ],
  ["memory that adds up", [7, 8].map(vmid => ({ id: `a:${vmid}`, memory: memory(1000, 300 + vmid), mem: 300 + vmid }))],
  [
    "memory that does not",
    [
      { id: "a:1", memory: memory(1000, 300, { free: 1 }), mem: 2 },
      { id: "a:2", memory: null, mem: null },
    ],
  ],
  ["memory of nothing", [{ id: "a:1", memory: memory(0, 0, { usage: 0 }), mem: 0 }]],
  [
    "a disk that is unknown",
    [
      { id: "a:1", disk: { total: 10, used: null, free: null, usage: -1 } },
      { id: "a:2", disk: null },
    ],
  ],
  ["disks, which are a list", [{ id: "a:1", disks: [{ total: 10, used: 1, free: 9, usage: 10 }] }]],
  ["mem alone", [{ id: "a:1", mem: 7 }]],
  ["other fields in each", [{ id: "a:1", cpu: 1 }, { id: "a:2", name: "n" }, { id: "a:3", cpu: 3 }, { id: "a:4" }]],
];
for (const [sentence, changes] of CASES)
  test(`unpacked as it was packed: ${sentence}`, () => {
    const patch = {
      version: 2,
      at: 5,
      seen: { vms: { home: 4 } },
      changed: { vms: changes },
      removed: { nodes: ["n"] },
    };
    const packed = JSON.stringify(packPatch(patch as unknown as Patch));
    const { changed, ...rest } = unpackPatch(JSON.parse(packed) as PackedPatch);
    const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
    assert.deepEqual(changed.vms?.sort(byId), (changes as { id: string }[]).toSorted(byId));
    assert.deepEqual(rest, { version: 2, at: 5, seen: { vms: { home: 4 } }, removed: { nodes: ["n"] } });
  });

test("what one patch says of an entity twice stays in its order", () => {
  const vms = [
    { id: "a:1", cpu: 1, mem: 1 },
    { id: "a:2", mem: 2 },
    { id: "a:1", mem: 3 },
  ];
  const patch = { version: 2, at: 5, seen: {}, changed: { vms }, removed: {} } as unknown as Patch;
  assert.deepEqual(unpackPatch(packPatch(patch)).changed.vms, [
    { id: "a:1", cpu: 1, mem: 3 },
    { id: "a:2", mem: 2 },
  ]);
});

test("what follows from the rest is not sent", () => {
  const changes = [1, 2].map(vmid => ({ id: `a:${vmid}`, memory: memory(1000, 300 + vmid), mem: 300 + vmid }));
  const { changed } = packPatch({
    version: 2,
    at: 5,
    seen: {},
    changed: { vms: changes },
    removed: {},
  } as unknown as Patch);
  assert.deepEqual(changed.vms?.[0]?.keys, ["memory.total", "memory.used", "memory.source"]);
  assert.deepEqual(changed.vms?.[0]?.ids, ["a:1", 1]);
});
