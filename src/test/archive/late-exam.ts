import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Archive } from "../../archive/archive.ts";
import { archivedPoints } from "../../archive/archived-points.ts";
import { PositionBook } from "../../archive/position-book.ts";
import { History } from "../../history/history.ts";
import { TICK } from "../../history/tiers.ts";
import { FakeClock, systemClock } from "../../kit/clock.ts";
import { silent } from "../../kit/log.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../kit/units.ts";
import type { PastSeen } from "../../model/observation.ts";
import { Database } from "../../store/database.ts";
import { until } from "../cluster/processes.ts";

export const LATE_GUEST = "home:guest:900";

/** A history from `start` on, and archives at `url` that are sent to while the test says how time goes by. Seconds are counted from `start`. */
export function openLate(url: string, start: Instant) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-late-"));
  const database = Database.open(folder, "a");
  const history = new History(database);
  const clock = new FakeClock();
  const positions = new PositionBook(database);
  const archive = () =>
    new Archive({
      ...{ history, clock, log: silent, isSender: () => true, positions },
      settings: () => ({ url, writeUrl: null, user: null, password: null }),
    });
  return {
    history,
    positions,
    archive,
    record: (from: number, to: number, cpu: (at: number) => number | null) => {
      for (let at = from; at < to; at += 10) {
        const values = [cpu(at)];
        history.record(start + at * SECOND + TICK / 2, [{ kind: "guest", resource: LATE_GUEST, values }]);
      }
    },
    late: (tick: number, ...samples: [at: number, cpu: number][]) => {
      const starts = samples.map(([at]) => start + at * SECOND);
      const frames = [{ step: TICK, metrics: { cpu: { starts, means: samples.map(([, cpu]) => cpu) } } }];
      const about = { kind: "seen", scope: "past", instance: "home", at: start + tick * SECOND, took: 0 } as const;
      const seen: PastSeen = { ...about, interval: TICK, resource: LATE_GUEST, of: "guest", frames, whole: false };
      history.importPast(seen, "late");
    },
    /** Until all that can be sent is, and some turns longer. */
    sent: async (running: Archive, to: number) => {
      await until(
        async () => {
          await clock.advance(5 * SECOND);
          return running.state.until === start + to * SECOND;
        },
        `sent: ${JSON.stringify(running.state)}`,
      );
      for (let turn = 0; turn < 5; turn++) await clock.advance(5 * SECOND);
    },
    [Symbol.dispose]: () => {
      database[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A store that takes what is late passes it: a gap is filled, and what ends still ends. */
export async function passesLateExam(url: string): Promise<void> {
  const start = Math.floor(systemClock.now() / HOUR) * HOUR - 30 * MINUTE;
  using it = openLate(url, start);
  it.record(0, 600, at => (at >= 120 && at < 300 ? null : at % 97));
  // Before it was sent to.
  it.late(400, [240, 7], [250, 8]);
  await using archive = it.archive();
  archive.start();
  await it.sent(archive, 600);
  it.late(605, ...Array.from({ length: 12 }, (_, at): [number, number] => [120 + 10 * at, 50 + at]));
  it.record(600, 900, at => at % 97);
  await it.sent(archive, 900);
  const series = { name: "pulse_history_guest_cpu", id: LATE_GUEST };
  const asked = { from: start, to: start + 900 * SECOND, span: TICK };
  const read = () => archivedPoints({ url, writeUrl: null, user: null, password: null }, series, asked);
  await until(async () => (await read()).length === 86, "there");
  const expected = Array.from({ length: 90 }, (_, slot) => slot * 10).flatMap(at => {
    if (at >= 260 && at < 300) return [];
    if (at === 240 || at === 250) return [[at, at === 240 ? 7 : 8]];
    return [[at, at >= 120 && at < 240 ? 50 + (at - 120) / 10 : at % 97]];
  });
  const found = (await read()).map(({ time, mean }) => [(time - start) / SECOND, mean]);
  assert.deepEqual(found, expected);
}
