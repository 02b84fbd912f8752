import type { NOTIFICATION_ROUTES } from "../contract/notification-routes.ts";
import type { AnswerOf, BodyOf } from "../contract/route.ts";
import type { SILENCE_ROUTES } from "../contract/silence-routes.ts";
import type { Caller } from "../model/caller.ts";
import type { Delivery } from "../model/notification.ts";
import type { Silence, SilenceInput } from "../model/silence.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";
import { type Refusal, toFailure } from "./instance-handlers.ts";

type Routes = typeof NOTIFICATION_ROUTES;
type Answer<R extends keyof Routes> = AnswerOf<Routes[R]>;
type Body<R extends keyof Routes> = BodyOf<Routes[R]>;

/** Who keeps channels and sends by them; answered where the rooms are introduced to each other. Secrets never come out of it. */
export interface NotificationDesk {
  configuration(): Answer<"notifications">;
  change(change: Body<"changeNotifications">): Refusal | null;
  email(): Answer<"email">;
  changeEmail(input: Body<"changeEmail">): Refusal | null;
  emailProviders(): Answer<"emailProviders">;
  apprise(): Answer<"apprise">;
  changeApprise(input: Body<"changeApprise">): Answer<"apprise"> | Refusal;
  webhooks(): Answer<"webhooks">;
  addWebhook(input: Body<"addWebhook">): Answer<"addWebhook"> | Refusal;
  changeWebhook(id: string, input: Body<"changeWebhook">): Answer<"changeWebhook"> | Refusal;
  removeWebhook(id: string): Refusal | null;
  webhookTemplates(): Answer<"webhookTemplates">;
  previewWebhook(input: Body<"checkTemplate">): Answer<"checkTemplate"> | Refusal;
  testWebhook(input: Body<"testWebhook">): Promise<Answer<"testWebhook"> | Refusal>;
  test(input: Body<"testNotifications">): Promise<Answer<"testNotifications">["results"] | Refusal>;
  webhookHistory(): Answer<"webhookHistory">;
  history(query: {
    limit: number;
    before: number | null;
    channel: string | null;
    status: string | null;
    alert: string | null;
  }): Delivery[];
  /** false: there is no such dead letter. */
  retry(id: number): boolean;
  health(): Answer<"channelHealth">;
  pushKey(): string | Refusal;
  browsers(): Answer<"pushSubscriptions">;
  subscribe(input: Body<"subscribePush">, caller: Caller): { id: string } | Refusal;
  unsubscribe(id: string, caller: Caller): Refusal | null;
}

/** Who keeps silences and maintenance windows. */
export interface SilenceDesk {
  list(): Silence[];
  add(input: SilenceInput, user: string): Silence | Refusal;
  change(id: string, input: SilenceInput): Silence | Refusal;
  /** false: there is none of that id. */
  end(id: string): boolean;
}

const LONGEST_HISTORY = 1000;
const DONE = { success: true } as const;
const SAVED = { status: "success", success: true } as const;

/** The handlers of notifications. */
export function notificationHandlers(desk: NotificationDesk): Pick<Handlers, keyof Routes> {
  return {
    ...settingHandlers(desk),
    ...webhookHandlers(desk),
    ...pushHandlers(desk),
    testNotifications: async ({ body }) => {
      const results = granted(await desk.test(body));
      const failed = results.filter(({ success }) => !success);
      if (failed.length === 0) return { status: "success", message: `Sent to ${counted(results.length)}`, results };
      const message = failed.map(({ name, error }) => `${name}: ${error}`).join("; ");
      throw new Failure(502, message, { status: "error", message, results });
    },
    notificationHistory: ({ query }) =>
      desk.history({
        limit: toNumber("limit", query.limit ?? "100", 1, LONGEST_HISTORY),
        before: query.before === undefined ? null : toNumber("before", query.before, 0, Number.MAX_SAFE_INTEGER),
        channel: query.channel ?? null,
        status: query.status ?? null,
        alert: query.alert ?? null,
      }),
    retryNotification: ({ params }) => {
      if (!desk.retry(Number(params.id))) throw new Failure(404, `There is no dead letter "${params.id}"`);
      return DONE;
    },
    channelHealth: () => desk.health(),
  };
}

function settingHandlers(
  desk: NotificationDesk,
): Pick<
  Handlers,
  "notifications" | "changeNotifications" | "email" | "changeEmail" | "emailProviders" | "apprise" | "changeApprise"
> {
  return {
    notifications: () => desk.configuration(),
    changeNotifications: ({ body }) => {
      granted(desk.change(body));
      return desk.configuration();
    },
    email: () => desk.email(),
    changeEmail: ({ body }) => {
      granted(desk.changeEmail(body));
      return SAVED;
    },
    emailProviders: () => desk.emailProviders(),
    apprise: () => desk.apprise(),
    changeApprise: ({ body }) => granted(desk.changeApprise(body)),
  };
}

function webhookHandlers(
  desk: NotificationDesk,
): Pick<
  Handlers,
  | "webhooks"
  | "addWebhook"
  | "changeWebhook"
  | "removeWebhook"
  | "testWebhook"
  | "checkTemplate"
  | "webhookTemplates"
  | "webhookHistory"
> {
  return {
    webhooks: () => desk.webhooks(),
    addWebhook: ({ body }) => granted(desk.addWebhook(body)),
    changeWebhook: ({ params, body }) => granted(desk.changeWebhook(params.id ?? "", body)),
    removeWebhook: ({ params }) => {
      granted(desk.removeWebhook(params.id ?? ""));
      return SAVED;
    },
    testWebhook: async ({ body }) => {
      const outcome = granted(await desk.testWebhook(body));
      if (outcome.success) return outcome;
      // Clients of Pulse 4 go by the status.
      throw new Failure(400, outcome.error ?? "The receiver did not take it", outcome);
    },
    checkTemplate: ({ body }) => granted(desk.previewWebhook(body)),
    webhookTemplates: () => desk.webhookTemplates(),
    webhookHistory: () => desk.webhookHistory(),
  };
}

function pushHandlers(
  desk: NotificationDesk,
): Pick<Handlers, "pushKey" | "subscribePush" | "pushSubscriptions" | "unsubscribePush"> {
  return {
    pushKey: () => {
      const key = desk.pushKey();
      return { publicKey: typeof key === "string" ? key : granted(key) };
    },
    subscribePush: ({ body, caller }) => ({ ...DONE, id: granted(desk.subscribe(body, caller)).id }),
    pushSubscriptions: () => desk.browsers(),
    unsubscribePush: ({ params, caller }) => {
      granted(desk.unsubscribe(params.id ?? "", caller));
      return DONE;
    },
  };
}

/** The handlers of silences and maintenance windows. */
export function silenceHandlers(desk: SilenceDesk): Pick<Handlers, keyof typeof SILENCE_ROUTES> {
  return {
    silences: () => desk.list(),
    addSilence: ({ body, caller }) => granted(desk.add(body, caller.name ?? "")),
    changeSilence: ({ params, body }) => granted(desk.change(params.id ?? "", body)),
    endSilence: ({ params }) => {
      if (!desk.end(params.id ?? "")) throw new Failure(404, `There is no silence "${params.id}"`);
      return DONE;
    },
  };
}

/** Throws what the caller is told of a refusal. */
function granted<T>(outcome: T | Refusal): Exclude<T, Refusal> {
  if (typeof outcome === "object" && outcome !== null && "refused" in outcome) throw toFailure(outcome);
  return outcome as Exclude<T, Refusal>;
}

function counted(channels: number): string {
  return channels === 1 ? "one channel" : `${channels} channels`;
}

function toNumber(field: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Failure(400, `${field}: "${text}" is no whole number of ${least} to ${most}`);
  return number;
}
