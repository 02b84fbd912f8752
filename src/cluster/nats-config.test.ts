import assert from "node:assert/strict";
import { test } from "node:test";
import { rightsOfEdges } from "./edge-rights.ts";
import { natsConfig, usersOf } from "./nats-config.ts";

const USERS = { core: "of-cores", routes: "of-routes", edges: { north: "of-north", "site.2": "of-2" } };
const PLACE = { listen: "0.0.0.0:4222", cluster: "0.0.0.0:6222", routes: ["a:6222", "b:6222"], folder: "/data" };

test("who is let in can be read again from what was written", () => {
  const written = JSON.parse(JSON.stringify(natsConfig(USERS, PLACE))) as { authorization: { users: object[] } };
  assert.deepEqual(usersOf(written), USERS);
  assert.deepEqual(written.authorization.users, [
    { user: "core", password: "of-cores" },
    { user: "north", password: "of-north", permissions: rightsOfEdges("north") },
    { user: "site.2", password: "of-2", permissions: rightsOfEdges("site.2") },
  ]);
});

for (const other of [
  null,
  {},
  { authorization: { users: [{ user: "core", password: "x" }] } },
  { cluster: {} },
  "text",
])
  test(`nobody is read from ${JSON.stringify(other)}`, () => assert.equal(usersOf(other), null));
