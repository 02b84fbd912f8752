import type { CHANGE_ROUTES } from "../contract/change-routes.ts";
import type { Clock } from "../kit/clock.ts";
import { DAY, type Instant } from "../kit/units.ts";
import type { EstateChange, EstateChangeQuery } from "../model/estate-change.ts";
import type { Handlers } from "./handlers.ts";
import { toCount, toInstant } from "./query-fields.ts";

/** Who knows what changed; answered where the rooms are introduced to each other. */
export interface ChangeDesk {
  read(query: EstateChangeQuery): { changes: EstateChange[]; total: number; watchedSince: Instant | null };
  /** How many alerts fired and were resolved since then, of `resource`, or, null, of all. */
  alerts(since: Instant, resource: string | null): { fired: number; resolved: number };
  /** What people did since then, by the audit log. */
  actions(since: Instant): number;
}

/** The handler of what changed. */
export function changeHandlers(desk: ChangeDesk, clock: Clock): Pick<Handlers, keyof typeof CHANGE_ROUTES> {
  return {
    changes: ({ query, caller }) => {
      const since = toInstant(query.since, "since") ?? clock.now() - DAY;
      const limit = toCount(query.limit, "limit", { usual: 100, from: 1, to: 1000 });
      const resource = query.resource ?? null;
      return {
        since,
        ...desk.read({ since, limit, resource }),
        alerts: desk.alerts(since, resource),
        actions: caller.may.includes("admin") && resource === null ? desk.actions(since) : null,
      };
    },
  };
}
