import assert from "node:assert/strict";
import { test } from "node:test";
import { scanText } from "./scan-text.ts";

test("what ZFS says of a scrub in short; otherwise worded as it came", () => {
  const cases: [scan: string | null, text: string][] = [
    [null, "–"],
    ["scrub repaired 0B in 00:11:32 with 0 errors on Sun Dec 14 00:35:34 2025", "Scrub, 0 errors, Dec 14, 2025"],
    ["resilvered 12.1G in 00:03:10 with 1 errors on Sun Dec 14 03:27:44 2025", "Resilver, 1 error, Dec 14, 2025"],
    [
      "scrub repaired 3.5M in 1 days 00:11:32 with 12 errors on Tue Feb  3 00:35:34 2026",
      "Scrub, 12 errors, Feb 3, 2026",
    ],
    ["scrub in progress since Sun Jan 11 00:24:01 2026", "Scrub, running since Jan 11, 2026"],
    ["resilver in progress since Sun Jan 11 00:24:01 2026\n\t1.2T scanned", "Resilver, running since Jan 11, 2026"],
    ["scrub canceled on Sun Jan 11 00:24:01 2026", "scrub canceled on Sun Jan 11 00:24:01 2026"],
  ];
  for (const [scan, text] of cases) assert.equal(scanText(scan), text);
});
