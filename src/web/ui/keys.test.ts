import assert from "node:assert/strict";
import { test } from "node:test";
import { isKey, KEYS, type KeyName, keyNames, keyOn } from "./keys.ts";

const pressed = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", true>> = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false },
  ...held,
});

for (const [name, event, key, expected] of [
  ["Ctrl and K finds", pressed("k", { ctrlKey: true }), "find", true],
  ["Cmd and K as well", pressed("k", { metaKey: true }), "find", true],
  ["with Caps Lock, too", pressed("K", { ctrlKey: true }), "find", true],
  ["a k alone does not", pressed("k"), "find", false],
  ["nor with Alt besides", pressed("k", { ctrlKey: true, altKey: true }), "find", false],
  ["a slash searches", pressed("/"), "search", true],
  ["Ctrl and slash is the browser's", pressed("/", { ctrlKey: true }), "search", false],
] as const)
  test(name, () => assert.equal(isKey(event, key), expected));

for (const [name, event, expected] of [
  ["j goes on", pressed("j"), "next"],
  ["and so does the arrow", pressed("ArrowDown"), "next"],
  ["k goes back", pressed("k"), "previous"],
  ["the space bar opens", pressed(" "), "open"],
  ["what counts on the whole page is nothing of a row", pressed("/"), null],
  ["x chooses", pressed("x"), "choose"],
  ["a q is nothing", pressed("q"), null],
] as const)
  test(`on a row, ${name}`, () => assert.equal(keyOn(event, "row"), expected));

test("no key does two things at one place", () => {
  const all = (Object.keys(KEYS) as KeyName[]).flatMap(name =>
    KEYS[name].combos.map(combo => KEYS[name].place + combo),
  );
  assert.deepEqual(all, [...new Set(all)]);
});

for (const [name, combo, isMac, expected] of [
  ["a letter with Ctrl", "Mod+k", false, "Ctrl K"],
  ["a letter with Cmd", "Mod+k", true, "⌘ K"],
  ["a letter alone", "j", false, "j"],
  ["an arrow", "ArrowDown", false, "Down"],
  ["the space bar", " ", false, "Space"],
] as const)
  test(`name: ${name}`, () => assert.equal(keyNames(combo, isMac).join(" "), expected));
