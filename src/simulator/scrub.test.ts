import assert from "node:assert/strict";
import { test } from "node:test";
import { ctimeText, lastScrub, runningScrub } from "./scrub.ts";

const at = (text: string) => Date.parse(`${text}Z`);

for (const [what, now, ended, runs] of [
  ["in the middle of a month", "2026-01-20T12:00", "Sun Jan 11 00:24:00 2026", "Tue Jan 20 00:24:00 2026"],
  ["before the second Sunday", "2026-01-05T00:10", "Sun Dec 14 00:24:00 2025", "Sun Jan  4 00:24:00 2026"],
  ["on the second Sunday it is not over", "2025-12-14T09:00", "Sun Nov  9 00:24:00 2025", "Sun Dec 14 00:24:00 2025"],
  ["of a month that begins on a Sunday", "2026-02-20T00:24", "Sun Feb  8 00:24:00 2026", "Fri Feb 20 00:24:00 2026"],
] as const) {
  test(`scrubs ${what}`, () => {
    assert.equal(ctimeText(lastScrub(at(now))), ended);
    assert.equal(ctimeText(runningScrub(at(now))), runs);
  });
}
