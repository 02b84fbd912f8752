import assert from "node:assert/strict";
import { test } from "node:test";
import { Compile } from "typebox/compile";
import { USUAL_PAGE, UserChange, withChange } from "./user-settings.ts";

const BEFORE = { ...USUAL_PAGE, tables: { guests: { sort: ["-cpu"] }, disks: { density: "compact" as const } } };

const CHANGES: [sentence: string, change: UserChange, after: object][] = [
  ["what is left out stays", {}, {}],
  ["a field of a part changes alone", { layout: { guests: "flat" } }, { layout: { startPage: "", guests: "flat" } }],
  ["zero is a value", { refreshInterval: 0 }, { refreshInterval: 0 }],
  [
    "a table is replaced as a whole, the others stay",
    { tables: { guests: { group: "tag" } } },
    { tables: { disks: { density: "compact" }, guests: { group: "tag" } } },
  ],
  ["null makes a table as usual again", { tables: { guests: null } }, { tables: { disks: { density: "compact" } } }],
  ["views are replaced", { views: [{ name: "A", search: "" }] }, { views: [{ name: "A", search: "" }] }],
];

test("a change changes what it names", () => {
  for (const [sentence, change, after] of CHANGES)
    assert.deepEqual(withChange(BEFORE, change), { ...BEFORE, ...after }, sentence);
});

test("of too many tables those that were changed last are remembered", () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, at) => [`t-${"abcdefghij"[at % 10]}${"xyzuvw"[Math.floor(at / 10)]}`, {}]),
  );
  const { tables } = withChange(BEFORE, { tables: many });
  assert.equal(Object.keys(tables).length, 60);
  assert.ok(!("guests" in tables));
});

const column = (length: number) => Array.from({ length }, (_, at) => `c${at}`);
const BODIES: [sentence: string, body: unknown, fits: boolean][] = [
  [
    "columns, order, group and density of a table",
    { tables: { guests: { columns: ["name", "cpu"], sort: ["-cpu", "name"], group: "none", density: "compact" } } },
    true,
  ],
  ["no column at all", { tables: { guests: { columns: [] } } }, false],
  ["more columns than any table has", { tables: { guests: { columns: column(41) } } }, false],
  ["sorted by five", { tables: { guests: { sort: column(5) } } }, false],
  ["what is not of a table", { tables: { guests: { colour: "red" } } }, false],
  ["a table of an odd name", { tables: { "__proto__ ": {} } }, false],
  ["a density nobody knows", { tables: { guests: { density: "airy" } } }, false],
  ["a view", { views: [{ name: "Big VMs", search: "?q=memory%3E16G&sort=-memory" }] }, true],
  ["a view of the first page", { views: [{ name: "Ä", search: "" }] }, true],
  ["a view without a name", { views: [{ name: " ", search: "" }] }, false],
  ["a view that leads elsewhere", { views: [{ name: "x", search: "//elsewhere.example" }] }, false],
  ["too many views", { views: column(51).map(name => ({ name, search: "" })) }, false],
];

test("what is remembered is bounded", () => {
  const schema = Compile(UserChange);
  for (const [sentence, body, fits] of BODIES) assert.equal(schema.Check(body), fits, sentence);
});
