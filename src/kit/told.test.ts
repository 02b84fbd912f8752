import assert from "node:assert/strict";
import { test } from "node:test";
import { createTold } from "./told.ts";

const told = createTold(
  {
    "is offline": "ist offline",
    'Node "{name}" {what}': "Knoten „{name}“ {what}",
    'Node "{name}" is gone': "Knoten „{name}“ ist weg",
    "{label} is {value}": "{label}: {value}",
    CPU: "Prozessor",
    "must be {what}": "muss {what} sein",
    "a list": "eine Liste",
  },
  figure => figure.replace(".", ","),
);
for (const [name, english, expected] of [
  ["a sentence that is known", "is offline", "ist offline"],
  ["one that is not known stays", "is something else", "is something else"],
  ["what it names in quotes stays as it is", 'Node "is offline" is offline', "Knoten „is offline“ ist offline"],
  ["what is not known within it stays", 'Node "pve1" sings', "Knoten „pve1“ sings"],
  ["the one that says more comes first", 'Node "pve1" is gone', "Knoten „pve1“ ist weg"],
  ["its parts are told too", "CPU is 91.5 %", "Prozessor: 91,5 %"],
  ["of a field by its path", "nodes[0].tags: must be a list", "nodes[0].tags: muss eine Liste sein"],
  ["a name may have quotes and lines in it", 'Node "a "b"\nc" is offline', 'Knoten „a "b"\nc“ ist offline'],
] as const)
  test(`told: ${name}`, () => assert.equal(told(english), expected));
