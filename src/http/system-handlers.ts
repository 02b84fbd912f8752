import type { AnswerOf, BodyOf } from "../contract/route.ts";
import type { SYSTEM_ROUTES } from "../contract/system-routes.ts";
import type { Caller } from "../model/caller.ts";
import { isSystemField, type SystemSettings } from "../model/system-settings.ts";
import type { UserChange, UserSettings } from "../model/user-settings.ts";
import { may } from "./door.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

type SystemRoutes = typeof SYSTEM_ROUTES;

/** Who keeps the system settings and those of the readers; answered where the rooms are introduced to each other. */
export interface SystemDesk {
  settings(): SystemSettings;
  usual(): SystemSettings;
  /** What sets the fields that cannot be changed here. */
  lockedBy(): Partial<Record<string, string>>;
  /** Changes what is named, all of it or nothing; answers which fields count from the next start on. */
  change(change: Readonly<Record<string, unknown>>): Promise<{ restartRequired: string[] } | Refusal>;
  /** null: of nobody, what is usual. */
  userSettings(who: string | null): UserSettings;
  changeUser(who: string, change: UserChange): void;
  /** Something would start Pulse again. */
  readonly canRestart: boolean;
}

/** What the answers have besides settings: a client may send them back. */
const NOT_CHANGED = ["envOverrides", "lockedBy"];

/** The handlers of the system settings and of the readers' own. */
export function systemHandlers(desk: SystemDesk): Pick<Handlers, keyof SystemRoutes> {
  const change = async ({ body }: { body: object }): Promise<AnswerOf<SystemRoutes["putSystemConfig"]>> => {
    const outcome = await desk.change(body as Record<string, unknown>);
    if ("refused" in outcome) throw toFailure(outcome);
    const { restartRequired } = outcome;
    const message =
      restartRequired.length > 0 ? `Saved; ${restartRequired.join(", ")} from the next start on` : "Saved";
    const ignored = Object.keys(body).filter(name => !isSystemField(name) && !NOT_CHANGED.includes(name));
    return { success: true, status: "success", message, restartRequired, ignored };
  };
  return {
    systemSettings: () => {
      const lockedBy = Object.fromEntries(
        Object.entries(desk.lockedBy()).flatMap(([field, by]) => (by === undefined ? [] : [[field, by]])),
      );
      const envOverrides = Object.fromEntries(Object.keys(lockedBy).map(field => [field, true] as const));
      return { ...desk.settings(), envOverrides, lockedBy };
    },
    updateSystemSettings: change,
    putSystemSettings: change,
    systemConfig: () => desk.settings(),
    putSystemConfig: change,
    userSettings: ({ caller }) => ({
      ...desk.userSettings(nameOf(caller)),
      current: toLegacy(desk.settings()),
      defaults: toLegacy(desk.usual()),
      capabilities: { canRestart: desk.canRestart, canChange: may(caller, "admin") },
    }),
    changeUserSettings: ({ body, caller }) => {
      const who = nameOf(caller);
      if (who === null) throw new Failure(401, "Sign in first: these settings are kept for each user");
      const { settings, ...change } = body as BodyOf<SystemRoutes["changeUserSettings"]>;
      desk.changeUser(who, { ...settings, ...change });
      return { success: true, ...desk.userSettings(who) };
    },
  };
}

/** Two of the same name, one a user and one a token, choose each for themselves. null: nobody. */
export function nameOf({ by = "session", name }: Caller): string | null {
  return name === null ? null : `${by} ${name}`;
}

/** The settings in the groups that the API of older versions had. */
function toLegacy(settings: SystemSettings): Record<string, unknown> {
  const { frontendPort, backendPort = frontendPort, logLevel, allowedOrigins, allowEmbedding } = settings;
  return {
    server: { frontend: { port: frontendPort }, backend: { port: backendPort } },
    monitoring: { pollingInterval: settings.pvePollingInterval, connectionTimeout: settings.connectionTimeout },
    logging: { level: logLevel },
    security: { allowedOrigins, allowIframeEmbedding: allowEmbedding },
  };
}
