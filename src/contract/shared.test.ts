import assert from "node:assert/strict";
import { test } from "node:test";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";

/** What a core does for itself alone, though its method says that it may change something. */
const OWN = {
  "tries something out, and keeps nothing": [
    "testConnection",
    "testConfig",
    "testInstance",
    "discover",
    "validateToken",
    "testNotification",
    "testNotifications",
    "testWebhook",
    "checkTemplate",
    "tryThresholds",
  ],
  "hands something out": ["exportConfig"],
  "is of this machine": ["makeOwnBackup", "removeOwnBackup", "applyUpdate", "applyRestart", "recovery"],
  "begins what is finished at the same core": ["offerSecondFactor", "oidcLogin"],
  "is about what this core has tried": ["retryNotification", "resetLockout"],
};
/** What accounts, imports, entered instances, whose secrets it seals, and the end of a member come to is told to all as it has come about at one. */
const AGREED = [
  ...["addInstance", "updateInstance", "removeInstance", "setupScriptUrl", "autoRegister"],
  ...["importConfig", "quickSetup", "login", "logout", "endSession", "changePassword"],
  ...["addUser", "updateUser", "removeUser", "regenerateToken", "createApiToken", "revokeApiToken"],
  ...["confirmSecondFactor", "removeSecondFactor", "dismissCore", "dismissEdge"],
];
const REFUSED = ["changeMockMode", "putMockMode"];

const changing = (Object.entries(ROUTES) as [string, Route][]).filter(([, { method }]) => method !== "GET");
const those = (is: (route: Route) => boolean) => changing.filter(([, route]) => is(route)).map(([name]) => name);

test("what a core changes by itself is listed here with its reason: everything else all cores change", () => {
  assert.deepEqual(those(({ shared }) => shared === "own").sort(), Object.values(OWN).flat().sort());
  assert.deepEqual(those(({ shared }) => shared === "agreed").sort(), AGREED.sort());
  assert.deepEqual(those(({ shared }) => typeof shared === "object").sort(), REFUSED.sort());
  const others = those(({ shared }) => shared === "change" || shared === "report");
  assert.equal(others.length, changing.length - Object.values(OWN).flat().length - AGREED.length - REFUSED.length);
});

test("what is refused says what to do instead, in a sentence of its own", () => {
  const reasons = changing.flatMap(([, { shared }]) => (typeof shared === "object" ? shared.refused : []));
  for (const reason of reasons) assert.match(reason, /^[A-Z].{30,}[^.]$/);
});
