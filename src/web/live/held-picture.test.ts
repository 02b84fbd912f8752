import assert from "node:assert/strict";
import { test } from "node:test";
import type { PackedPatch } from "../../model/packed-patch.ts";
import type { Collection } from "../../model/picture.ts";
import type { SnapshotPart } from "../../model/snapshot.ts";
import { HeldPicture } from "./held-picture.ts";

function part(at: number, missing: Collection[], id: string, version = 5): SnapshotPart {
  const entities = { vms: [{ ids: [id], keys: ["cpu"], columns: [[0]], follow: [] }] };
  return { epoch: "e", version, lastUpdate: 0, part: at, missing, entities };
}

function patch(version: number, cpu: number): PackedPatch {
  const changed = { vms: [{ ids: ["a"], keys: ["cpu"], columns: [[cpu]], follow: [] }] };
  return { version, at: version * 10, seen: {}, changed, removed: {} };
}

/** Slices are held back until they are let go on. */
function open() {
  const log: string[] = [];
  const held: (() => void)[] = [];
  const picture = new HeldPicture(
    {
      came: (extent, more) => log.push(more ? `${extent} with ${[...more]}` : extent),
      patched: ({ version }) => log.push(`patch ${version}`),
    },
    async steps => {
      await new Promise<void>(resolve => held.push(resolve));
      for (const _ of steps);
    },
  );
  const goOn = async () => {
    held.shift()?.();
    for (let turn = 0; turn < 5; turn++) await null;
  };
  return { picture, log, goOn, cpu: () => picture.picture.vms.a?.cpu };
}

test("a picture is shown when there is enough of it, and can be gone on from when it is whole", () => {
  const { picture, log } = open();
  picture.add(part(0, ["vms", "backupTasks"], "a"));
  assert.deepEqual([log, picture.held()], [[], null]);
  picture.add(part(1, ["backupTasks"], "b"));
  assert.deepEqual([log, Object.keys(picture.picture.vms), picture.held()], [["enough"], ["a", "b"], null]);
  assert.equal(picture.patch(patch(6, 1)), false, "none is due before the last part");
  picture.add(part(2, ["backupTasks"], "b"));
  assert.deepEqual(log, ["enough"], "told once");
  picture.add(part(3, [], "c"));
  assert.deepEqual([log.at(-1), picture.held()], ["whole with vms", { epoch: "e", version: 5 }]);
});

test("patches are applied one after the other, and told once when the last of them is", async () => {
  const { picture, log, goOn, cpu } = open();
  picture.add(part(0, [], "a"));
  assert.deepEqual(
    [6, 7, 8].map(version => picture.patch(patch(version, version))),
    [true, true, true],
  );
  assert.equal(picture.patch(patch(10, 10)), false, "one is missing");
  assert.deepEqual(picture.held(), { epoch: "e", version: 8 }, "what has come will be applied");
  await goOn();
  assert.deepEqual([cpu(), picture.picture.version], [6, 6]);
  await goOn();
  await goOn();
  assert.deepEqual([cpu(), log], [8, ["whole", "patch 8"]]);
});

test("a new picture takes the place of the old one when it is whole, with what was still to be applied to that", async () => {
  const { picture, log, goOn, cpu } = open();
  picture.add(part(0, [], "a"));
  picture.patch(patch(6, 6));
  picture.patch(patch(7, 7));
  picture.add(part(0, ["vms"], "a", 9));
  assert.deepEqual([picture.held(), picture.picture.version], [null, 5]);
  picture.add(part(1, [], "b", 9));
  await goOn();
  assert.deepEqual([cpu(), picture.picture.version, log], [0, 9, ["whole", "whole"]]);
  picture.patch(patch(10, 10));
  await goOn();
  assert.deepEqual([cpu(), log.at(-1)], [10, "patch 10"]);
});
