import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Archive, type Positions } from "../../archive/archive.ts";
import { archiveName } from "../../archive/archive-names.ts";
import { archivedPoints } from "../../archive/archived-points.ts";
import { PositionBook } from "../../archive/position-book.ts";
import { History } from "../../history/history.ts";
import { TICK } from "../../history/tiers.ts";
import { systemClock } from "../../kit/clock.ts";
import { silent } from "../../kit/log.ts";
import { HOUR, type Instant, MINUTE } from "../../kit/units.ts";
import type { ArchiveSettings } from "../../model/archive.ts";
import { Database } from "../../store/database.ts";
import { until } from "../cluster/processes.ts";

const GUESTS = Array.from({ length: 60 }, (_, at) => `home:guest:${100 + at}`);
/** With what a query must not take for its own. */
const ODD = 'home:guest:"\\{}';

/** A past on the disk: two hours, with gaps, and a crash in the middle of sending it. */
export interface PastForExam extends AsyncDisposable {
  history: History;
  begin: Instant;
  end: Instant;
  send(settings: ArchiveSettings): Promise<void>;
}

export function makePast(): PastForExam {
  const folder = mkdtempSync(join(tmpdir(), "pulse-archive-"));
  const database = Database.open(folder, "a");
  const history = new History(database);
  const end = Math.floor(systemClock.now() / HOUR) * HOUR;
  const begin = end - 70 * MINUTE;
  for (let at = begin; at < end; at += TICK) {
    const slot = (at - begin) / TICK;
    const samples = [...GUESTS, ODD].flatMap((resource, number) => {
      // Each has a gap of a few ticks elsewhere; one ends, and one has single samples only.
      const isGap = (slot + 7 * number) % 97 < 4 || (number === 3 && slot > 200) || (number === 4 && slot % 9 !== 0);
      const values = [(slot * (number + 1)) % 100, 50 + Math.sin(slot / 20) * 40, null, slot * 1000, null, 5, 0];
      return isGap ? [] : [{ kind: "guest" as const, resource, values }];
    });
    history.record(at, samples);
  }
  return {
    history,
    begin,
    end,
    async send(settings) {
      const book = new PositionBook(database);
      // The first one ends when it has sent a window, before it could be noted.
      let isCut = false;
      const cut: Positions = {
        read: url => book.read(url),
        write: async (url, position) => {
          if (position.upto === null) isCut = true;
          if (isCut) throw new Error("killed");
          await book.write(url, position);
        },
      };
      const options = { history, settings: () => settings, isSender: () => true, clock: systemClock, log: silent };
      const first = new Archive({ ...options, positions: cut });
      first.start();
      await until(() => isCut, "cut off", 4 * MINUTE);
      await first[Symbol.asyncDispose]();
      await using second = new Archive({ ...options, positions: book });
      second.start();
      await until(() => second.state.until === end, `sent: ${JSON.stringify(second.state)}`, 4 * MINUTE);
    },
    async [Symbol.asyncDispose]() {
      database[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every store passes it: what it has is exactly what the history has, at every span, gaps included. */
export async function passesArchiveExam(settings: ArchiveSettings): Promise<void> {
  await using past = makePast();
  const { history, begin, end } = past;
  await past.send(settings);
  for (const span of [TICK, MINUTE, 7 * MINUTE])
    for (const id of [GUESTS[0] ?? "", GUESTS[3] ?? "", GUESTS[4] ?? "", GUESTS[59] ?? "", ODD])
      for (const metric of ["cpu", "memory", "networkIn"]) {
        // The last span of the grid may be cut by the end.
        const [from, to] = [Math.ceil(begin / span) * span, Math.floor(end / span) * span];
        const samples = history.range(id, metric, from, to, (to - from) / TICK) ?? [];
        const expected = [...Map.groupBy(samples, ({ time }) => Math.floor(time / span) * span)].map(([time, all]) => {
          const values = all.map(({ mean }) => mean);
          const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
          return { time, min: Math.min(...values), mean, max: Math.max(...values) };
        });
        const read = () => archivedPoints(settings, { name: archiveName("guest", metric), id }, { from, to, span });
        await until(async () => (await read()).length === expected.length, `there: ${id} ${metric} ${span}`);
        const round = (points: typeof expected) =>
          points.map(one => ({ ...one, mean: Number(one.mean.toPrecision(12)) }));
        assert.deepEqual(round(await read()), round(expected), `${id} ${metric} ${span}`);
      }
}
