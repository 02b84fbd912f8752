import { equal } from "../kit/equal.ts";
import type { Instant } from "../kit/units.ts";
import type { AppriseSettings, EmailSettings, GivenChannels, Webhook } from "../model/channel.ts";
import { BadChannel } from "./bad-channel.ts";
import { NO_APPRISE, NO_EMAIL, toApprise, toEmail, toWebhook } from "./channel-entry.ts";
import { type General, NO_GENERAL } from "./setting-store.ts";
import { WayOut } from "./way-out.ts";

/** Channels that are given from outside: they win over those that are kept, and are not kept themselves. */
export interface Given extends GivenChannels {
  /** What gives them. */
  by: string;
  since: Instant;
}

/** A channel that is given was to be changed. */
export class LockedChannel extends Error {
  override name = "LockedChannel";

  constructor(field: string, by: string) {
    super(`${field}: is set by ${by}; change it there`);
  }
}

const GENERAL = [
  "publicUrl",
  "allowedPrivateNetworks",
  "canary",
  "language",
] as const satisfies readonly (keyof General)[];

/** What of `general` is given. */
export function givenGeneral(given: GivenChannels | null): readonly (keyof General)[] {
  return GENERAL.filter(field => given?.[field] !== undefined);
}

/** What holds for all channels: what is given over what is kept. */
export function toGeneral(kept: General, given: GivenChannels | null): General {
  if (!given) return kept;
  const { publicUrl = kept.publicUrl, allowedPrivateNetworks = kept.allowedPrivateNetworks } = given;
  const { language = kept.language } = given;
  return {
    publicUrl,
    allowedPrivateNetworks,
    language,
    canary: given.canary ? { ...NO_GENERAL.canary, ...given.canary } : kept.canary,
  };
}

/** Given is what is meant to be used: it is enabled unless it says otherwise. Throws BadChannel, as the two below. */
export function toGivenEmail(input: NonNullable<GivenChannels["email"]>): EmailSettings {
  return toEmail({ enabled: true, ...input }, NO_EMAIL);
}

export function toGivenApprise(input: NonNullable<GivenChannels["apprise"]>): AppriseSettings {
  return toApprise({ enabled: true, ...input }, NO_APPRISE);
}

export function toGivenWebhook(input: NonNullable<GivenChannels["webhooks"]>[number]): Webhook {
  return toWebhook(input, null, input.id);
}

interface Problem {
  path: readonly (string | number)[];
  message: string;
}

/** What is wrong with channels that are to be given, one problem a channel. */
export function problemsOf(given: GivenChannels): Problem[] {
  const { email, apprise, webhooks = [], publicUrl = "", allowedPrivateNetworks = [] } = given;
  const wayOut = problemIn([], () => new WayOut(allowedPrivateNetworks, Date.now));
  const isUrl = publicUrl === "" || /^https?:$/.test(URL.parse(publicUrl)?.protocol ?? "");
  const problems = [
    ...(isUrl
      ? []
      : [{ path: ["publicUrl"], message: `"${publicUrl}" is no address such as https://pulse.example.com` }]),
    ...(email ? [problemIn(["email"], () => toGivenEmail(email))] : []),
    ...(apprise ? [problemIn(["apprise"], () => toGivenApprise(apprise))] : []),
    ...webhooks.map((webhook, at) =>
      problemIn(["webhooks", at], () => {
        const settings = toGivenWebhook(webhook);
        if (webhooks.findIndex(({ id }) => id === webhook.id) !== at)
          throw new BadChannel("id", `"${webhook.id}" is taken by another of the webhooks`);
        if (wayOut instanceof WayOut) wayOut.check(settings);
      }),
    ),
  ];
  if (wayOut instanceof WayOut) void wayOut[Symbol.asyncDispose]();
  return [wayOut, ...problems].filter(
    (one): one is Problem => typeof one === "object" && one !== null && "path" in one,
  );
}

/** What `work` makes, or what is wrong with it. */
function problemIn<T>(path: Problem["path"], work: () => T): T | Problem {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadChannel)) throw error;
    return {
      path: [...path, ...error.field.split(".").map(part => (/^\d+$/.test(part) ? Number(part) : part))],
      message: error.problem,
    };
  }
}

/** The first of `fields` in which the two differ; null: none. */
export function firstOther<T extends object>(fields: readonly (keyof T & string)[], one: T, other: T): string | null {
  return fields.find(field => !equal(one[field], other[field])) ?? null;
}
