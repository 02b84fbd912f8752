import assert from "node:assert/strict";
import { test } from "node:test";
import { allOf, applyPatch, type Change, emptyPicture, entitiesOf, indexedPicture, type Patch } from "./picture.ts";
import type { Storage } from "./storage.ts";

const INSTANCES = ["home", "home:2", "away"];

/** Numbers below `end`, the same in each run. */
function numbers(): (end: number) => number {
  let state = 1;
  return end => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
}

test("what belongs to a part is found by the index as it is by looking through all, whatever patches did", () => {
  const [indexed, plain] = [indexedPicture(), emptyPicture()];
  const below = numbers();
  const ids = Array.from({ length: 12 }, (_, at) => `storage-${at}`);
  for (let version = 1; version <= 300; version++) {
    const changes = Array.from({ length: 1 + below(4) }, (): Change<Storage> => {
      const change = { id: ids[below(ids.length)] ?? "", used: below(100), stale: below(4) === 0 };
      // Also of one that is there already: its part becomes another one.
      return { ...change, ...(below(3) > 0 ? { instance: INSTANCES[below(3)] ?? "" } : {}) } as Change<Storage>;
    });
    const removed = ids.filter(() => below(8) === 0);
    const seen = { storage: { [INSTANCES[below(3)] ?? ""]: version } };
    const patch: Patch = { version, at: version, seen, changed: { storage: changes }, removed: { storage: removed } };
    applyPatch(indexed, structuredClone(patch));
    applyPatch(plain, structuredClone(patch));
    assert.deepEqual(indexed, plain);
    const byId = (one: Storage, other: Storage) => (one.id < other.id ? -1 : 1);
    assert.deepEqual(allOf(indexed, "storage").sort(byId), Object.values(plain.storage).sort(byId));
    for (const instance of INSTANCES) {
      const [found, expected] = [indexed, plain].map(picture =>
        entitiesOf(picture, "storage", instance)
          .map(({ id }) => id)
          .sort(),
      );
      assert.deepEqual(found, expected);
    }
  }
});
