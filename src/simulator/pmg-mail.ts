import { DAY, type Instant, SECOND } from "../kit/units.ts";
import type { PmgAsk } from "./pmg-routes.ts";
import type { MailGateway } from "./pmg-server.ts";
import { areaBetween } from "./signal.ts";

/** What share of the incoming mail turns out to be what. */
const SHARES = {
  spam: 0.11,
  virus: 0.004,
  rbl: 0.18,
  pregreet: 0.05,
  greylist: 0.06,
  spf: 0.01,
  bounce: 0.02,
} as const;
/** Mails that go out for each that comes in. */
const OUTGOING = 0.35;
const MAIL_SIZE = 74_000;

/** Mails that came in between two instants, rejected ones among them. */
function arrived(gateway: MailGateway, from: Instant, to: Instant): number {
  return Math.max(0, Math.round(areaBetween(gateway.plan.traffic, from, to) / 3600));
}

/** The window asked for, the last day unless told otherwise. */
function windowOf({ gateway, query }: PmgAsk): { from: Instant; to: Instant } {
  const from = query.starttime === undefined ? gateway.at - DAY : Number(query.starttime) * SECOND;
  return { from, to: query.endtime === undefined ? from + DAY : Number(query.endtime) * SECOND };
}

function countsIn(gateway: MailGateway, from: Instant, to: Instant) {
  const incoming = arrived(gateway, from, Math.min(to, gateway.at));
  const outgoing = Math.round(incoming * OUTGOING);
  const share = (of: keyof typeof SHARES) => Math.round(incoming * SHARES[of]);
  return { incoming, outgoing, share };
}

/** `GET /statistics/mail`. Sums over no rows are null; a count of the older release is a text. */
export function toMail(ask: PmgAsk): Record<string, unknown> {
  const { gateway } = ask;
  const { from, to } = windowOf(ask);
  const { incoming, outgoing, share } = countsIn(gateway, from, to);
  const figure = (count: number) => gateway.figure(count);
  const junk = share("spam") + share("virus") + share("greylist") + share("spf") + share("rbl") + share("pregreet");
  return {
    count: figure(incoming + outgoing),
    count_in: figure(incoming),
    count_out: figure(outgoing),
    spamcount_in: figure(share("spam")),
    spamcount_out: figure(0),
    viruscount_in: figure(share("virus")),
    viruscount_out: null,
    bounces_in: figure(share("bounce")),
    bounces_out: figure(Math.round(outgoing * 0.01)),
    bytes_in: figure(incoming * MAIL_SIZE),
    bytes_out: figure(outgoing * MAIL_SIZE),
    glcount: figure(share("greylist")),
    spfcount: figure(share("spf")),
    junk_in: figure(junk),
    junk_out: figure(0),
    rbl_rejects: share("rbl"),
    pregreet_rejects: share("pregreet"),
    avptime: gateway.plan.version < "8" ? "0.4375" : 0.4375,
  };
}

/** `GET /statistics/mailcount`: a bar every `timespan` seconds. */
export function toMailCount(ask: PmgAsk): Record<string, unknown>[] {
  const { gateway, query } = ask;
  const { from, to } = windowOf(ask);
  const span = Number(query.timespan ?? 3600) * SECOND;
  const bars = Math.ceil((to - from) / span);
  return Array.from({ length: bars }, (_, index) => {
    const start = from + index * span;
    const { incoming, outgoing, share } = countsIn(gateway, start, Math.min(start + span, to));
    const figure = (count: number) => gateway.figure(count);
    return {
      index,
      time: Math.floor(start / SECOND),
      count: figure(incoming + outgoing),
      count_in: figure(incoming),
      count_out: figure(outgoing),
      spamcount_in: figure(share("spam") + share("greylist") + share("rbl") + share("pregreet")),
      spamcount_out: figure(0),
      viruscount_in: figure(share("virus")),
      viruscount_out: figure(0),
      bounces_in: figure(share("bounce")),
      bounces_out: figure(0),
      rbl_rejects: share("rbl"),
      pregreet_rejects: share("pregreet"),
    };
  });
}

/** `GET /statistics/spamscores`: levels 0 to 10, the last with all above it. */
export function toSpamScores(ask: PmgAsk): Record<string, unknown>[] {
  const { from, to } = windowOf(ask);
  const { incoming, share } = countsIn(ask.gateway, from, to);
  const spam = share("spam");
  return Array.from({ length: 11 }, (_, level) => {
    const count = level === 0 ? incoming - spam : Math.round((spam * level) / 55);
    return { level, count, ratio: incoming > 0 ? count / incoming : 0 };
  });
}

/** `GET /quarantine/{spam,virus}status`: sizes as decimal texts in the older release. */
export function toQuarantine(gateway: MailGateway, kind: "spam" | "virus"): Record<string, unknown> {
  const { share } = countsIn(gateway, gateway.at - 7 * DAY, gateway.at);
  const count = share(kind);
  const decimal = (value: number) => (gateway.plan.version < "8" ? value.toFixed(6) : value);
  return {
    count: gateway.figure(count),
    avgbytes: decimal(MAIL_SIZE),
    mbytes: decimal((count * MAIL_SIZE) / 1_048_576),
    ...(kind === "spam" ? { avgspam: decimal(7.25) } : {}),
  };
}
