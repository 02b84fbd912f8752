import assert from "node:assert/strict";
import { test } from "node:test";
import type { FillingUp } from "../../model/capacity.ts";
import { guestId, nodeId } from "../../model/ids.ts";
import { samplePicture } from "../overview/sample.ts";
import { toFullest, toTiles } from "./estate.ts";

const PICTURE = samplePicture({
  nodes: [
    { node: "pve1", displayName: "pve1", cpu: 0.5 },
    { node: "pve10", displayName: "pve10", stale: true },
    { node: "pve2", displayName: "pve2", status: "offline", cpu: 0.4 },
    { node: "pve3", displayName: "pve3" },
  ].map(node => ({ ...node, id: nodeId("home", node.node) }) as never),
  guests: [
    { vmid: 101, node: "pve1", status: "running" },
    { vmid: 102, node: "pve1", status: "stopped" },
    { vmid: 103, node: "pve1", status: "running" },
    { vmid: 104, node: "pve1", status: "running", stale: true },
    { vmid: 105, node: "pve1", status: "stopped", template: true },
  ],
  storage: [
    { storage: "nas", name: "nas", usage: 93 },
    { storage: "local", name: "local", usage: 40 },
    { storage: "tape", name: "tape", usage: null },
  ],
  alerts: [
    { resourceId: nodeId("home", "pve3"), type: "cpu", level: "warning" },
    { resourceId: guestId("home", 103), type: "cpu", level: "critical" },
    { resourceId: guestId("home", 101), type: "cpu", level: "critical", acknowledged: true },
  ],
});

test("nodes in trouble come first, each with its guests, those in trouble first", () => {
  const tiles = toTiles(PICTURE);
  assert.deepEqual(
    tiles.map(({ name, look }) => `${name} ${look}`),
    ["pve2 down", "pve3 warning", "pve10 old", "pve1 well"],
  );
  const [down, , , last] = tiles;
  assert.equal(down?.cpu, null, "what an offline node last used is not shown as if it were now");
  assert.deepEqual(
    last?.guests.map(({ id, look }) => `${id.split(":").at(-1)} ${look}`),
    ["103 critical", "104 old", "101 well", "102 off"],
  );
  assert.equal(last?.running, 3);
});

test("the fullest comes first, and of what nobody knows nothing is said", () => {
  assert.deepEqual(
    toFullest(PICTURE, []).map(({ name, usage }) => `${name} ${usage}`),
    ["nas 93", "local 40"],
  );
});

test("when each will be full stands with it, and pools and Ceph that fill up are among them", () => {
  const filling = (of: FillingUp["of"], resource: string, name: string, full: number | null): FillingUp => ({
    ...{ of, resource, name, full },
    ...{ place: "home", usage: 88, known: true },
  });
  const told = [
    filling("storage", "home:storage:nas@pve1", "nas", 5),
    filling("zfs", "home:zfs:pve1/tank", "tank", 7),
    filling("ceph", "home:ceph", "Ceph", null),
    filling("guest", "home:guest:101", "web", 3),
  ];
  assert.deepEqual(
    toFullest(PICTURE, told).map(({ name, full }) => [name, full]),
    [
      ["nas", 5],
      ["Ceph", null],
      ["tank", 7],
      ["local", null],
    ],
  );
});
