import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** The texts in a schema that must look a certain way, and do not say so in words. */
function* wordless(schema: unknown, at: string): Generator<string> {
  if (typeof schema !== "object" || schema === null) return;
  const { pattern, must } = schema as { pattern?: unknown; must?: unknown };
  if (typeof pattern === "string" && typeof must !== "string") yield at;
  for (const [name, inner] of Object.entries(schema))
    if (name !== "patternProperties") yield* wordless(inner, `${at}.${name}`);
  const { patternProperties } = schema as { patternProperties?: object };
  for (const inner of Object.values(patternProperties ?? {})) yield* wordless(inner, `${at}.*`);
}

test("who is refused for how a text looks is told in words how it is to look, not by a regular expression", () => {
  const found = (Object.entries(ROUTES) as [string, Route][]).flatMap(([name, { body, query }]) => [
    ...wordless(body, `${name}.body`),
    ...wordless(query, `${name}.query`),
  ]);
  assert.deepEqual(found, []);
});
