import assert from "node:assert/strict";
import { test } from "node:test";
import { languageOf, plural, t } from "./words.ts";

for (const [name, said, expected] of [
  ["a text stands for itself", t("All is well"), "All is well"],
  ["values are put in by their names", t("{a} of {b}", { b: 2, a: "one" }), "one of 2"],
  ["a value that is null is nothing", t("a{b}c", { b: null }), "ac"],
  ["a name without a value stays", t("{a} {b}", { a: 1 }), "1 {b}"],
  ["a value with braces is not looked into", t("{a}", { a: "{a}" }), "{a}"],
  ["one has the singular", plural(1, "guest"), "1 guest"],
  ["none has the plural", plural(0, "virus", "viruses"), "0 viruses"],
] as const)
  test(name, () => assert.equal(said, expected));

for (const [name, wanted, expected] of [
  ["the first language that there is", ["fr-CH", "de-AT", "en"], "de"],
  ["English before German", ["en-GB", "de"], "en"],
  ["none that there is", ["fr", "ja"], "en"],
  ["nothing asked for", [], "en"],
] as const)
  test(`language: ${name}`, () => assert.equal(languageOf(wanted), expected));
