import type { AlertEpisode } from "../../model/alert.ts";

const COLUMNS: readonly [head: string, of: (episode: AlertEpisode) => string | number | null | undefined][] = [
  ["began", ({ startTime }) => startTime],
  ["ended", ({ endTime }) => endTime],
  ["seconds", ({ duration }) => Math.round(duration)],
  ["how", ({ ended }) => ended],
  ["level", ({ worst }) => worst],
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

/** Episodes as CSV (RFC 4180), with a line of heads. */
export function toCsv(episodes: readonly AlertEpisode[]): string {
  const lines = [COLUMNS.map(([head]) => head), ...episodes.map(one => COLUMNS.map(([, of]) => of(one) ?? ""))];
  return lines.map(line => `${line.map(toCell).join(",")}\r\n`).join("");
}

function toCell(value: string | number): string {
  // A spreadsheet takes what begins so for a formula; messages hold names that others chose.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
