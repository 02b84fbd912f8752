import assert from "node:assert/strict";
import { test } from "node:test";
import { EMAIL_PROVIDERS } from "../notify/channels/email-providers.ts";
import { SERVICES } from "../notify/channels/services.ts";
import { HINTS } from "../web/words/de/hints.ts";

test("how a channel is set up is told in German for each service, and nothing besides", () => {
  const hints = [...EMAIL_PROVIDERS, ...Object.values(SERVICES)].map(({ instructions }) => instructions);
  assert.deepEqual([...new Set(hints)].sort(), Object.keys(HINTS).sort());
});
