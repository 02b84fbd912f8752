import assert from "node:assert/strict";
import { test } from "node:test";
import { compareNames } from "./sort.ts";

const NATURAL = new Intl.Collator("en", { numeric: true });

test("names are in the order of the collator, whatever they are made of", () => {
  const pieces = ["", "a", "b", "web", "-", "_", ".", " ", "0", "1", "9", "10", "007", "Z", "ä", "é", "(", "日", "'"];
  const names = pieces.flatMap(one => pieces.flatMap(two => ["", "-2", "x"].map(three => `${one}${two}${three}`)));
  for (const a of names)
    for (const b of names)
      if (Math.sign(compareNames(a, b)) !== NATURAL.compare(a, b)) assert.fail(`"${a}" and "${b}"`);
});
