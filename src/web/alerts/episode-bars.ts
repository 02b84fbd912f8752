import type { Instant } from "../../kit/units.ts";
import type { AlertEpisode, AlertLevel } from "../../model/alert.ts";
import { resourceName } from "./words.ts";

/** The episodes of a resource, as bars of a band; `from` and `to` are shares of its length, 0 to 1. */
export interface BandLine<E> {
  resourceId: string;
  name: string;
  worst: AlertLevel;
  bars: { episode: E; from: number; to: number }[];
}

/** Narrower a bar is not drawn, as a share of the band. */
const LEAST = 0.004;

/** A line a resource: those with the most critical time first, then by how long they fired. */
export function toBand<E extends AlertEpisode>(episodes: readonly E[], from: Instant, to: Instant): BandLine<E>[] {
  const share = (at: Instant) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const lines = [...Map.groupBy(episodes, ({ resourceId }) => resourceId)].map(([resourceId, of]) => ({
    resourceId,
    name: of[0] ? resourceName(of[0]) : resourceId,
    worst: of.some(({ worst }) => worst === "critical") ? ("critical" as const) : ("warning" as const),
    bars: of
      .map(episode => {
        const start = share(Date.parse(episode.startTime));
        const end = share(episode.endTime === null ? to : Date.parse(episode.endTime));
        return { episode, from: Math.min(start, 1 - LEAST), to: Math.max(end, Math.min(1, start + LEAST)) };
      })
      .toSorted((a, b) => a.from - b.from),
  }));
  const time = (line: BandLine<E>, level: AlertLevel) =>
    line.bars.reduce((sum, bar) => sum + (bar.episode.worst === level ? bar.to - bar.from : 0), 0);
  return lines.sort((a, b) => time(b, "critical") - time(a, "critical") || time(b, "warning") - time(a, "warning"));
}
