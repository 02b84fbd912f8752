import { JetStreamApiError } from "@nats-io/jetstream";
import type { Instant } from "../kit/units.ts";
import type { Reached } from "./line.ts";
import { STREAM } from "./names.ts";
import type { Position } from "./position.ts";

/** "Stream not found". */
export const NOT_FOUND = 10059;

/** The stream as it is now. */
export interface StreamNow {
  /** When it was made: another one of that name has other numbers. */
  made: string;
  first: number;
  last: number;
  /** When the oldest entry was stored; null: it has none. */
  oldest: Instant | null;
  /** What NATS's clock shows; null: it does not say. */
  told: Instant | null;
}

/** null: it is not there. */
export async function streamNow({ manager }: Reached): Promise<StreamNow | null> {
  try {
    const { created, state, ts } = await manager.streams.info(STREAM);
    const { first_seq: first, last_seq: last, messages, first_ts } = state;
    const oldest = messages === 0 ? null : Date.parse(first_ts);
    const told = ts === undefined ? null : Date.parse(ts);
    return { made: new Date(created).toISOString(), first, last, oldest, told };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return null;
    throw error;
  }
}

/** When the bucket of that name was made. */
export async function bucketMade(name: string, reached: Reached): Promise<Instant> {
  return (await bucketNow(name, reached)).made;
}

/** ... and what NATS's clock shows; null: it does not say. */
export async function bucketNow(
  name: string,
  { manager }: Reached,
): Promise<{ made: Instant; told: StreamNow["told"] }> {
  const { created, ts } = await manager.streams.info(`KV_${name}`);
  return { made: Date.parse(created), told: ts === undefined ? null : Date.parse(ts) };
}

/**
 * What has become of a place in the stream. "forgotten": what follows it is no more, as too old; "another": the stream is another one, or
 * servers that lost power have lost its end, and what has those numbers now is something else.
 */
export type Place = "as it was" | "forgotten" | "another";

export async function placeIn(
  now: StreamNow,
  { stream, sequence, tick }: Pick<Position, "stream" | "sequence" | "tick">,
  { manager }: Reached,
): Promise<Place> {
  if (stream !== now.made || sequence > now.last) return "another";
  if (sequence < now.first) return sequence + 1 < now.first ? "forgotten" : "as it was";
  const there = await manager.streams.getMessage(STREAM, { seq: sequence });
  // NOTE: a consumer tells nanoseconds as a number that is too large for all its digits.
  return there === null || Math.abs(there.time.getTime() - tick) <= 1 ? "as it was" : "another";
}
