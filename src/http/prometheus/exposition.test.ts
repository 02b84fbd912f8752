import assert from "node:assert/strict";
import { test } from "node:test";
import { expose, type Sample } from "./exposition.ts";

const page = (...samples: Sample[]) => [...expose([{ name: "x", help: "h", type: "gauge", samples }])].join("");

const CASES: [sentence: string, samples: Sample[], lines: string[]][] = [
  ["a number", [[{}, 1.5]], ["x 1.5"]],
  ["labels", [[{ a: "1", b: "2" }, 0]], ['x{a="1",b="2"} 0']],
  ["a label that is null is none", [[{ a: null, b: "2" }, 0]], ['x{b="2"} 0']],
  ["what is special in a label", [[{ a: 'q"\\\n' }, 0]], ['x{a="q\\"\\\\\\n"} 0']],
  [
    "yes and no",
    [
      [{ a: "1" }, true],
      [{ a: "2" }, false],
    ],
    ['x{a="1"} 1', 'x{a="2"} 0'],
  ],
  [
    "what is not known is left out",
    [
      [{ a: "1" }, null],
      [{ a: "2" }, Number.NaN],
      [{}, 3],
    ],
    ["x 3"],
  ],
  [
    "large and small",
    [
      [{ a: "1" }, 1e21],
      [{ a: "2" }, 1e-7],
    ],
    ['x{a="1"} 1e+21', 'x{a="2"} 1e-7'],
  ],
  ["without end", [[{}, Number.POSITIVE_INFINITY]], ["x +Inf"]],
];
for (const [sentence, samples, lines] of CASES)
  test(sentence, () => assert.equal(page(...samples), `# HELP x h\n# TYPE x gauge\n${lines.join("\n")}\n`));

test("a family of which nothing is known is not there at all", () => assert.equal(page([{}, null]), ""));
