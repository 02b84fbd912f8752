import { type Accessor, createMemo } from "solid-js";
import { DAY } from "../../kit/units.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import type { ChartMark } from "../ui/chart-data.ts";
import { alertsOf } from "./active.ts";
import { readEpisodes } from "./alert-api.ts";
import { signalName } from "./words.ts";

/** Charts reach no further back. */
const SPAN = 366 * DAY;
const MOST = 500;

/** When a resource fired, to be drawn on its charts; read anew when one of its alerts comes or goes. */
export function createEpisodeMarks(resource: Accessor<string>): Accessor<readonly ChartMark[]> {
  const live = useLive();
  const which = createMemo(() =>
    alertsOf(live.picture())
      .filter(({ resourceId }) => resourceId === resource())
      .map(({ id, level }) => `${id} ${level}`)
      .join("\n"),
  );
  const read = async () =>
    resource() === "" ? [] : readEpisodes({ resource: resource(), from: Math.round(live.now() - SPAN), limit: MOST });
  const episodes = createReading(read, { key: resource, whenever: [which] });
  return createMemo(() =>
    (episodes.told() ?? []).map(({ startTime, endTime, type, worst }) => ({
      at: Date.parse(startTime),
      to: endTime === null ? Number.POSITIVE_INFINITY : Date.parse(endTime),
      label: signalName(type),
      level: worst,
    })),
  );
}
