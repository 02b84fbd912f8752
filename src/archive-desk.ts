import { Archive, type Positions } from "./archive/archive.ts";
import { archiveName } from "./archive/archive-names.ts";
import { archivedCharts, archivedPoints } from "./archive/archived-points.ts";
import { PositionBook } from "./archive/position-book.ts";
import { ArchiveFailure } from "./archive/store-client.ts";
import type { Chart, History } from "./history/history.ts";
import { METRICS } from "./history/metrics.ts";
import { TICK } from "./history/tiers.ts";
import type { ArchiveDesk } from "./http/archive-handlers.ts";
import type { Past } from "./http/history-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import type { Instant, Millis } from "./kit/units.ts";
import type { ArchiveSettings, ArchiveStatus } from "./model/archive.ts";
import type { Point } from "./model/point.ts";
import { ArchiveBook, type GivenArchive } from "./settings/archive-book.ts";
import { BadInput } from "./settings/instance-book.ts";
import { KeyGone, type Seal } from "./settings/seal.ts";
import type { Database } from "./store/database.ts";

/** Of several Pulses one sends, and all know how far it is. */
export interface ArchiveShare {
  positions: Positions;
  isSender(): boolean;
}

export interface ArchivingOptions {
  database: Database;
  seal: Seal;
  given: GivenArchive | null;
  history: History;
  /** null: this Pulse is alone. */
  share: ArchiveShare | null;
  clock: Clock;
  log: Log;
}

export interface Archiving extends AsyncDisposable {
  desk: ArchiveDesk;
  /** The history, and where an archive has more than it, that. */
  past: Past;
  start(): void;
}

/** Introduces the archive to the history, to the settings and to who asks for what was. */
export function openArchiving({ database, seal, given, history, share, clock, log }: ArchivingOptions): Archiving {
  const book = new ArchiveBook(database, seal, given);
  const archive = new Archive({
    ...{ history, clock, log, settings: () => book.settings },
    positions: share ? both(share.positions, new PositionBook(database)) : new PositionBook(database),
    isSender: () => share?.isSender() ?? true,
  });
  const status = (): ArchiveStatus => {
    const { url = "", writeUrl = null, user = null, password = null } = book.settings ?? {};
    return {
      ...{ url, writeUrl: writeUrl ?? "", user: user ?? "", hasPassword: password !== null },
      lockedBy: book.lockedBy,
      ...archive.state,
    };
  };
  return {
    desk: {
      status,
      change(input) {
        if (book.lockedBy !== null)
          return { refused: "locked", message: `The archive is set by ${book.lockedBy}; change it there` };
        try {
          book.change(input);
        } catch (error) {
          if (error instanceof BadInput) return { refused: "bad-input", message: error.message };
          if (error instanceof KeyGone) return { refused: "not-now", message: error.message };
          throw error;
        }
        archive.tryAgain();
        return status();
      },
    },
    past: pastWithArchive(history, () => book.settings),
    start: () => archive.start(),
    [Symbol.asyncDispose]: () => archive[Symbol.asyncDispose](),
  };
}

/** What all know, and where that was lost what this one knew last. */
function both(shared: Positions, own: Positions): Positions {
  return {
    read: async url => (await shared.read(url)) ?? (await own.read(url)),
    async write(url, position) {
      await shared.write(url, position);
      await own.write(url, position);
    },
  };
}

/** Answers by the history; where that has not all that is asked for, the archive is asked, and what it lacks is filled in. */
function pastWithArchive(history: History, settings: () => ArchiveSettings | null): Past {
  const range = history.range.bind(history);
  /** The answer without the archive, when that does not answer, with a word about it. */
  const orOwn = async <T>(ask: () => Promise<T>, own: () => T): Promise<{ found: T; note: string | null }> => {
    try {
      return { found: await ask(), note: null };
    } catch (error) {
      if (!(error instanceof ArchiveFailure)) throw error;
      return {
        found: own(),
        note: `The archive does not answer, so this is what Pulse itself has kept: ${error.message}`,
      };
    }
  };
  return {
    get size() {
      return history.size;
    },
    range,
    async recall(resource, metric, from, to, points) {
      const own = () => range(resource, metric, from, to, points);
      const store = settings();
      const kind = history.kindOf(resource);
      if (!store || kind === null || history.has({ from, to, points })) return { found: own(), note: null };
      const asked = { from, to, span: spanFor(from, to, points) };
      const name = archiveName(kind, metric);
      return orOwn(
        async () => together(await archivedPoints(store, { name, id: resource }, asked), own(), asked.span),
        own,
      );
    },
    async charts(kind, from, to, points) {
      const own = () => history.charts(kind, from, to, points);
      const store = settings();
      if (!store || history.has({ from, to, points })) return { found: own(), note: null };
      const asked = { from, to, span: spanFor(from, to, points) };
      const ask = async () => {
        const metrics = await Promise.all(
          METRICS[kind].map(
            async ({ name }) => [name, await archivedCharts(store, archiveName(kind, name), asked)] as const,
          ),
        );
        return chartsTogether([...own()], metrics, asked.span);
      };
      return orOwn<Iterable<Chart>>(ask, own);
    },
  };
}

/** Whole ticks, so many that there are no more points than wanted. */
function spanFor(from: Instant, to: Instant, points: number): Millis {
  return Math.max(1, Math.ceil((to - from) / points / TICK)) * TICK;
}

/** What the archive has, and of the spans that it has nothing of, what we have. */
function together(archived: readonly Point[], own: readonly Point[] | null, span: Millis): Point[] {
  const has = new Set(archived.map(({ time }) => time));
  const besides = (own ?? []).filter(({ time }) => !has.has(Math.floor(time / span) * span));
  return [...archived, ...besides].sort((a, b) => a.time - b.time);
}

function chartsTogether(
  own: readonly Chart[],
  metrics: readonly (readonly [name: string, archived: ReadonlyMap<string, Point[]>])[],
  span: Millis,
): Chart[] {
  const known = new Map(own.map(chart => [chart.resource, chart.metrics]));
  const resources = new Set([...known.keys(), ...metrics.flatMap(([, archived]) => [...archived.keys()])]);
  return [...resources].map(resource => ({
    resource,
    metrics: Object.fromEntries(
      metrics.map(([name, archived]) => [
        name,
        together(archived.get(resource) ?? [], known.get(resource)?.[name] ?? [], span),
      ]),
    ),
  }));
}
