import { createHash } from "node:crypto";
import { equal } from "../kit/equal.ts";
import type { Instant } from "../kit/units.ts";
import type { AlertLevel } from "../model/alert.ts";
import type {
  AppriseInput,
  AppriseSettings,
  EmailInput,
  EmailSettings,
  PushSubscription,
  Webhook,
  WebhookInput,
} from "../model/channel.ts";
import { BadChannel } from "./bad-channel.ts";
import { NO_APPRISE, NO_EMAIL, toApprise, toEmail, toWebhook } from "./channel-entry.ts";
import {
  firstOther,
  type Given,
  givenGeneral,
  LockedChannel,
  toGeneral,
  toGivenApprise,
  toGivenEmail,
  toGivenWebhook,
} from "./given-channels.ts";
import { hostOf } from "./secret-fields.ts";
import type { General, SettingStore } from "./setting-store.ts";
import { newVapidKeys, type VapidKeys } from "./vapid-keys.ts";

/** A browser that is told, and who asked for it. */
export interface Browser {
  id: string;
  /** Empty: nobody was signed in. */
  user: string;
  /** How that user had signed in, and the name; null: not at all. */
  owner: string | null;
  createdAt: Instant;
  subscription: PushSubscription;
}

type Of<K extends string, S> = { kind: K; settings: S };

/** Where notifications can go. */
export type Channel = {
  id: string;
  name: string;
  /** email, apprise, push, or the webhook's service. */
  service: string;
  enabled: boolean;
  minLevel: AlertLevel | undefined;
  sendResolved: boolean;
  /** Host that it sends to; empty where that is no webhook. */
  address: string;
  /** When it was entered. */
  since: Instant;
} & (
  | Of<"email", EmailSettings>
  | Of<"webhook", Webhook>
  | Of<"apprise", AppriseSettings>
  | Of<"push", PushSubscription>
);

const MOST_WEBHOOKS = 200;
const MOST_BROWSERS = 500;

interface Kept<T> {
  since: Instant;
  settings: T;
}

/**
 * The channels as they are kept, and those that are given. Every change is on the disk when the method returns; each throws BadChannel for
 * what cannot be used, and LockedChannel for what is given.
 */
export class ChannelBook {
  readonly #store: SettingStore;
  readonly #given: Given | null;
  readonly #check: (webhook: Webhook) => void;
  #email: Kept<EmailSettings>;
  #apprise: Kept<AppriseSettings>;
  /** Those that are kept. */
  #webhooks: readonly Kept<Webhook>[];
  readonly #givenWebhooks: readonly Kept<Webhook>[];
  #browsers: readonly Browser[];
  /** Without what is given. */
  #general: General;
  #vapid: VapidKeys | null;

  /**
   * `check` throws BadChannel for a webhook that could never be sent. `given`: what has been judged already; null: nothing. `vapid`: null: its own.
   */
  constructor(
    store: SettingStore,
    check: (webhook: Webhook) => void,
    given: Given | null = null,
    vapid: VapidKeys | null = null,
  ) {
    const { since = 0, email, apprise, webhooks = [] } = given ?? {};
    this.#store = store;
    this.#check = check;
    this.#given = given;
    this.#email = email
      ? { since, settings: toGivenEmail(email) }
      : (store.read<Kept<EmailSettings>>("email") ?? { since: 0, settings: NO_EMAIL });
    this.#apprise = apprise
      ? { since, settings: toGivenApprise(apprise) }
      : (store.read<Kept<AppriseSettings>>("apprise") ?? { since: 0, settings: NO_APPRISE });
    this.#givenWebhooks = webhooks.map(input => ({ since, settings: toGivenWebhook(input) }));
    // One that is kept under the same id waits until the other is not given any more.
    this.#webhooks = store
      .readAll<Kept<Webhook>>("webhook ")
      .filter(({ settings }) => !webhooks.some(({ id }) => id === settings.id));
    this.#browsers = store.readAll<Browser>("push ");
    this.#general = store.general;
    this.#vapid = vapid ?? store.read<VapidKeys>("vapid");
  }

  get email(): EmailSettings {
    return this.#email.settings;
  }

  get apprise(): AppriseSettings {
    return this.#apprise.settings;
  }

  get webhooks(): readonly Webhook[] {
    return [...this.#givenWebhooks, ...this.#webhooks].map(({ settings }) => settings);
  }

  get browsers(): readonly Browser[] {
    return this.#browsers;
  }

  get general(): General {
    return toGeneral(this.#general, this.#given);
  }

  /** What gives what cannot be changed here; null: it can. */
  get lockedBy(): {
    email: string | null;
    apprise: string | null;
    general: Readonly<Partial<Record<keyof General, string>>>;
    webhook: (id: string) => string | null;
  } {
    const { by = "", email, apprise } = this.#given ?? {};
    return {
      email: email ? by : null,
      apprise: apprise ? by : null,
      general: Object.fromEntries(givenGeneral(this.#given).map(field => [field, by])),
      webhook: id => (this.#givenWebhooks.some(({ settings }) => settings.id === id) ? by : null),
    };
  }

  /** The key pair by which push services know this server; made when it is first asked for. */
  get vapid(): VapidKeys {
    if (this.#vapid) return this.#vapid;
    const made = newVapidKeys();
    this.#store.write("vapid", made);
    this.#vapid = made;
    return made;
  }

  /** All of them, whether enabled or not; e-mail and Apprise only once somebody has entered something. */
  get channels(): Channel[] {
    const [email, apprise] = [this.#email, this.#apprise];
    const isEntered = { email: email.settings !== NO_EMAIL, apprise: apprise.settings !== NO_APPRISE };
    return [
      ...(isEntered.email ? [emailChannel(email)] : []),
      ...[...this.#givenWebhooks, ...this.#webhooks].map(webhookChannel),
      ...(isEntered.apprise ? [appriseChannel(apprise)] : []),
      ...this.#browsers.map(browserChannel),
    ];
  }

  /** E-mail as `input` makes it. */
  tryEmail(input: EmailInput): EmailSettings {
    const settings = toEmail(input, this.email);
    if (this.#given?.email && !equal(settings, this.email)) throw new LockedChannel("email", this.#given.by);
    return settings;
  }

  /** Apprise as `input` makes it. */
  tryApprise(input: AppriseInput): AppriseSettings {
    const settings = toApprise(input, this.apprise);
    if (this.#given?.apprise && !equal(settings, this.apprise)) throw new LockedChannel("apprise", this.#given.by);
    return settings;
  }

  /** false: it is so already. */
  changeEmail(input: EmailInput, now: Instant): boolean {
    const settings = this.tryEmail(input);
    if (equal(settings, this.email)) return false;
    const kept = { since: this.#email.since || now, settings };
    this.#store.write("email", kept);
    this.#email = kept;
    return true;
  }

  /** false: it is so already. */
  changeApprise(input: AppriseInput, now: Instant): boolean {
    const settings = this.tryApprise(input);
    if (equal(settings, this.apprise)) return false;
    const kept = { since: this.#apprise.since || now, settings };
    this.#store.write("apprise", kept);
    this.#apprise = kept;
    return true;
  }

  addWebhook(input: WebhookInput, now: Instant): Webhook {
    if (this.#webhooks.length >= MOST_WEBHOOKS) throw new BadChannel("id", `there are ${MOST_WEBHOOKS} already`);
    // The same wherever the same is done.
    const text = JSON.stringify([this.#webhooks.length, now, input]);
    const id = input.id || `webhook-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)) throw new BadChannel("id", "letters, digits, “.”, “_” and “-” only");
    if (id === "email" || id === "apprise" || this.webhooks.some(webhook => webhook.id === id))
      throw new BadChannel("id", `there is a channel "${id}" already`);
    const kept = { since: now, settings: toWebhook(input, null, id) };
    this.#check(kept.settings);
    this.#store.write(`webhook ${id}`, kept);
    this.#webhooks = [...this.#webhooks, kept];
    return kept.settings;
  }

  /** The webhook that `input` adds, or makes of the one with its id. */
  tryWebhook(input: WebhookInput): Webhook {
    const before = this.webhooks.find(({ id }) => id === input.id) ?? null;
    const settings = toWebhook(input, before, input.id || "new");
    this.#check(settings);
    return settings;
  }

  /** null: there is none of that id. */
  changeWebhook(id: string, input: WebhookInput): Webhook | null {
    const given = this.#givenWebhooks.find(({ settings }) => settings.id === id)?.settings;
    if (given && equal(toWebhook(input, given, id), given)) return given;
    this.#refuseGiven(id);
    const before = this.#webhooks.find(({ settings }) => settings.id === id);
    if (!before) return null;
    const kept = { ...before, settings: toWebhook(input, before.settings, id) };
    this.#check(kept.settings);
    this.#store.write(`webhook ${id}`, kept);
    this.#webhooks = this.#webhooks.map(webhook => (webhook === before ? kept : webhook));
    return kept.settings;
  }

  /** false: there is none of that id. */
  removeWebhook(id: string): boolean {
    this.#refuseGiven(id);
    if (!this.webhooks.some(webhook => webhook.id === id)) return false;
    this.#store.remove(`webhook ${id}`);
    this.#webhooks = this.#webhooks.filter(({ settings }) => settings.id !== id);
    return true;
  }

  /** The same browser again takes the place of what it said before. */
  subscribe(subscription: PushSubscription, { user, owner }: Pick<Browser, "user" | "owner">, now: Instant): Browser {
    const id = createHash("sha256").update(subscription.endpoint).digest("hex").slice(0, 24);
    const others = this.#browsers.filter(browser => browser.id !== id);
    if (others.length >= MOST_BROWSERS) throw new BadChannel("endpoint", `${MOST_BROWSERS} browsers are told already`);
    const { endpoint, keys, name, minLevel } = subscription;
    const settings = { endpoint, keys, ...(name ? { name } : {}), ...(minLevel ? { minLevel } : {}) };
    const browser = { id, user, owner, createdAt: now, subscription: settings };
    this.#store.write(`push ${id}`, browser);
    this.#browsers = [...others, browser];
    return browser;
  }

  unsubscribe(id: string): void {
    this.#store.remove(`push ${id}`);
    this.#browsers = this.#browsers.filter(browser => browser.id !== id);
  }

  /** Says by throwing whether what holds for all channels may be so. */
  tryGeneral(general: General): void {
    const locked = firstOther(givenGeneral(this.#given), general, this.general);
    if (locked !== null && this.#given) throw new LockedChannel(locked, this.#given.by);
  }

  changeGeneral(general: General): void {
    this.tryGeneral(general);
    const kept = givenGeneral(this.#given).map(field => [field, this.#general[field]]);
    const next = { ...general, ...Object.fromEntries(kept) } as General;
    if (equal(next, this.#general)) return;
    this.#store.write("general", next);
    this.#general = next;
  }

  #refuseGiven(id: string): void {
    const by = this.lockedBy.webhook(id);
    if (by !== null) throw new LockedChannel(`webhook "${id}"`, by);
  }
}

const ofChoice = ({ enabled, minLevel, sendResolved = true }: EmailSettings | Webhook | AppriseSettings) => ({
  enabled,
  minLevel,
  sendResolved,
});

/** A channel as it would be with these settings, whether they are kept or not. */
export function emailChannel({ since, settings }: Kept<EmailSettings>): Channel {
  return {
    id: "email",
    kind: "email",
    name: "E-mail",
    service: "email",
    address: "",
    since,
    settings,
    ...ofChoice(settings),
  };
}

/** As `emailChannel`. */
export function appriseChannel({ since, settings }: Kept<AppriseSettings>): Channel {
  const address = hostOf(settings.serverUrl);
  return {
    id: "apprise",
    kind: "apprise",
    name: "Apprise",
    service: "apprise",
    address,
    since,
    settings,
    ...ofChoice(settings),
  };
}

/** As `emailChannel`. */
export function webhookChannel({ since, settings }: Kept<Webhook>): Channel {
  const { id, name, service, url } = settings;
  return { id, kind: "webhook", name, service, address: originOf(url), since, settings, ...ofChoice(settings) };
}

function originOf(url: string): string {
  const host = hostOf(url);
  return host === "" ? "" : `${url.startsWith("https") ? "https" : "http"}://${host}`;
}

function browserChannel({ id, user, createdAt, subscription }: Browser): Channel {
  return {
    id: `push:${id}`,
    kind: "push",
    name: subscription.name ?? (user === "" ? "A browser" : `A browser of ${user}`),
    service: "push",
    enabled: true,
    minLevel: subscription.minLevel,
    sendResolved: true,
    address: hostOf(subscription.endpoint),
    since: createdAt,
    settings: subscription,
  };
}
