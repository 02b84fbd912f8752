import assert from "node:assert/strict";
import { test } from "node:test";
import type { BackupServer } from "../../model/backup-server.ts";
import { emptyPicture, type Picture } from "../../model/picture.ts";
import type { Storage } from "../../model/storage.ts";
import { wellText } from "./capacity-words.ts";

const CASES: readonly [seen: string, make: (picture: Picture) => void, says: RegExp][] = [
  ["all of it", () => {}, /^Nothing is nearly full/],
  [
    "one storage no longer",
    ({ storage }) => Object.assign(storage, { b: { stale: true } as Storage }),
    /^Of what is seen/,
  ],
  [
    "a Backup Server no longer",
    ({ pbs }) => Object.assign(pbs, { v: { stale: true } as BackupServer }),
    /^Of what is seen/,
  ],
];

for (const [seen, make, says] of CASES)
  test(`nothing is nearly full, as far as is known: ${seen}`, () => {
    const picture = emptyPicture();
    picture.storage.a = { stale: false } as Storage;
    make(picture);
    assert.match(wellText(picture), says);
  });
