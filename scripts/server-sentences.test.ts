import assert from "node:assert/strict";
import { test } from "node:test";
import { sentencesOf } from "./server-sentences.ts";

const cases: readonly [name: string, source: string, sentences: readonly string[]][] = [
  ["a finding", `critical("is offline")`, ["is offline"]],
  ["a fault", `throw new LookFailed(kind, \`Answer to "\${path}" is late\`)`, ['Answer to "7" is late']],
  ["both ends of a choice", `warning(\`is gone\${why ? \`: \${why}\` : ""}\`)`, ["is gone: 7", "is gone"]],
  ["what is said where nothing is known", `warning(\`failed: \${error ?? "why?"}\`)`, ["failed: 7", "failed: why?"]],
  ["a message that is made before", `const message = \`uses \${share} % of it\``, ["uses 7 % of it"]],
  ["the label of a figure", `const a = { kind: "figure", label: "Root disk" }`, ["Root disk"]],
  ["no label of a check", `const a = { kind: "check", label: "Online" }`, []],
];
for (const [name, source, sentences] of cases)
  test(`says ${name}`, () => assert.deepEqual(sentencesOf(source), sentences));
