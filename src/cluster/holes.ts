import type { KV } from "@nats-io/kv";
import type { Instant } from "../kit/units.ts";
import type { Gap } from "../model/instance-settings.ts";
import type { Observation } from "../model/observation.ts";
import { staleAfter } from "../model/stale-after.ts";
import { toToken } from "./names.ts";

/** In `KNOWN`, below an instance: from when on something is still to be asked of its servers. No digest is so. */
const HOLE = "=hole";

interface Known {
  /** Start of the last good look, whoever had it; null: none is known. */
  good: Instant | null;
  /** From when on nobody has seen anything, and goes on not to. */
  silent: Instant | null;
  /** What was missed and is still to be asked for. */
  gap: Gap | null;
  /** What lies in NATS; undefined: not known. */
  said: Instant | null | undefined;
  /** Another edge is to ask for it; what is left to do here is to say so. */
  isLeft?: true;
}

/** So many of all are compared with what lies there at once: each comes about once a minute. */
const SHARE = 1 / 20;

/**
 * What an edge knows of time that nobody saw, before it is asked for: laid in NATS, so that whoever takes over asks for it when this edge is lost for
 * good. As fine as that is told by servers, it reaches back half an hour.
 */
export class Holes {
  readonly #site: string;
  readonly #known = new Map<string, Known>();
  /** Of those that are compared, the next. */
  #next = 0;

  constructor(site: string) {
    this.#site = toToken(site);
  }

  /**
   * Begins with what lies there; answers from when on an instance is to be asked for. `heard`: when it was last seen, as far as the stream tells.
   * `fresh`: from when on it would count still. NOTE: what is to be told is told before it is seen: whoever takes over then finds nothing on the stream
   * by which to know of it.
   */
  async begin(
    bucket: Pick<KV, "get">,
    instance: string,
    { heard, fresh }: { heard: Instant | null; fresh: Instant },
  ): Promise<Instant | null> {
    const said = await this.#read(bucket, instance);
    const from = earliest(said, heard);
    // Until it is seen, and what was missed is known.
    const isHole = said !== null || (from !== null && from < fresh);
    this.#known.set(instance, { good: from, silent: isHole ? from : null, gap: null, said });
    return from;
  }

  /** null: nothing lies there. */
  async #read(bucket: Pick<KV, "get">, instance: string): Promise<Instant | null> {
    const there = await bucket.get(this.#key(instance));
    const said = there?.operation === "PUT" ? Number(there.string()) : Number.NaN;
    return Number.isFinite(said) ? said : null;
  }

  /** NATS has lost what this edge saw since `from`; whoever watches the instance now is to ask for it. */
  lose(instance: string, from: Instant): void {
    const known = this.#known.get(instance);
    const silent = earliest(from, known ? missingFrom(known) : null);
    this.#known.set(instance, { good: null, silent, gap: null, said: undefined, isLeft: true });
  }

  /** Compares some with what lies there, the next ones each time; those of which another edge has said that something is to be asked for. */
  async compare(bucket: Pick<KV, "get">): Promise<string[]> {
    const names = [...this.#known.keys()];
    const some = Array.from(
      { length: Math.ceil(names.length * SHARE) },
      () => names[this.#next++ % names.length] ?? "",
    );
    const found: string[] = [];
    for (const instance of some) {
      const known = this.#known.get(instance);
      if (!known || known.isLeft || known.said === undefined) continue;
      const before = known.said;
      const there = await this.#read(bucket, instance);
      // It was told anew meanwhile.
      if (there === before || known.said !== before) continue;
      if (there === null) known.said = undefined;
      else found.push(instance);
    }
    return found;
  }

  end(instance: string): void {
    this.#known.delete(instance);
  }

  /** What was laid there is lost. */
  startAnew(): void {
    for (const known of this.#known.values()) known.said = undefined;
  }

  see(seen: Observation): void {
    const known = this.#known.get(seen.instance);
    if (!known || !("scope" in seen) || seen.scope !== "resources" || "part" in seen) return;
    const { at, interval, took } = seen;
    if (seen.kind === "seen") {
      known.good = at;
      known.silent = null;
    } else if (known.good !== null && at - known.good > staleAfter(interval, took)) known.silent = known.good;
  }

  /** What its source is still to ask for; null: nothing. */
  miss(instance: string, gap: Gap | null): void {
    const known = this.#known.get(instance);
    if (known) known.gap = gap;
  }

  /** Lays there what has changed. `isTold`: all that was seen and asked for is on the stream, so that what is filled may be forgotten. */
  async tell(bucket: Pick<KV, "get" | "put" | "delete">, isTold: boolean): Promise<void> {
    for (const [instance, known] of [...this.#known]) {
      const there = known.isLeft ? await this.#read(bucket, instance) : null;
      const from = earliest(there, missingFrom(known));
      if (from === known.said || (from === null && !isTold)) continue;
      if (from !== null) await bucket.put(this.#key(instance), String(from));
      else await bucket.delete(this.#key(instance));
      known.said = from;
      if (known.isLeft && this.#known.get(instance) === known) this.#known.delete(instance);
    }
  }

  #key(instance: string): string {
    return `${this.#site}.${toToken(instance)}.${HOLE}`;
  }
}

/** null: nothing is missing. */
function missingFrom({ silent, gap }: Known): Instant | null {
  return earliest(silent, gap?.from ?? null);
}

function earliest(one: Instant | null, other: Instant | null): Instant | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}
