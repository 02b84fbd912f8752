import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeClock } from "../kit/clock.ts";
import { DAY } from "../kit/units.ts";
import type { Right } from "../model/caller.ts";
import { changeHandlers } from "./change-handlers.ts";
import type { Ask } from "./handlers.ts";

const NOW = Date.UTC(2026, 0, 10);

function ask(query: Record<string, string>, may: Right[] = ["read"]) {
  const asked: unknown[] = [];
  const handlers = changeHandlers(
    {
      read: query => {
        asked.push(query);
        return { changes: [], total: 3, watchedSince: null };
      },
      alerts: () => ({ fired: 2, resolved: 1 }),
      actions: () => 7,
    },
    new FakeClock(NOW),
  );
  const answer = handlers.changes({ query, caller: { name: "anna", may } } as unknown as Ask<never>, {} as never);
  return { asked: asked[0], answer };
}

test("without more, the last day of everything is told; what people did only to administrators", () => {
  const { asked, answer } = ask({});
  assert.deepEqual(asked, { since: NOW - DAY, limit: 100, resource: null });
  assert.deepEqual(answer, {
    since: NOW - DAY,
    changes: [],
    total: 3,
    watchedSince: null,
    alerts: { fired: 2, resolved: 1 },
    actions: null,
  });
  assert.equal((ask({}, ["read", "write", "admin"]).answer as { actions: number | null }).actions, 7);
});

test("what is asked for is read, or refused with the field's name", () => {
  const { asked } = ask({ since: "2026-01-09T12:00:00Z", limit: "5", resource: "home:guest:1" });
  assert.deepEqual(asked, { since: NOW - DAY / 2, limit: 5, resource: "home:guest:1" });
  assert.throws(() => ask({ limit: "0" }), /limit: must be a whole number from 1 to 1000/);
  assert.throws(() => ask({ since: "yesterday" }), /since: must be/);
});
