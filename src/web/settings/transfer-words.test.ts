import assert from "node:assert/strict";
import { test } from "node:test";
import { passphraseAdvice, tallyText } from "./transfer-words.ts";

const ADVICE: [passphrase: string, advice: RegExp][] = [
  ["", /^At least 12/],
  ["short", /^7 characters more/],
  ["elevenchars", /^One character more/],
  ["aaaaaaaaaaaaaaaa", /^Weak/],
  ["onlysmalllett", /^Fair/],
  ["Small-and-9-others", /^Good/],
  ["four words in a row here", /^Good/],
];
for (const [passphrase, advice] of ADVICE)
  test(`a passphrase of ${passphrase.length} characters: ${advice.source}`, () => {
    assert.match(passphraseAdvice(passphrase), advice);
  });

test("what an import comes to is said in words", () => {
  assert.equal(tallyText({ part: "nodes", added: 2, changed: 0, unchanged: 1 }), "Instances: 2 added, 1 unchanged");
  assert.equal(tallyText({ part: "email", added: 0, changed: 0, unchanged: 0 }), "E-mail: nothing");
  assert.equal(tallyText({ part: "later", added: 0, changed: 1, unchanged: 0 }), "later: 1 changed");
});
