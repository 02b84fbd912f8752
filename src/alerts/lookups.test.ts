import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackupTask } from "../model/backup.ts";
import type { Guest } from "../model/guest.ts";
import { applyPatch, emptyPicture, indexedPicture, type Patch, type Picture } from "../model/picture.ts";
import { Gathered, Lookups } from "./lookups.ts";

const task = (id: string, startTime: string, vmid = 100) =>
  ({ id, instance: "home", node: "pve1", vmid, startTime, endTime: startTime }) as BackupTask;

function change(picture: Picture, patch: Pick<Patch, "changed"> | Pick<Patch, "removed">): void {
  applyPatch(picture, { version: picture.version + 1, at: 1, seen: {}, changed: {}, removed: {}, ...patch });
}

test("what was gathered of a collection is gathered anew once it has changed, and not before", () => {
  const picture = indexedPicture();
  const gathered = new Gathered();
  const last = () => new Lookups(picture, gathered).lastTask({ instance: "home", vmid: 100 } as Guest)?.id;
  assert.equal(last(), undefined);
  change(picture, { changed: { backupTasks: [task("a", "2026-01-01"), task("b", "2026-01-03", 101)] } });
  assert.equal(last(), "a");
  change(picture, { changed: { backupTasks: [task("c", "2026-01-02")] } });
  assert.equal(last(), "c");
  change(picture, { removed: { backupTasks: ["c"] } });
  assert.equal(last(), "a");
  let times = 0;
  const count = () => gathered.of(picture, "storageBackups", () => new Map([["times", ++times as never]]));
  count();
  change(picture, { changed: { backupTasks: [task("d", "2026-01-04")] } });
  count();
  assert.equal(times, 1, "another collection has changed");
});

test("of a picture whose changes nobody counts all is gathered anew", () => {
  const picture = emptyPicture();
  const gathered = new Gathered();
  const last = () => new Lookups(picture, gathered).lastTask({ instance: "home", vmid: 100 } as Guest)?.id;
  assert.equal(last(), undefined);
  picture.backupTasks.a = task("a", "2026-01-01");
  assert.equal(last(), "a");
});
