import assert from "node:assert/strict";
import { test } from "node:test";
import { type HeadlineInput, toHeadline } from "./headline.ts";

const WELL: HeadlineInput = {
  line: { kind: "live" },
  hasPicture: true,
  quiet: false,
  verdict: { level: "well", text: "All is well" },
  lastUpdate: 12,
  write: at => `${at}:00`,
};
const AWAY = { kind: "away", since: 1, reason: "The server cannot be reached", retryAt: null } as const;

const SAID: readonly [name: string, change: Partial<HeadlineInput>, expected: string][] = [
  ["a live line tells how things are", {}, "well: All is well / "],
  [
    "a broken one that nobody knows, and what it was",
    { line: AWAY },
    "lost: Not live / The server cannot be reached. At 12:00 it was: All is well",
  ],
  [
    "before anything has come, no more than that",
    { line: AWAY, hasPicture: false },
    "lost: Not live / The server cannot be reached.",
  ],
  ["silence on a live line is no good news", { quiet: true }, "lost: No news / At 12:00 it was: All is well"],
  ["at the beginning it waits", { line: { kind: "connecting" }, hasPicture: false }, "waiting: Connecting… / "],
  [
    "while it connects anew, what is there counts as long as it is young",
    { line: { kind: "connecting" } },
    "well: All is well / ",
  ],
  [
    "a revoked link says who makes a new one",
    { line: { kind: "signed-out" } },
    "lost: Not let in / The link of this screen was revoked, or has expired. An administrator makes a new one in Settings → Security.",
  ],
];
for (const [name, change, expected] of SAID)
  test(name, () => {
    const { level, text, detail } = toHeadline({ ...WELL, ...change });
    assert.equal(`${level}: ${text} / ${detail}`, expected);
  });
