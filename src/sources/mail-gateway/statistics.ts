import { type Row, toCount, toNumber, toRow, toRows, toSeconds, toText } from "../../kit/fields.ts";
import { HOUR, type Instant, SECOND } from "../../kit/units.ts";
import type { MailCount, MailGateway, MailStats } from "../../model/mail-gateway.ts";
import { LookFailed } from "../source.ts";

/** The last 24 whole hours and the one that runs, as the product's own figures are kept by the hour. */
export interface Window {
  from: Instant;
  to: Instant;
}

const HOURS = 24;

/** The window of 24 hours, on the hour, that ends after `now`. */
export function windowAt(now: Instant): Window {
  const to = Math.floor(now / HOUR) * HOUR + HOUR;
  return { from: to - HOURS * HOUR, to };
}

/** As parameters: seconds. No other names are taken ("timeframe" is refused). */
export function toQuery({ from, to }: Window): string {
  return `starttime=${from / SECOND}&endtime=${to / SECOND}`;
}

/** The counts that the day and the hour have in common. Depending on the release they are numbers, texts, or null. */
function toFigures(row: Row) {
  return {
    countIn: toNumber(row.count_in),
    countOut: toNumber(row.count_out),
    spamIn: toNumber(row.spamcount_in),
    spamOut: toNumber(row.spamcount_out),
    virusIn: toNumber(row.viruscount_in),
    virusOut: toNumber(row.viruscount_out),
    rblRejects: toNumber(row.rbl_rejects),
    bouncesIn: toNumber(row.bounces_in),
    bouncesOut: toNumber(row.bounces_out),
  };
}

/** Translates `GET /statistics/mail`. The time that a mail takes comes in seconds. Throws LookFailed. */
export function toMailStats(data: unknown, at: Instant): MailStats {
  const row = toRow(data);
  if (row === null) throw new LookFailed("garbled", "The statistics of mail were answered without an object");
  const time = toNumber(row.avptime);
  return {
    timeframe: "day",
    countTotal: toNumber(row.count),
    ...toFigures(row),
    pregreetRejects: toNumber(row.pregreet_rejects),
    greylistCount: toNumber(row.glcount),
    junkIn: toNumber(row.junk_in),
    bytesIn: toNumber(row.bytes_in),
    bytesOut: toNumber(row.bytes_out),
    averageProcessTimeMs: time === null ? null : Math.round(time * SECOND),
    updatedAt: new Date(at).toISOString(),
  };
}

/** Translates `GET /statistics/mailcount`: an hour a row. Throws LookFailed. */
export function toMailCount(data: unknown, { from, to }: Window): MailCount[] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The counts of mail were answered without a list");
  return rows.flatMap((row, position) => {
    const time = toSeconds(row.time);
    if (time === null) return [];
    const hour: MailCount = {
      timestamp: new Date(time * SECOND).toISOString(),
      count: toNumber(row.count),
      ...toFigures(row),
      pregreet: toNumber(row.pregreet_rejects),
      greylist: toNumber(row.glcount),
      index: toCount(row.index) ?? position,
      timeframe: "hour",
      windowStart: new Date(from).toISOString(),
      windowEnd: new Date(to).toISOString(),
    };
    return [hour];
  });
}

/** Translates `GET /statistics/spamscores`. A level is a number, or a text. Throws LookFailed. */
export function toSpamDistribution(data: unknown): MailGateway["spamDistribution"] {
  const rows = toRows(data);
  if (rows === null) throw new LookFailed("garbled", "The spam scores were answered without a list");
  return rows.flatMap(row => {
    const score = toText(row.level) ?? (toNumber(row.level) === null ? null : String(row.level));
    const count = toNumber(row.count);
    return score === null || count === null ? [] : [{ score, count }];
  });
}

/** The count of `GET /quarantine/{spam,virus}status`. */
export function toQuarantineCount(data: unknown): number | null {
  return toNumber(toRow(data)?.count);
}
