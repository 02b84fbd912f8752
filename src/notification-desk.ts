import type { Refusal } from "./http/instance-handlers.ts";
import type { NotificationDesk, SilenceDesk } from "./http/notification-handlers.ts";
import { nameOf } from "./http/system-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import type { Schedule } from "./model/alert-config.ts";
import type { AppriseInput, EmailInput, Webhook } from "./model/channel.ts";
import type { Silence } from "./model/silence.ts";
import { Trial } from "./notification-trial.ts";
import { BadChannel } from "./notify/bad-channel.ts";
import type { ChannelBook } from "./notify/channel-book.ts";
import { EMAIL_PROVIDERS } from "./notify/channels/email-providers.ts";
import { SERVICES } from "./notify/channels/services.ts";
import { LockedChannel } from "./notify/given-channels.ts";
import type { Notify } from "./notify/notify.ts";
import { HIDDEN, hideFields } from "./notify/secret-fields.ts";
import type { SilenceBook } from "./notify/silence-book.ts";
import type { WayOut } from "./notify/way-out.ts";
import { KeyGone } from "./settings/seal.ts";

export interface NotificationDeskOptions {
  book: ChannelBook;
  notify: Notify;
  wayOut: WayOut;
  /** When who is told, which is kept with the rules of alerts. */
  schedule: {
    get(): Schedule;
    /** Why it cannot be changed so; null: it is done. */
    change(change: object): Refusal | null;
  };
  clock: Clock;
}

const LONGEST_WEBHOOK_HISTORY = 1000;

/** Keeps channels and sends by them on request. Nothing that it answers holds a secret. */
export function openNotificationDesk(options: NotificationDeskOptions): NotificationDesk {
  const { book, notify, wayOut } = options;
  const trial = new Trial(book, notify, wayOut);
  return {
    ...settingDesk(options),
    ...webhookDesk(options),
    ...browserDesk(options),
    test: input => refusingLater(() => trial.test(input)),
    testWebhook: input => refusingLater(() => trial.testWebhook(input)),
    previewWebhook: input => refusing(() => trial.preview(input)),
    history: query => notify.log(query),
    webhookHistory: () =>
      notify.outbox.ofWebhooks(LONGEST_WEBHOOK_HISTORY).map(line => ({
        ...{ webhookName: line.channelName, webhookUrl: line.address, service: line.service },
        ...{ alertId: line.alertIds[0] ?? "", statusCode: line.statusCode ?? 0 },
        timestamp: new Date(line.deliveredAt ?? line.queuedAt).toISOString(),
        success: line.status === "delivered",
        ...(line.error === null ? {} : { errorMessage: line.error }),
        ...{ retryAttempts: Math.max(0, line.attempts - 1), payloadSize: line.size },
      })),
    retry: id => Number.isSafeInteger(id) && notify.retry(id),
    health: () => notify.health(),
  };
}

type Settings = "configuration" | "change" | "email" | "changeEmail" | "emailProviders" | "apprise" | "changeApprise";

function settingDesk({
  book,
  notify,
  wayOut,
  schedule,
  clock,
}: NotificationDeskOptions): Pick<NotificationDesk, Settings> {
  const locked = (by: string | null) => (by === null ? {} : { lockedBy: by });
  const email = () => ({ ...book.email, password: "", ...locked(book.lockedBy.email) });
  const apprise = () => {
    const targets = book.apprise.targets.map(() => HIDDEN);
    return { ...book.apprise, targets, apiKey: "", ...locked(book.lockedBy.apprise) };
  };
  const changeEmail = (input: EmailInput) => {
    if (book.changeEmail(input, clock.now())) notify.channelChanged("email");
  };
  const changeApprise = (input: AppriseInput) => {
    if (book.changeApprise(input, clock.now())) notify.channelChanged("apprise");
  };
  return {
    configuration: () => ({
      ...{ email: email(), webhooks: shownWebhooks(book), apprise: apprise(), ...book.general },
      ...(Object.keys(book.lockedBy.general).length > 0 ? { lockedBy: { ...book.lockedBy.general } } : {}),
      ...{ schedule: schedule.get(), channels: notify.health() },
    }),
    change: ({ email: emailInput, apprise: appriseInput, schedule: scheduleInput, canary, ...general }) =>
      refusing((): Refusal | null => {
        // All of it is looked at before any of it counts.
        if (emailInput) book.tryEmail(emailInput);
        if (appriseInput) book.tryApprise(appriseInput);
        const { publicUrl = book.general.publicUrl } = general;
        const { allowedPrivateNetworks = book.general.allowedPrivateNetworks } = general;
        if (publicUrl !== "" && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? ""))
          throw new BadChannel("publicUrl", `"${publicUrl}" is no address such as https://pulse.example.com`);
        const { language = book.general.language } = general;
        const next = { publicUrl, allowedPrivateNetworks, language, canary: { ...book.general.canary, ...canary } };
        book.tryGeneral(next);
        const isNetworkChanged = allowedPrivateNetworks.join() !== book.general.allowedPrivateNetworks.join();
        const open = isNetworkChanged ? wayOut.toOpen(allowedPrivateNetworks) : null;
        const refusal = scheduleInput ? schedule.change(scheduleInput) : null;
        if (refusal) return refusal;
        book.changeGeneral(next);
        open?.();
        if (emailInput) changeEmail(emailInput);
        if (appriseInput) changeApprise(appriseInput);
        return null;
      }),
    email,
    changeEmail: input =>
      refusing(() => {
        changeEmail(input);
        return null;
      }),
    emailProviders: () => EMAIL_PROVIDERS.map(provider => ({ ...provider })),
    apprise,
    changeApprise: input =>
      refusing(() => {
        changeApprise(input);
        return apprise();
      }),
  };
}

function shownWebhooks(book: ChannelBook): ReturnType<NotificationDesk["webhooks"]> {
  return book.webhooks.map(webhook => {
    const by = book.lockedBy.webhook(webhook.id);
    return { ...toShown(webhook), ...(by === null ? {} : { lockedBy: by }) };
  });
}

function toShown(webhook: Webhook): Webhook {
  const { headers, customFields, ...rest } = webhook;
  return { ...rest, headers: hideFields(headers), ...(customFields ? { customFields: hideFields(customFields) } : {}) };
}

type Webhooks = "webhooks" | "addWebhook" | "changeWebhook" | "removeWebhook" | "webhookTemplates";

function webhookDesk({ book, notify, clock }: NotificationDeskOptions): Pick<NotificationDesk, Webhooks> {
  const unknown = (id: string): Refusal => ({ refused: "unknown", message: `There is no webhook "${id}"` });
  return {
    webhooks: () => shownWebhooks(book),
    addWebhook: input => refusing(() => toShown(book.addWebhook(input, clock.now()))),
    changeWebhook: (id, input) =>
      refusing(() => {
        const webhook = book.changeWebhook(id, input);
        if (!webhook) return unknown(id);
        notify.channelChanged(id);
        return toShown(webhook);
      }),
    removeWebhook: id =>
      refusing(() => {
        if (!book.removeWebhook(id)) return unknown(id);
        notify.channelRemoved(id);
        return null;
      }),
    webhookTemplates: () =>
      Object.entries(SERVICES).map(([service, { name, urlPattern, method, headers, template, instructions }]) => ({
        ...{ service, name, urlPattern, method, headers: { ...headers }, payloadTemplate: template, instructions },
      })),
  };
}

type Browsers = "pushKey" | "browsers" | "subscribe" | "unsubscribe";

function browserDesk({ book, notify, wayOut, clock }: NotificationDeskOptions): Pick<NotificationDesk, Browsers> {
  return {
    pushKey: () => refusing(() => book.vapid.publicKey),
    browsers: () =>
      book.browsers.map(({ id, user, createdAt, subscription: { endpoint, name = "" } }) => ({
        ...{ id, name, user, createdAt, host: URL.parse(endpoint)?.host ?? "" },
      })),
    subscribe: (input, caller) =>
      refusing(() => {
        wayOut.checkEndpoint(input.endpoint);
        return book.subscribe(input, { user: caller.name ?? "", owner: nameOf(caller) }, clock.now());
      }),
    unsubscribe: (id, caller) => {
      const bare = id.replace(/^push:/, "");
      const browser = book.browsers.find(one => one.id === bare);
      // Whose it is not does not learn that it is there.
      const isTheirs = browser && browser.owner !== null && browser.owner === nameOf(caller);
      if (!browser || (!isTheirs && !caller.may.includes("admin")))
        return { refused: "unknown", message: `There is no browser "${id}" of yours` };
      book.unsubscribe(bare);
      notify.channelRemoved(`push:${bare}`);
      return null;
    },
  };
}

/** Keeps silences; what they held back is looked at anew when they change. */
export function openSilenceDesk(book: SilenceBook, notify: Notify, clock: Clock): SilenceDesk {
  return {
    list: () => book.list(clock.now()),
    add: (input, user) => refusing(() => book.add(input, user, clock.now())),
    change: (id, input) =>
      refusing((): Silence | Refusal => {
        const changed = book.change(id, input, clock.now());
        notify.reconsider();
        return changed ?? { refused: "unknown", message: `There is no silence "${id}"` };
      }),
    end: id => {
      const isEnded = book.end(id, clock.now());
      notify.reconsider();
      return isEnded;
    },
  };
}

function refusing<T>(work: () => T): T | Refusal {
  try {
    return work();
  } catch (error) {
    return toRefusal(error);
  }
}

async function refusingLater<T>(work: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    return toRefusal(error);
  }
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof LockedChannel) return { refused: "locked", message: error.message };
  if (error instanceof BadChannel) return { refused: "bad-input", message: error.message };
  if (error instanceof KeyGone) return { refused: "not-now", message: error.message };
  throw error;
}
