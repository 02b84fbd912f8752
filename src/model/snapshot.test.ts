import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyPicture, type Picture } from "./picture.ts";
import { addPart, isEnough, type SnapshotPart, snapshotParts } from "./snapshot.ts";

/** A picture with so many entities of each collection. */
function pictureWith(counts: { [collection: string]: number }): Picture {
  const records = Object.entries(counts).map(([name, count]) => [
    name,
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${name}:${at}`, { id: `${name}:${at}`, at }])),
  ]);
  return { ...emptyPicture(), version: 7, lastUpdate: 70, ...Object.fromEntries(records) };
}

const CASES: [
  sentence: string,
  counts: { [collection: string]: number },
  parts: [collections: string[], missing: string[], isEnough: boolean][],
][] = [
  ["nothing is one part", {}, [[[], [], true]]],
  [
    "what is few goes along with others",
    { instances: 1, nodes: 2, vms: 3 },
    [
      [["instances", "nodes"], ["vms"], false],
      [["vms"], [], true],
    ],
  ],
  [
    "what is many is cut, and archives come last",
    { backupTasks: 4, vms: 5, activeAlerts: 1 },
    [
      [["vms"], ["vms", "activeAlerts", "backupTasks"], false],
      [["vms", "activeAlerts"], ["backupTasks"], true],
      [["backupTasks"], ["backupTasks"], true],
      [["backupTasks"], [], true],
    ],
  ],
];
for (const [sentence, counts, expected] of CASES)
  test(`a picture in parts: ${sentence}`, () => {
    const picture = pictureWith(counts);
    const parts = [...snapshotParts(picture, "e", 3)];
    assert.deepEqual(
      parts.map(part => [Object.keys(part.entities), part.missing, isEnough(part)]),
      expected,
    );
    assert.deepEqual(
      parts.map(({ part, epoch, version }) => [part, epoch, version]),
      parts.map((_, at) => [at, "e", 7]),
    );
    let read: Picture | null = null;
    for (const part of parts) read = addPart(read, JSON.parse(JSON.stringify(part)) as SnapshotPart);
    assert.deepEqual(read, picture);
  });

test("parts are of the moment at which they were asked for", () => {
  const picture = pictureWith({ vms: 4 });
  const parts = snapshotParts(picture, "e", 3);
  picture.vms = {};
  picture.version = 8;
  const [first, second] = [...parts];
  assert.deepEqual([first?.version, second?.version, second?.entities.vms?.[0]?.ids], [7, 7, ["vms:3"]]);
});
