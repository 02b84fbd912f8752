import { JetStreamApiError } from "@nats-io/jetstream";
import { type KV, Kvm } from "@nats-io/kv";
import { headers } from "@nats-io/transport-node";
import type { Clock } from "../kit/clock.ts";
import { equal } from "../kit/equal.ts";
import { every } from "../kit/every.ts";
import type { Log } from "../kit/log.ts";
import { type Bytes, GIB, HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { EdgeSettings } from "../model/cluster.ts";
import { type Gap, type InstanceSettings, type WatchedInstance, withSecret } from "../model/instance-settings.ts";
import type { Observation } from "../model/observation.ts";
import { staleAfter } from "../model/stale-after.ts";
import type { Database } from "../store/database.ts";
import { DIRECT, inboxOf } from "./edge-rights.ts";
import { EnteredReader } from "./entered-reader.ts";
import { toNatsTime } from "./entries.ts";
import { readSeen, SENT, sentIn, toBody } from "./entry.ts";
import { Holes } from "./holes.ts";
import { RENEWAL, SiteLeases } from "./leases.ts";
import { Line, type Reached } from "./line.ts";
import {
  digestOf,
  instanceSubject,
  KNOWN,
  LEASES,
  messageId,
  resourcesSubject,
  STREAM,
  subjectOf,
  toToken,
} from "./names.ts";
import { NatsClock } from "./nats-clock.ts";
import { Outbox, type Outgoing } from "./outbox.ts";
import { SiteInstances } from "./site-instances.ts";
import { fingerprintOf, type SiteKey } from "./site-key.ts";
import { keyPlace } from "./site-keys.ts";
import { Storing } from "./storing.ts";
import { bucketNow, NOT_FOUND } from "./stream-now.ts";
import { type Answering, answerTrials } from "./trials.ts";
import { Unopened } from "./unopened.ts";

/** What is known of an instance's past when this edge begins to watch it. */
export interface Heard {
  /** From when on it is to be asked for: when it was last seen by any edge, or what was missed before that; null: never, as far as is known. */
  until: Instant | null;
  isPastKnown: (resource: string) => boolean;
  /** To be told what is still to be asked for of what nobody saw; null: nothing. */
  missing: (gap: Gap | null) => void;
}

export interface EdgeOptions {
  /** Of this Pulse. */
  version: string;
  settings: EdgeSettings;
  /** Those that pulse.yaml names, with their secrets, which never leave the site. */
  instances: readonly WatchedInstance[];
  /** By which it opens the secrets of those that were entered on a page. */
  key: SiteKey;
  /** One of those, as it is watched. */
  toWatched: (settings: InstanceSettings) => WatchedInstance;
  /** Tries settings out, for a core that asks. */
  probe: Answering["probe"];
  database: Database;
  clock: Clock;
  log: Log;
  /** Called for what this edge is to watch from now on, by the clock `time`, and to watch no longer. */
  begin: (instance: WatchedInstance, heard: Heard, time: Clock) => void;
  end: (name: string) => Promise<void>;
  /** How much is kept on the disk while the line is down. */
  limit?: Bytes;
}

const LIMIT: Bytes = GIB;
/** An orderly end waits so long for what is still under way. */
const LAST_WORDS: Millis = 3 * SECOND;
/** What NATS lost is read again from the servers that are watched: so far they tell everything at once. */
const TOLD_AGAIN: Millis = 29 * MINUTE;
/** Also by who takes over an instance so long afterwards. */
const AFTERMATH: Millis = 5 * MINUTE;

interface Watched {
  fence: number;
  settings: WatchedInstance;
  /** Of which resources the past was asked for. */
  known: Set<string>;
  /** In which hour the cores were last told of it. */
  told: number;
}

/**
 * One of the Pulses that look: watches what it holds the leases of, and puts what it sees on the stream. While NATS cannot be reached it goes
 * on watching, and what it sees waits on the disk.
 */
export class Edge implements AsyncDisposable {
  readonly #options: EdgeOptions;
  readonly #line: Line;
  readonly #outbox: Outbox;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  readonly #watched = new Map<string, Watched>();
  readonly #instances: SiteInstances;
  readonly #entered: EnteredReader;
  readonly #holes: Holes;
  /** Which instances another edge has taken over, and when. */
  readonly #ended = new Map<string, Instant>();
  readonly #unopened: Unopened;
  readonly #natsClock: NatsClock;
  readonly #storing: Storing;
  /** NATS's: edges whose own clocks differ go on from each other. */
  readonly #time: Clock;
  /** NATS has been asked what its clock shows, by which it is said when something is sent. */
  readonly #isTimeHeard = Promise.withResolvers<void>();
  #known: KV | null = null;
  /** In which hour its key was last told. */
  #announced = 0;
  #leases: SiteLeases | null = null;
  /** When the bucket of leases was made; null: it is not known yet. */
  #made: Instant | null = null;
  /** When it was noticed that NATS has lost what it had stored, or the end of it. */
  #lostAt: Instant = Number.NEGATIVE_INFINITY;
  /** The greatest number under which the stream has taken something of this edge. */
  #sequence = 0;
  #isEndLost = false;
  #isWaiting = false;

  constructor(options: EdgeOptions) {
    const { settings, database, clock, log, limit = LIMIT } = options;
    this.#options = options;
    const { instances: given, key, toWatched } = options;
    this.#instances = new SiteInstances({ site: settings.site, given, key, database, toWatched, log });
    this.#entered = new EnteredReader({ site: settings.site, instances: this.#instances, clock, log });
    this.#holes = new Holes(settings.site);
    this.#natsClock = new NatsClock(clock, log);
    this.#time = this.#natsClock.clock;
    this.#storing = new Storing(clock, log);
    this.#unopened = new Unopened(settings.site, this.#time);
    const role = { name: `edge ${settings.site}`, inbox: inboxOf(settings.site) };
    this.#line = new Line(settings, role, clock, log);
    this.#outbox = new Outbox({
      ...{ database, clock, log, limit },
      publish: entry => this.#publish(entry),
      isUp: () => this.#line.isUp,
    });
    this.#running = this.#run().catch(error => {
      if (!this.#stop.signal.aborted) throw error;
    });
  }

  /** Takes what a source saw. */
  observe(seen: Observation): void {
    const watched = this.#watched.get(seen.instance);
    if (!watched) return;
    this.#holes.see(seen);
    const { site } = this.#options.settings;
    const entry = { subject: subjectOf(site, seen), id: messageId(seen), body: toBody({ fence: watched.fence, seen }) };
    if (seen.scope !== "past" || !seen.whole) return void this.#outbox.put(entry);
    const digest = digestOf(seen.resource);
    watched.known.add(digest);
    this.#outbox.put(entry, () => void this.#know(seen.instance, digest));
  }

  get #presence(): object {
    const { held, waiting } = this.state;
    const { version, key } = this.#options;
    const { cannotOpen } = this.#instances;
    return { version, holds: held, waiting, key: fingerprintOf(key.publicKey), cannotOpen };
  }

  /** What it does, for who asks. */
  get state(): { isUp: boolean; held: string[]; waiting: Outbox["waiting"] } {
    return { isUp: this.#line.isUp, held: [...this.#watched.keys()], waiting: this.#outbox.waiting };
  }

  /** NOTE: to be disposed of when nothing observes any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { clock } = this.#options;
    this.#stop.abort();
    this.#isTimeHeard.resolve();
    const before = clock.now() + LAST_WORDS;
    while (this.#line.isUp && this.#outbox.waiting.entries > 0 && clock.now() < before) await clock.sleep(50);
    await this.#outbox[Symbol.asyncDispose]();
    if (this.#line.isUp) await this.#leases?.leave().catch(() => {});
    await this.#line[Symbol.asyncDispose]();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stop;
    const reached = await this.#line.reached();
    const { settings, probe } = this.#options;
    answerTrials(reached.connection, {
      ...{ site: settings.site, self: settings.name, instances: this.#instances, probe },
    });
    const turn = async () => {
      try {
        await this.#turn(reached);
      } catch (error) {
        if (!this.#isWaiting) log("debug", "The leases could not be looked after", { reason: String(error) });
      }
    };
    await Promise.all([
      every(RENEWAL, turn, clock, signal),
      // By itself: leases must not wait for what NATS may not let this edge read.
      this.#entered.follow(reached, signal),
    ]);
  }

  async #turn(reached: Reached): Promise<void> {
    const { clock, settings } = this.#options;
    const { site, name: self } = settings;
    await this.#lookAtLeases(reached);
    if (!this.#leases) {
      const bucket = await this.#open(reached, LEASES);
      this.#known = await this.#open(reached, KNOWN);
      this.#leases = new SiteLeases(bucket, { site, self, clock, presence: () => this.#presence });
      void this.#leases.follow().catch(() => {});
    }
    const leases = this.#leases;
    try {
      await leases.turn(this.#instances.all().map(({ name }) => name));
    } finally {
      for (const [name] of [...this.#watched]) if (!leases.held.has(name)) await this.#end(name);
    }
    await this.#announce();
    for (const [name, fence] of leases.held) await this.#begin(name, fence, reached);
    for (const entry of this.#unopened.missed(this.#instances.cannotOpen, leases)) this.#outbox.put(entry);
    await this.#tellHoles();
    await this.#compareHoles();
  }

  /** What another edge has said since it was begun to be watched is still to be asked for: it is watched anew. */
  async #compareHoles(): Promise<void> {
    if (!this.#known) return;
    for (const name of await this.#holes.compare(this.#known)) {
      this.#options.log("debug", "Another edge says what is still to be asked for", { instance: name });
      await this.#stopWatching(name);
    }
  }

  async #tellHoles(): Promise<void> {
    if (this.#known) await this.#holes.tell(this.#known, this.#outbox.waiting.entries === 0);
  }

  /** Says by which key secrets are to be sealed for it. */
  async #announce(): Promise<void> {
    const { clock, settings, key } = this.#options;
    const hour = Math.floor(clock.now() / HOUR);
    if (this.#announced === hour) return;
    await this.#known?.put(keyPlace(settings.site, settings.name), key.publicKey);
    this.#announced = hour;
  }

  /** Leases that were lost with all else that NATS had stored are taken anew; what they are of is watched anew, also when its end was lost. */
  async #lookAtLeases(reached: Reached): Promise<void> {
    const { log, end } = this.#options;
    const made = await this.#lookAtClock(reached).catch(error => {
      if (this.#leases || !(error instanceof JetStreamApiError) || error.code !== NOT_FOUND) throw error;
      return null;
    });
    const isAnother = made !== null && this.#made !== null && made !== this.#made;
    if (isAnother || this.#isEndLost) {
      log("warn", "NATS has lost what it had stored, or the end of it: what was seen of late is read once more");
      this.#lostAt = this.#time.now();
      this.#isEndLost = false;
      this.#announced = 0;
      const lately = [...this.#ended].flatMap(([name, at]) => (this.#lostAt - at < AFTERMATH ? name : []));
      const names = [...this.#watched.keys()];
      for (const name of names) await end(name);
      this.#watched.clear();
      // Another edge may watch it by now, and have sent nothing yet by which to notice. Where all is lost, all notice.
      if (!isAnother) for (const name of [...names, ...lately]) this.#holes.lose(name, this.#lostAt - TOLD_AGAIN);
      // What is not told now is told with the next turn.
      await this.#tellHoles().catch(() => {});
    }
    if (isAnother) {
      this.#holes.startAnew();
      this.#leases?.unfollow();
      this.#leases = null;
    }
    this.#made = made ?? this.#made;
  }

  /** When the bucket of leases was made. */
  async #lookAtClock(reached: Reached): Promise<Instant> {
    const asked = this.#options.clock.now();
    try {
      const { made, told } = await bucketNow(LEASES, reached);
      this.#natsClock.hear(asked, told);
      return made;
    } finally {
      this.#isTimeHeard.resolve();
    }
  }

  /** Before any core was there, there is nothing to be opened. */
  async #open({ stream }: Reached, bucket: string): Promise<KV> {
    const { log } = this.#options;
    try {
      const opened = await new Kvm(stream).open(bucket, DIRECT);
      await opened.status();
      this.#isWaiting = false;
      return opened;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === NOT_FOUND && !this.#isWaiting) {
        this.#isWaiting = true;
        log("info", "Waiting for a core: none has been at these NATS servers yet");
      }
      throw error;
    }
  }

  /** Tells the cores of the instance, anew every hour as the stream forgets, before it tells them of what it sees there. */
  async #begin(name: string, fence: number, reached: Reached): Promise<void> {
    const settings = this.#instances.all().find(one => one.name === name);
    const { clock } = this.#options;
    if (settings && !equal(this.#watched.get(name)?.settings ?? settings, settings)) await this.#stopWatching(name);
    const watched = this.#watched.get(name);
    const hour = Math.floor(clock.now() / HOUR);
    if (!settings || (watched?.fence === fence && watched.told === hour)) return;
    const { site } = this.#options.settings;
    const told = withSecret(settings, "");
    const id = `${name} instance ${fence} ${hour} ${digestOf(JSON.stringify(told))}`;
    const entered = this.#instances.isEntered(name) ? { entered: true as const } : {};
    await reached.stream.publish(instanceSubject(site, name), toBody({ fence, settings: told, ...entered }), {
      msgID: id,
    });
    if (watched) return void this.#watched.set(name, { ...watched, fence, told: hour });
    const known = new Set(await this.#knownOf(name));
    const heard = await this.#heardUntil(name, reached);
    const now = this.#time.now();
    const fresh = now - staleAfter(settings.interval, 0);
    const from = this.#known ? await this.#holes.begin(this.#known, name, { heard, fresh }) : heard;
    await this.#tellHoles();
    const until = now - this.#lostAt < AFTERMATH ? Math.min(from ?? now, now - TOLD_AGAIN) : from;
    this.#watched.set(name, { fence, settings, known, told: hour });
    this.#options.log("info", `Watching instance "${name}"`, { instance: name });
    const missing = (gap: Gap | null) => {
      this.#holes.miss(name, gap);
      // What is not told now is told with the next turn.
      this.#tellHoles().catch(() => {});
    };
    const isPastKnown = (resource: string) => known.has(digestOf(resource));
    this.#options.begin(settings, { until, isPastKnown, missing }, this.#time);
  }

  async #end(name: string): Promise<void> {
    const isWanted = this.#instances.all().some(one => one.name === name);
    const said = isWanted ? `Another edge watches instance "${name}" now` : `Instance "${name}" is watched no longer`;
    this.#options.log("info", said, { instance: name });
    await this.#stopWatching(name);
    this.#ended.set(name, this.#time.now());
    this.#holes.end(name);
  }

  async #stopWatching(name: string): Promise<void> {
    await this.#options.end(name);
    this.#watched.delete(name);
  }

  async #knownOf(instance: string): Promise<string[]> {
    const keys: string[] = [];
    const prefix = `${toToken(this.#options.settings.site)}.${toToken(instance)}`;
    for await (const key of (await this.#known?.keys(`${prefix}.>`)) ?? []) keys.push(key.slice(prefix.length + 1));
    return keys;
  }

  async #know(instance: string, digest: string): Promise<void> {
    const key = `${toToken(this.#options.settings.site)}.${toToken(instance)}.${digest}`;
    // Otherwise its past is asked for once more, some day.
    await this.#known?.put(key, "").catch(() => {});
  }

  async #heardUntil(instance: string, { manager }: Reached): Promise<Instant | null> {
    const { site } = this.#options.settings;
    const subject = resourcesSubject(site, instance);
    const last = await manager.direct.getMessage(STREAM, { last_by_subj: subject });
    if (!last) return null;
    try {
      const told = readSeen(last.data, { kind: "seen", site, instance });
      // An older version says it by its own clock.
      const seen = toNatsTime(told.seen, { stored: last.time.getTime(), sent: sentIn(last.header) });
      // A look that failed says only that one was good not long before, or that what was missed is known.
      return seen.kind === "seen" ? seen.at : seen.at - staleAfter(seen.interval, seen.took);
    } catch (error) {
      // Whoever put that there must not keep anybody from looking.
      this.#options.log("warn", "The last look on the stream is none", { instance, reason: (error as Error).message });
      return null;
    }
  }

  async #publish({ subject, id, body }: Outgoing): Promise<void> {
    const { log } = this.#options;
    const { largest } = this.#line;
    if (largest !== null && body.length > largest) {
      const sizes = { bytes: body.length, largest };
      return log("error", "A look is too large for NATS: max_payload of its configuration should be raised", sizes);
    }
    const { stream } = await this.#line.reached();
    const sent = headers();
    await this.#isTimeHeard.promise;
    sent.set(SENT, String(this.#time.now()));
    const before = this.#sequence;
    const { seq, duplicate } = await stream.publish(subject, body, { msgID: id, headers: sent }).catch(error => {
      if (this.#line.isUp) this.#storing.failed(error);
      throw error;
    });
    this.#storing.stored();
    // Servers that lost power, or were put back to an older state, give numbers once more.
    const isGivenAgain = !duplicate && seq <= before;
    if (isGivenAgain) this.#isEndLost = true;
    this.#sequence = isGivenAgain ? seq : Math.max(this.#sequence, seq);
  }
}
