import assert from "node:assert/strict";
import { afterEach, before, beforeEach, test } from "node:test";
import { prefer, preferences, readPreferences } from "./preferences.ts";

/** What the server was asked to change. */
let changed: object[] = [];
/** Answers what is asked for. */
let answer: (settings: object) => void = () => {};

const { fetch } = globalThis;
before(() => {
  Object.assign(globalThis, { document: { cookie: "" }, location: { hash: "" } });
});
beforeEach(() => {
  changed = [];
  globalThis.fetch = async (_, { method, body } = {}) => {
    if (method === "POST") {
      changed.push(JSON.parse(String(body)));
      return Response.json({});
    }
    return new Promise<Response>(resolve => {
      answer = settings => resolve(Response.json(settings));
    });
  };
});
afterEach(() => {
  globalThis.fetch = fetch;
});

test("what is chosen before the server has said what was chosen earlier stays, and is told to it; all else is as it says", async () => {
  await prefer({ theme: "contrast" });
  assert.deepEqual(changed, [], "nobody knows yet whose it is");
  const reading = readPreferences("ann");
  await prefer({ refreshInterval: 30 });
  answer({ theme: "light", refreshInterval: 5, language: "en" });
  await reading;
  const { theme, refreshInterval, language } = preferences();
  assert.deepEqual([theme, refreshInterval, language], ["contrast", 30, "en"]);
  assert.deepEqual(changed.at(-1), { theme: "contrast", refreshInterval: 30 });
});

test("what the server says later is as it says, also of what was chosen here before", async () => {
  await prefer({ theme: "dark" });
  const reading = readPreferences("ann");
  answer({ theme: "light" });
  await reading;
  assert.equal(preferences().theme, "light");
  assert.deepEqual(changed, [{ theme: "dark" }]);
});
