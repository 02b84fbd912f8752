import { JetStreamApiError } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { MINUTE, type Millis } from "../kit/units.ts";
import type { EnteredList } from "../model/entered-instance.ts";
import { DIRECT, FURTHER_RIGHTS, isForbidden } from "./edge-rights.ts";
import { unpackList } from "./entered-list.ts";
import { RENEWAL } from "./leases.ts";
import type { Reached } from "./line.ts";
import { ENTERED, toToken } from "./names.ts";
import type { SiteInstances } from "./site-instances.ts";
import { NOT_FOUND } from "./stream-now.ts";

/** Where NATS does not let it read. */
const PATIENT: Millis = MINUTE;

export interface EnteredReaderOptions {
  site: string;
  instances: SiteInstances;
  clock: Clock;
  log: Log;
}

/** Reads for an edge what was entered for its site. */
export class EnteredReader {
  readonly #options: EnteredReaderOptions;
  #bucket: KV | null = null;
  #isTold = false;

  constructor(options: EnteredReaderOptions) {
    this.#options = options;
  }

  /** Every few seconds, until `signal` asks it to end. */
  async follow(reached: Reached, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const isRead = await this.#read(reached);
      await clock.sleep(isRead ? RENEWAL : PATIENT, signal);
    }
  }

  /** false: NATS does not let it, and may not soon. */
  async #read({ connection, stream }: Reached): Promise<boolean> {
    const { site, instances, log } = this.#options;
    try {
      this.#bucket ??= await openEntered(stream);
      const list = this.#bucket && (await listIn(this.#bucket, site));
      // NOTE: nothing there means that NATS lost it, not that there is nothing: cores lay it there again.
      if (list) instances.take(list);
      this.#isTold = false;
      return true;
    } catch (error) {
      this.#bucket = null;
      if (connection.isClosed() || !isForbidden(error)) return true;
      if (!this.#isTold) log("warn", FURTHER_RIGHTS, { reason: "pulse cluster config writes them" });
      this.#isTold = true;
      return false;
    }
  }
}

/** null: no core of a version that knows it was there yet. */
export async function openEntered(stream: Reached["stream"]): Promise<KV | null> {
  try {
    const bucket = await new Kvm(stream).open(ENTERED, DIRECT);
    await bucket.status();
    return bucket;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return null;
    throw error;
  }
}

/** What lies there for a site; null: nothing. */
export async function listIn(bucket: KV, site: string): Promise<EnteredList | null> {
  const there = await bucket.get(toToken(site));
  return there?.operation === "PUT" ? unpackList(there.value) : null;
}
