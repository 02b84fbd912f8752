import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "../../contract/route.ts";
import { ROUTES } from "../../contract/routes.ts";
import { actionName } from "./action-names.ts";

test("everything that a route may put into the audit log has a name", () => {
  const logged = Object.entries(ROUTES as Readonly<Record<string, Route>>).filter(
    ([, { method, audited, unaudited, access }]) => (method !== "GET" || audited) && !unaudited && access !== "agent",
  );
  assert.ok(logged.length > 50);
  assert.deepEqual(
    logged.map(([name]) => name).filter(name => actionName(name) === name),
    [],
  );
});

test("what is not known is called as it is logged", () => {
  assert.equal(actionName("toString"), "toString");
});
