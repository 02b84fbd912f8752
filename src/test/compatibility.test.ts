import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Route } from "../contract/route.ts";
import { ROUTES } from "../contract/routes.ts";

const PAGE = readFileSync("docs/compatibility.md", "utf8");
/** Served besides the list of routes. */
const OTHERS = ["GET /ws", "GET /socket.io/"];

test("docs/compatibility.md names every route, and none that is not there", () => {
  const named = [...PAGE.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`\s]+)`/g)].map(([, route = ""]) => route);
  const routes = (Object.values(ROUTES) as Route[]).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(
    routes.filter(route => !named.includes(route)),
    [],
    "not named",
  );
  assert.deepEqual(
    named.filter(route => ![...routes, ...OTHERS].includes(route)),
    [],
    "not there",
  );
});
