import assert from "node:assert/strict";
import { test } from "node:test";
import { missingOf, textsOf, wrongOf } from "./texts.ts";

const keys: readonly [name: string, source: string, keys: readonly string[]][] = [
  ["a text", `t("All is well")`, ["All is well"]],
  ["a text with values", `t("{a} of {b}", { a, b })`, ["{a} of {b}"]],
  ["a choice of texts", `t(isOn ? "on" : "off")`, ["on", "off"]],
  ["a plural by the rule", `plural(count, "guest")`, ["{count} guest", "{count} guests"]],
  ["a plural of its own", `plural(count, "virus", "viruses")`, ["{count} virus", "{count} viruses"]],
  ["a text in an element", `const a = <p>{t("Now")}</p>`, ["Now"]],
];
for (const [name, source, expected] of keys)
  test(`says ${name}`, () => {
    const { said, problems } = textsOf("a.tsx", source);
    assert.deepEqual([said.map(({ key }) => key), problems], [expected, []]);
  });

const left: readonly [name: string, source: string][] = [
  ["a sign", `const a = <p>· – 5</p>`],
  ["code", `const a = <code>npm run demo</code>`],
  ["a key", `const a = <kbd>Enter</kbd>`],
  ["a name", `const a = <b>{name ?? "Pulse"}</b>`],
  ["an address", `const a = <input placeholder="https://example.com/hook" />`],
  ["what nobody sees", `const a = <p class="big red">{x === "running" ? 1 : 2}</p>`],
  ["capitals", `const a = <option>POST</option>`],
  ["what is loaded with its texts", `const A = lazy(withTexts(() => import("./b.tsx")))`],
];
for (const [name, source] of left)
  test(`leaves ${name} as it is`, () => assert.deepEqual(textsOf("a.tsx", source), { said: [], problems: [] }));

const refused: readonly [name: string, source: string, problem: string][] = [
  ["text in an element", `const a = (\n <p>All is well</p>)`, `src/web/a.tsx:2: "All is well" is said without t()`],
  ["one word of a choice", `const a = <p>{is ? "yes" : t("no")}</p>`, `src/web/a.tsx:1: "yes" is said without t()`],
  ["what stands in for nothing", `const a = <p>{x || "nothing"}</p>`, `src/web/a.tsx:1: "nothing" is said without t()`],
  ["text around a value", `const a = <p>{\`by \${who}\`}</p>`, `src/web/a.tsx:1: "by" is said without t()`],
  ["a label", `const a = <Field label="Name of it" />`, `src/web/a.tsx:1: "Name of it" is said without t()`],
  [
    "what is said to screen readers",
    `const a = <nav aria-label="Pages" />`,
    `src/web/a.tsx:1: "Pages" is said without t()`,
  ],
  [
    "what is loaded without its texts",
    `const A = lazy(() => import("./b.tsx"))`,
    "src/web/a.tsx:1: what is loaded later goes through withTexts(), so that its texts are there before it",
  ],
  [
    "a text that is made elsewhere",
    `t(text)`,
    "src/web/a.tsx:1: t() and plural() take texts as they stand, or a choice of such",
  ],
];
for (const [name, source, problem] of refused)
  test(`refuses ${name}`, () => assert.deepEqual(textsOf("a.tsx", source).problems, [problem]));

test("what has no text in a catalogue is told once", () => {
  const said = ["on", "off", "on"].map((key, line) => ({ key, file: "a.tsx", line }));
  assert.deepEqual(missingOf(said, { off: "aus" }), [{ key: "on", file: "a.tsx", line: 0 }]);
});

const wrong: readonly [name: string, parts: Record<string, Record<string, string>>, found: readonly string[]][] = [
  ["nothing", { a: { "{a} of {b}": "{b}: {a}" } }, []],
  ["a text that nobody says", { a: { gone: "weg" } }, [`src/web/words/de/a.ts: "gone" is said nowhere`]],
  [
    "a value that is lost",
    { a: { "{a} of {b}": "{a}" } },
    [`src/web/words/de/a.ts: "{a} of {b}" has other values in its text`],
  ],
  ["no text", { a: { on: " " } }, [`src/web/words/de/a.ts: "on" has no text`]],
  [
    "a text that is there twice",
    { a: { on: "an" }, b: { on: "ein" } },
    [`src/web/words/de/b.ts: "on" stands in a.ts, too`],
  ],
];
for (const [name, parts, found] of wrong)
  test(`wrong with a catalogue: ${name}`, () => {
    const said = ["{a} of {b}", "on"].map(key => ({ key, file: "a.tsx", line: 1 }));
    assert.deepEqual(wrongOf(said, parts), found);
  });
