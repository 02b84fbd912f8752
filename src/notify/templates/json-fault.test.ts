import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonFault } from "./json-fault.ts";

const RIGHT: readonly string[] = [
  "{}",
  "[]",
  ' { "a" : [ 1 , -2.5e+3 , true , false , null , "x" ] } ',
  '"\\u00e9 \\" \\\\ \\/ \\b\\f\\n\\r\\t"',
  "0",
  "-0.5E-7",
  "\n[\n]\n",
  '{"a":{"b":{"c":[[[]]]}}}',
];
for (const text of RIGHT)
  test(`${text} is JSON`, () => {
    JSON.parse(text);
    assert.equal(jsonFault(text), null);
  });

const WRONG: readonly (readonly [text: string, at: number, due: string])[] = [
  ["", 0, "a value"],
  ["{", 1, "a name in quotes"],
  ["[1,]", 3, "a value"],
  ['{"a":1,}', 7, "a name in quotes"],
  ['{"a" 1}', 5, '":"'],
  ['{"a":1 "b":2}', 7, '"," or "}"'],
  ["[1 2]", 3, '"," or "]"'],
  ["{a:1}", 1, "a name in quotes"],
  ["01", 1, "the end"],
  ["1.", 1, "the end"],
  ["+1", 0, "a value"],
  ["nul", 0, "a value"],
  ["'a'", 0, "a value"],
  ['"a', 2, "a closing quote, or an escape"],
  ['"a\nb"', 2, "a closing quote, or an escape"],
  ['"\\x41"', 1, "a closing quote, or an escape"],
  ["{} {}", 3, "the end"],
  ['{"text": "say "hi" to"}', 15, '"," or "}"'],
];
for (const [text, at, due] of WRONG)
  test(`${JSON.stringify(text)} is no JSON at ${at}`, () => {
    assert.throws(() => JSON.parse(text));
    assert.deepEqual(jsonFault(text), { at, due });
  });

test("it says what JSON.parse says, whatever is done to a text", () => {
  const whole = '{"a":[1,-2.5e3,true,null,"x\\u00e9\\n"],"b":{"c":""}}';
  const signs = '{}[]",:\\ \n01.e-tf';
  let wrong = 0;
  for (let at = 0; at <= whole.length; at++) {
    for (const sign of signs)
      for (const text of [
        whole.slice(0, at) + sign + whole.slice(at),
        whole.slice(0, at) + sign + whole.slice(at + 1),
      ]) {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        assert.equal(jsonFault(text) === null, parses, text);
        if (!parses) wrong += 1;
      }
  }
  assert.ok(wrong > 500);
});

test("a text that is nested without end is refused", () => {
  assert.equal(jsonFault("[".repeat(100_000))?.due, "at most 200 levels");
});
