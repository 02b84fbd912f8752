import type { ALERT_ROUTES, AlertConfiguration } from "../../contract/alert-routes.ts";
import type { AnswerOf, BodyOf } from "../../contract/route.ts";
import type { Explanation, Transition } from "../../model/alert.ts";
import type { Silence, SilenceInput } from "../../model/silence.ts";
import { ask, isRefused, type Refused } from "../live/ask.ts";
import { told } from "../words/words.ts";

type Routes = typeof ALERT_ROUTES;
type Done = { success: true } | Refused;
export type Episode = AnswerOf<Routes["alertHistory"]>[number];
export type Asked = BodyOf<Routes["tryThresholds"]>;
export type Replayed = AnswerOf<Routes["tryThresholds"]>;

export function acknowledge(ids: readonly string[]): Promise<string | null> {
  return inBulk("acknowledge", ids);
}

export function unacknowledge(ids: readonly string[]): Promise<string | null> {
  return inBulk("unacknowledge", ids);
}

export function clear(id: string): Promise<Done> {
  return ask("POST", `api/alerts/${encodeURIComponent(id)}/clear`);
}

/** The server takes no more at once. */
const MOST_IDS = 1000;

/** Answers what went wrong, as a sentence; null: nothing did. */
async function inBulk(verb: "acknowledge" | "unacknowledge", ids: readonly string[]): Promise<string | null> {
  const alertIds = ids.slice(0, MOST_IDS);
  const said = await ask<AnswerOf<Routes["bulkAcknowledge"]>>("POST", `api/alerts/bulk/${verb}`, { alertIds });
  if (isRefused(said)) return said.error;
  const error = said.results.find(({ success }) => !success)?.error;
  const failed = error ? told(error) : null;
  return ids.length > MOST_IDS ? (failed ?? inBulk(verb, ids.slice(MOST_IDS))) : failed;
}

/** Each signal of a resource, or one. */
export function explain(resource: string, type?: string): Promise<Explanation[] | Refused> {
  return ask("GET", `api/alerts/explain?${toQuery({ resource, type })}`);
}

/** Alerts that fired, the newest first. Times are ms since the Unix epoch. */
export function readEpisodes(asked: {
  limit?: number;
  offset?: number;
  from?: number;
  to?: number;
  level?: string;
  resource?: string;
  type?: string;
}): Promise<Episode[] | Refused> {
  return ask("GET", `api/alerts/history?${toQuery(asked)}`);
}

/** The steps of one alert, the newest first. */
export function readTransitions(alert: string): Promise<Transition[] | Refused> {
  return ask("GET", `api/alerts/transitions?${toQuery({ alert, limit: 200 })}`);
}

export function forgetHistory(): Promise<Done> {
  return ask("DELETE", "api/alerts/history");
}

export function readConfig(): Promise<AlertConfiguration | Refused> {
  return ask("GET", "api/alerts/config");
}

/** Changes what is named. */
export function changeConfig(change: object): Promise<{ success: true; config: AlertConfiguration } | Refused> {
  return ask("PUT", "api/alerts/config", change);
}

export function tryThresholds(asked: Asked): Promise<Replayed | Refused> {
  return ask("POST", "api/alerts/try", asked);
}

export function readSilences(): Promise<Silence[] | Refused> {
  return ask("GET", "api/alerts/silences");
}

/** Adds a silence, or changes the one with `id`. */
export function saveSilence(input: SilenceInput, id?: string): Promise<Silence | Refused> {
  return id === undefined
    ? ask("POST", "api/alerts/silences", input)
    : ask("PUT", `api/alerts/silences/${encodeURIComponent(id)}`, input);
}

export function endSilence(id: string): Promise<Done> {
  return ask("DELETE", `api/alerts/silences/${encodeURIComponent(id)}`);
}

/** What is empty or not given is left out. */
export function toQuery(values: Readonly<Record<string, string | number | undefined>>): URLSearchParams {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
}
