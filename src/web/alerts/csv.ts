import type { Alert, AlertEpisode } from "../../model/alert.ts";
import { toCsv } from "../ui/csv.ts";

type Columns<T> = readonly (readonly [head: string, of: (row: T) => string | number | null | undefined])[];

const TIMES: Columns<AlertEpisode> = [
  ["ended", ({ endTime }) => endTime],
  ["seconds", ({ duration }) => Math.round(duration)],
  ["how", ({ ended }) => ended],
  ["level", ({ worst }) => worst],
];
const BEGAN: Columns<Alert> = [["began", ({ startTime }) => startTime]];
const LEVEL: Columns<Alert> = [["level", ({ level }) => level]];
const WHAT: Columns<Alert> = [
  ["type", ({ type }) => type],
  ["resource", ({ resourceName }) => resourceName],
  ["resource type", ({ resourceType }) => resourceType],
  ["resource id", ({ resourceId }) => resourceId],
  ["node", ({ node }) => node],
  ["instance", ({ instance }) => instance],
  ["value", ({ value }) => value],
  ["threshold", ({ threshold }) => threshold],
  ["unit", ({ unit }) => unit],
  ["acknowledged by", ({ acknowledged, ackUser }) => (acknowledged ? ackUser || "yes" : "")],
  ["message", ({ message }) => message],
];

/** What fired, as CSV. */
export function episodesCsv(episodes: readonly AlertEpisode[]): string {
  return toCsv<AlertEpisode>([...BEGAN, ...TIMES, ...WHAT], episodes);
}

/** What fires, as CSV. */
export function alertsCsv(alerts: readonly Alert[]): string {
  return toCsv<Alert>([...BEGAN, ...LEVEL, ...WHAT], alerts);
}
