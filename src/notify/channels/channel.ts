import type { Instant, Millis } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { NotificationReason } from "../../model/notification.ts";
import type { Language } from "../../model/user-settings.ts";

/** What a channel is asked to say. */
export interface Message {
  reason: NotificationReason;
  /** All that it is about, the worst first; one at least, but for a canary. For `resolved`: as they were when they last fired. */
  alerts: readonly Alert[];
  /** When it came about (of those that are resolved: when they were). The same at each try: lengths of time and ids are made of it. */
  at: Instant;
  /** The same for the firing and all that follows of the same group: for receivers that thread or close by a key. */
  dedupKey: string;
  /** Base URL of Pulse for people; null: no links. */
  publicUrl: string | null;
  /** IANA name; times are shown in it. */
  timezone: string;
  language: Language;
  /** It may have come before: Pulse ended while sending it. Receivers without a dedup key are told in the text. */
  duplicatePossible: boolean;
  /** When it was queued; the same at each try, and about the same wherever the same is told. */
  queued: Instant;
  /** Of those that are resolved: ids of which this process does not know that the channel was told of their beginning. */
  unheard: readonly string[];
  /** Of a mail: only these of its recipients are owed it, by their bare addresses; left out: all. */
  recipients?: readonly string[];
}

/** A request that is allowed to leave: the target is checked when connecting, redirects too. Never throws for a status. */
export type Post = (request: {
  url: string;
  method: "POST" | "PUT" | "GET";
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | null;
  /** Certificates need not be right. */
  insecure?: boolean;
  timeout?: Millis;
}) => Promise<{ status: number; body: string; retryAfter: Millis | null }>;

export interface Tools {
  post: Post;
  now: () => Instant;
}

/** What the receiver answered; `payload`: what was sent, without secrets where the channel knows them. */
export interface Sent {
  statusCode: number | null;
  response: string;
  payload: string;
  /** Ids of which nothing was sent: the channel has not heard of their beginning. Left out: of none. */
  untold?: readonly string[];
  /** Of a mail that others got: who did not. Left out: everybody did. */
  missed?: readonly Missed[];
}

/** A recipient that the server did not take a mail for. */
export interface Missed {
  /** Bare, in lower case. */
  address: string;
  /** What the server said. */
  reply: string;
  /** Not for now; else never. */
  later: boolean;
}

/**
 * Why a message was not taken. `busy`: later, after `retryAfter` if it says so. `unreachable`, `failed`: later. `refused`: never like this
 * (bad address, bad token, a payload it does not take). `forbidden`: Pulse does not send there. `gone`: the subscription is over.
 * `elsewhere`: not from here for now, another process is to send it. `unsure`: the receiver had all of it and broke off before it said
 * whether it takes it: once more, and not again.
 */
export type ChannelFault =
  | "busy"
  | "unreachable"
  | "failed"
  | "refused"
  | "forbidden"
  | "gone"
  | "elsewhere"
  | "unsure";

export class ChannelFailure extends Error {
  readonly fault: ChannelFault;
  readonly statusCode: number | null;
  readonly retryAfter: Millis | null;
  /** It may have come all the same: it had left, and there was no answer. */
  readonly perhaps: boolean;
  override name = "ChannelFailure";

  constructor(
    fault: ChannelFault,
    message: string,
    {
      statusCode = null,
      retryAfter = null,
      perhaps = fault === "unsure",
      ...options
    }: { statusCode?: number | null; retryAfter?: Millis | null; perhaps?: boolean } & ErrorOptions = {},
  ) {
    super(message, options);
    this.fault = fault;
    this.statusCode = statusCode;
    this.retryAfter = retryAfter;
    this.perhaps = perhaps;
  }
}

/** Sends one message by a channel with these settings. Throws ChannelFailure. */
export type Send<S> = (settings: S, message: Message, tools: Tools) => Promise<Sent>;
