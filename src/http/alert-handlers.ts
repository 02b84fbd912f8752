import type { ALERT_ROUTES, AlertConfiguration } from "../contract/alert-routes.ts";
import type { AnswerOf, BodyOf, QueryOf } from "../contract/route.ts";
import type { Instant } from "../kit/units.ts";
import type { Alert, AlertEpisode, AlertLevel, Explanation, Transition } from "../model/alert.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";
import { toCount, toInstant } from "./query-fields.ts";

type Action = "acknowledge" | "unacknowledge" | "clear";

/** Who keeps the alerts; answered where the rooms are introduced to each other. */
export interface AlertDesk {
  config(): AlertConfiguration;
  /** Changes what `change` names. */
  configure(change: unknown): AlertConfiguration | Refusal;
  active(): Alert[];
  history(query: {
    limit: number;
    offset: number;
    from: Instant | null;
    to: Instant | null;
    level: AlertLevel | null;
    resource: string | null;
    type: string | null;
  }): AlertEpisode[];
  clearHistory(): void;
  transitions(query: {
    limit: number;
    alert: string | null;
    resource: string | null;
    from: Instant | null;
    to: Instant | null;
    before: number | null;
  }): Transition[];
  fires(id: string): boolean;
  /** Does so to those that fire; `unwritten`: it is done, and could not be put on the disk. */
  act(action: Action, ids: readonly string[], user: string | null): "done" | "unwritten";
  /** null: there is no such resource. */
  explain(resource: string, type: string | null): Explanation[] | null;
  /** `wrong`: why it makes no sense; `busy`: another trial runs. */
  tryOut(trial: BodyOf<(typeof ALERT_ROUTES)["tryThresholds"]>): Promise<Tried | { wrong: string } | "busy">;
}
type Tried = AnswerOf<(typeof ALERT_ROUTES)["tryThresholds"]>;

const UNWRITTEN = "It was done, but the database cannot be written: after a crash it would be lost";

/** The handlers of alerts. */
export function alertHandlers(desk: AlertDesk): Pick<Handlers, keyof typeof ALERT_ROUTES> {
  const configure = (body: unknown) => {
    const config = desk.configure(body);
    if ("refused" in config) throw toFailure(config);
    return { success: true as const, config };
  };
  const actOn = (action: Action, named: readonly string[], user: string | null) => {
    const id = named.find(one => desk.fires(one));
    if (id === undefined) throw new Failure(404, `There is no alert "${named[0] ?? ""}"`);
    if (desk.act(action, [id], user) === "unwritten") throw new Failure(503, UNWRITTEN);
    return { success: true as const };
  };
  const byBody =
    (action: Action): Handlers["acknowledgeByBody"] =>
    ({ body, caller }) => {
      const id = body.id ?? body.alertId;
      if (id === undefined) throw new Failure(400, "id: missing");
      return actOn(action, [id], caller.name);
    };
  const bulk =
    (action: Action): Handlers["bulkAcknowledge"] =>
    ({ body, caller }) =>
      actOnMany(desk, action, body.alertIds, caller.name);
  return {
    alertConfig: () => desk.config(),
    alertConfigBySlash: () => desk.config(),
    changeAlertConfig: ({ body }) => configure(body),
    changeAlertConfigBySlash: ({ body }) => configure(body),
    activeAlerts: () => desk.active(),
    alertHistory: ({ query }) => desk.history(toEpisodeQuery(query)),
    clearAlertHistory: () => {
      desk.clearHistory();
      return { success: true };
    },
    alertTransitions: ({ query }) =>
      desk.transitions({
        alert: query.alert ?? null,
        resource: query.resource ?? null,
        from: toInstant(query.from, "from"),
        to: toInstant(query.to, "to"),
        before: query.before === undefined ? null : toCount(query.before, "before", { usual: 0, from: 0, to: 2 ** 52 }),
        limit: toCount(query.limit, "limit", { usual: 100, from: 1, to: 1000 }),
      }),
    bulkAcknowledge: bulk("acknowledge"),
    bulkUnacknowledge: bulk("unacknowledge"),
    bulkClear: bulk("clear"),
    acknowledgeByBody: byBody("acknowledge"),
    unacknowledgeByBody: byBody("unacknowledge"),
    clearByBody: byBody("clear"),
    alertAction: ({ request, caller }) => {
      const asked = readAction(request.raw.url ?? "");
      if (!asked)
        throw new Failure(404, "There is no such route: /api/alerts/ID/acknowledge, /unacknowledge or /clear");
      return actOn(asked.action, asked.ids, caller.name);
    },
    explainAlerts: ({ query }) => {
      const found = desk.explain(query.resource, query.type ?? null);
      if (found === null) throw new Failure(404, `There is no resource "${query.resource}"`);
      return found;
    },
    tryThresholds: async ({ body }) => {
      const tried = await desk.tryOut(body);
      if (tried === "busy") throw new Failure(503, "Other thresholds are being tried: ask again in a moment");
      if ("wrong" in tried) throw new Failure(400, tried.wrong);
      return tried;
    },
  };
}

function actOnMany(
  desk: AlertDesk,
  action: Action,
  ids: readonly string[],
  user: string | null,
): AnswerOf<(typeof ALERT_ROUTES)["bulkAcknowledge"]> {
  const known = new Set(ids.filter(id => desk.fires(id)));
  const unwritten = known.size > 0 && desk.act(action, [...known], user) === "unwritten";
  const failure = (id: string) => (known.has(id) ? (unwritten ? UNWRITTEN : null) : `There is no alert "${id}"`);
  return {
    results: ids.map(alertId => {
      const error = failure(alertId);
      return error === null ? { alertId, success: true } : { alertId, success: false, error };
    }),
  };
}

/**
 * The action that a path ends on, and the ids that the rest may mean: as it is decoded once, which is right; as it stands, when a proxy has
 * decoded it before; or decoded twice, when one has encoded it once more. Ids hold "/", ":" and "%", so only the last part is looked at.
 */
export function readAction(url: string): { action: Action; ids: string[] } | null {
  const path = /^\/api\/alerts\/(.+)\/(acknowledge|unacknowledge|clear)\/?(?:\?.*)?$/s.exec(url);
  const [, encoded, action] = path ?? [];
  if (encoded === undefined) return null;
  const once = decoded(encoded);
  return { action: action as Action, ids: [...new Set([once, encoded, decoded(once)])] };
}

/** As it stands where it is not encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function toEpisodeQuery(query: QueryOf<(typeof ALERT_ROUTES)["alertHistory"]>): Parameters<AlertDesk["history"]>[0] {
  const level = query.level ?? query.severity ?? "all";
  return {
    limit: toCount(query.limit, "limit", { usual: 100, from: 1, to: 10_000 }),
    offset: toCount(query.offset, "offset", { usual: 0, from: 0, to: 10_000_000 }),
    from: toInstant(query.from, "from") ?? toInstant(query.startTime, "startTime"),
    to: toInstant(query.to, "to") ?? toInstant(query.endTime, "endTime"),
    level: level === "all" ? null : level,
    resource: query.resource ?? query.resourceId ?? null,
    type: query.type ?? null,
  };
}
