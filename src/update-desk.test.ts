import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR } from "./kit/units.ts";
import { eventsOf } from "./update-desk.ts";
import type { Attempt } from "./updates/update-book.ts";

const ATTEMPT: Attempt = {
  ...{ id: "a", began: 5 * HOUR, ended: 5.1 * HOUR, stage: "handing-over", status: "rolled_back", channel: "stable" },
  ...{ from: "5.0.0", to: "5.1.0", by: "anna", via: "ui", backup: "/b.db", fault: { code: "unwell", message: "No" } },
};
const change = (id: string, at: number, from: string, to: string) => ({ id, at, from, to });

test("updates and versions that came another way are one list, and what an update started is not told twice", () => {
  const changes = [
    change("4", 8 * HOUR, "5.0.0", "5.2.0"),
    change("3", 5.05 * HOUR, "5.1.0", "5.0.0"),
    change("2", 5.02 * HOUR, "5.0.0", "5.1.0"),
    change("1", 1 * HOUR, "4.22.0", "5.0.0"),
  ];
  assert.deepEqual(
    eventsOf([ATTEMPT], changes, "systemd").map(event => [
      event.event_id,
      event.version_to,
      event.initiated_via,
      event.status,
    ]),
    [
      ["4", "v5.2.0", "outside", "completed"],
      ["a", "v5.1.0", "ui", "rolled_back"],
      ["1", "v5.0.0", "outside", "completed"],
    ],
  );
});

test("while an update goes on, the version that it has just started is no event of its own", () => {
  const open: Attempt = { ...ATTEMPT, ended: null, status: "in_progress", fault: null };
  const [event, ...more] = eventsOf([open], [change("2", 5.02 * HOUR, "5.0.0", "5.1.0")], "systemd");
  assert.deepEqual([event?.status, event?.duration_ms, event?.backup_path, more], ["in_progress", null, "/b.db", []]);
});
