import assert from "node:assert/strict";
import { test } from "node:test";
import { archivedPoints } from "../../archive/archived-points.ts";
import { ArchiveFailure } from "../../archive/store-client.ts";
import { passesArchiveExam } from "./archive-exam.ts";
import { openStrictStore } from "./strict-store.ts";

const OPEN = { writeUrl: null, user: null, password: null };

test("a store has exactly what the history has, also after a crash while it was sent", async () => {
  await using store = await openStrictStore();
  await passesArchiveExam({ ...OPEN, url: store.url });
  assert.deepEqual(store.complaints, []);
  // A guest that was seen at every ninth tick: behind each sample it says that nothing is known.
  const scattered = [...(store.series.get("pulse_history_guest_cpu home:guest:104")?.values() ?? [])];
  assert.ok(scattered.some(({ isStale }) => isStale));
  const byTime = scattered.sort((a, b) => a.at - b.at);
  for (const [at, { isStale }] of byTime.entries()) assert.equal(isStale, at % 2 === 1);
});

for (const [how, settings, header] of [
  ["a user and a password", { user: "pulse", password: "secret" }, "Basic cHVsc2U6c2VjcmV0"],
  ["a token", { user: null, password: "tok" }, "Bearer tok"],
] as const)
  test(`a store is shown ${how}`, async () => {
    await using store = await openStrictStore();
    store.authorization = header;
    const asked = { from: 0, to: 60_000, span: 10_000 };
    const series = { name: "pulse_history_guest_cpu", id: "a" };
    await assert.rejects(archivedPoints({ ...OPEN, url: store.url }, series, asked), ArchiveFailure);
    assert.deepEqual(await archivedPoints({ ...OPEN, ...settings, url: store.url }, series, asked), []);
  });
