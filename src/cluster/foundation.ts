import { DiscardPolicy, JetStreamApiError, RetentionPolicy, StorageType } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { Log } from "../kit/log.ts";
import { type Bytes, DAY, GIB, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Reached } from "./line.ts";
import { COMMAND_SUBJECT, COMMANDS, ENTERED, KNOWN, LEASES, STREAM, STREAM_SUBJECTS, TOLD } from "./names.ts";

/** For how long the stream remembers, and how much: a core that was away no longer than that misses nothing. */
const KEPT: Millis = DAY;
const MOST: Bytes = 4 * GIB;
/** An entry that comes again within this time is known to have come. */
const DOUBLES: Millis = 10 * MINUTE;
/** What people were told of is known for so long to a core that was away. */
const REMEMBERED: Millis = 2 * KEPT;
/** A lease that is not renewed is gone after that. */
export const LEASE_LIFE: Millis = 12 * SECOND;
/** What NATS counts times in. */
const NANOS = 1_000_000;
/** JetStream's words for "so many copies cannot be": servers that form no cluster, or not enough of them. */
const TOO_FEW_SERVERS = [10074, 10005];
/** ... and for "it is there already, otherwise configured". */
const OTHERWISE_THERE = 10058;
const COPIES = 3;

/**
 * Makes what the cores and edges meet on, where it is not there yet; what is there stays as an operator may have changed it. Three copies
 * of everything, on three servers; one where there is one server.
 */
export async function layFoundation({ stream, manager }: Reached, log: Log): Promise<void> {
  const buckets = new Kvm(stream);
  const unlessThere = (name: string) => async (error: unknown) => {
    if (!(error instanceof JetStreamApiError) || TOO_FEW_SERVERS.includes(error.code)) throw error;
    if (error.code === OTHERWISE_THERE) return;
    // NOTE: a nats-server alone asks first whether it would have the room that is asked for, which what is there need not take.
    await manager.streams.info(name).catch(() => Promise.reject(error));
  };
  await withCopies(log, async copies => {
    await manager.streams
      .add({
        name: STREAM,
        subjects: STREAM_SUBJECTS,
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.Old,
        max_age: KEPT * NANOS,
        max_bytes: MOST,
        duplicate_window: DOUBLES * NANOS,
        allow_direct: true,
        num_replicas: copies,
      })
      .catch(unlessThere(STREAM));
    await manager.streams
      .add({
        name: COMMANDS,
        subjects: [COMMAND_SUBJECT],
        storage: StorageType.File,
        duplicate_window: DOUBLES * NANOS,
        num_replicas: copies,
      })
      .catch(unlessThere(COMMANDS));
    const addBucket = async (name: string, life: { ttl?: Millis } = {}) =>
      void (await buckets.create(name, { replicas: copies, history: 1, ...life }).catch(unlessThere(`KV_${name}`)));
    await addBucket(LEASES, { ttl: LEASE_LIFE });
    await addBucket(KNOWN);
    await addBucket(ENTERED);
    await addBucket(TOLD, { ttl: REMEMBERED });
  });
}

async function withCopies(log: Log, make: (copies: number) => Promise<void>): Promise<void> {
  try {
    await make(COPIES);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || !TOO_FEW_SERVERS.includes(error.code)) throw error;
    log("warn", "NATS has not the three servers that three copies need: the stream has one copy only", {
      reason: error.message,
    });
    await make(1);
  }
}
