import { type KV, Kvm } from "@nats-io/kv";
import type { Clock } from "../kit/clock.ts";
import { every } from "../kit/every.ts";
import { type Log, silent } from "../kit/log.ts";
import { type Instant, type Millis, SECOND } from "../kit/units.ts";
import type { ClusterSettings } from "../model/cluster.ts";
import type { ClusterReport } from "../model/cluster-report.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Database } from "../store/database.ts";
import { ArchivePositions } from "./archive-positions.ts";
import { type Command, Commands, type CommandsOptions, NotStored } from "./commands.ts";
import { dueTicks } from "./due-ticks.ts";
import { Entering } from "./entering.ts";
import { type Counts, Entries, type Fed, slotIn, TICK, toTickBody } from "./entries.ts";
import { layFoundation } from "./foundation.ts";
import { Handover } from "./handover.ts";
import { RENEWAL, SiteLeases } from "./leases.ts";
import { Line, type Reached } from "./line.ts";
import { Lineage, whoHasMore } from "./lineage.ts";
import { type Member, Members } from "./members.ts";
import { CORES, ENTERED, KNOWN, LEASES, STREAM, TICK_SUBJECT, TOLD } from "./names.ts";
import { NatsClock } from "./nats-clock.ts";
import { type Position, PositionBook } from "./position.ts";
import { readStreams, toCoreReport, toEdgeReport, toSkippedReport } from "./report.ts";
import { knownMembers, Roll, type RollOptions, rollWithout } from "./roll.ts";
import { Storing } from "./storing.ts";
import { bucketMade } from "./stream-now.ts";
import { StreamReader } from "./stream-reader.ts";
import { TELLING, Teller } from "./teller.ts";
import type { Trial, Tried } from "./trials.ts";

export interface CoreOptions {
  /** Of this Pulse. */
  version: string;
  settings: ClusterSettings;
  database: Database;
  fed: Fed;
  /** Shows what has not been seen for too long as that. */
  age: (at: Instant) => void;
  /** This core was away for longer than the stream remembers. */
  missed: () => void;
  seal: CommandsOptions["seal"];
  perform: CommandsOptions["perform"];
  atTime: CommandsOptions["atTime"];
  /** Who is there of all: what was last told, and how it is told. */
  roll: Pick<RollOptions, "known" | "tell">;
  /** The data folder. */
  folder: string;
  /** From when on there is a history here; null: there is none. */
  begins: () => Instant | null;
  /** Closes this core and opens another one on what was fetched meanwhile. */
  reopen: () => void;
  clock: Clock;
  log: Log;
}

/** How a core fares. */
export interface CoreState extends Counts {
  isUp: boolean;
  /** How many entries lie before the newest that is known; null: it has not begun to read. */
  behind: number | null;
  sequence: number;
}

/** Before what failed is tried again. */
const AGAIN: Millis = 2 * SECOND;
/** The lease that the one has that sends samples to the archive. */
const SENDING = "archive";
/** For the answer of NATS to one. */
const SAID: Millis = 2 * SECOND;

/**
 * One of the Pulses that serve: reads the stream in order and feeds what it says to the rooms, as sources of its own would. How far it is lies
 * in the transaction that keeps what came of it; after a start it first reads what the picture is made of.
 */
export class Core implements AsyncDisposable {
  readonly #options: CoreOptions;
  /** null: it has not started yet. */
  #line: Line | null = null;
  readonly #entries: Entries;
  readonly #reader: StreamReader;
  readonly #handover: Handover;
  readonly #natsClock: NatsClock;
  readonly #storing: Storing;
  readonly #stop = new AbortController();
  /** Sees to it that one core tells for all. */
  readonly teller: Teller;
  readonly #commands: Commands;
  #leases: SiteLeases | null = null;
  readonly #members: Members;
  readonly #lineage: Lineage;
  readonly #roll: Roll;
  /** As they were last told of. */
  #streams: ClusterReport["streams"] = [];
  #told: KV | null = null;
  /** What is entered on pages, for edges to watch. */
  readonly entering: Entering;
  /** How far the archive is, for whoever sends to it. */
  readonly archivePositions = new ArchivePositions();
  #running: Promise<unknown> = Promise.resolve();
  /** What all meet on was laid, or was there. */
  #isFounded = false;
  /** The last tick that NATS has taken of this core; and after how many comebacks of the line it was said. */
  #said: number | null = null;
  #saidUntil = 0;

  constructor(options: CoreOptions) {
    const { settings, database, fed, clock, log } = options;
    this.#options = options;
    this.#natsClock = new NatsClock(clock, log);
    this.#storing = new Storing(clock, log);
    this.#members = new Members(clock);
    this.#roll = new Roll({ name: settings.name, ...options.roll, log });
    this.entering = new Entering({ database, members: this.#members, entries: () => this.#entries, clock });
    this.#lineage = new Lineage(database);
    const positions = new PositionBook(database, options.begins);
    const kept = () => positions.all().at(-1)?.judged || null;
    this.#entries = new Entries({ database, entered: this.entering.book, kept, fed, log });
    const { seal, perform, atTime, folder } = options;
    this.#handover = new Handover({
      ...{ name: settings.name, folder, database, seal, clock, log },
      standing: () => positions.all(),
    });
    this.#commands = new Commands({ database, seal, perform, atTime, clock, log });
    this.#reader = new StreamReader({
      ...{ database, positions, entries: this.#entries, commands: this.#commands, handover: this.#handover },
      ...{ natsClock: this.#natsClock, clock, log },
      ...{ age: options.age, missed: options.missed, reopen: options.reopen },
      lost: kept => this.#startAnew(kept),
      answers: () => this.teller.read(),
      comebacks: () => this.#line?.comebacks ?? 0,
    });
    this.teller = new Teller({
      ...{ name: settings.name, clock, log },
      bucket: () => this.#told,
      leases: () => this.#leases,
      isCurrent: () => this.#reader.isCurrent,
    });
  }

  /** The instances that are known from an earlier run. */
  get instances(): WatchedInstance[] {
    return this.#entries.instances.all();
  }

  /** Has an edge of the site try something out. */
  async tryOut(site: string, trial: Trial): Promise<Tried> {
    if (!this.#line?.isUp) return { refused: "unreached" };
    const { connection } = await this.#line.reached();
    const tried = await this.entering.tryOut(connection, site, trial);
    // Without a majority nobody is heard of, and nothing follows from that.
    const isUnheard = "refused" in tried && tried.refused === "nobody" && !this.teller.heard.answers;
    return isUnheard ? { refused: "unreached" } : tried;
  }

  /** Whether it is this core that sends samples to the archive. */
  get sendsToArchive(): boolean {
    return this.#leases?.held.has(SENDING) ?? false;
  }

  get state(): CoreState {
    return {
      ...this.#entries.counts,
      isUp: this.#line?.isUp ?? false,
      behind: this.#reader.behind,
      sequence: this.#reader.sequence ?? 0,
    };
  }

  get #presence(): object {
    const { behind, sequence, bad } = this.state;
    return {
      version: this.#options.version,
      position: sequence,
      behind,
      skipped: bad,
      alone: this.teller.heard.isAlone,
      lineage: this.#lineage.last,
    };
  }

  /** Has all cores know that one of several is gone for good. `site`: null: it is a core. Rejects with NotStored. */
  async dismiss(site: string | null, name: string): Promise<"done" | "unknown" | "there"> {
    const one = this.#knownMembers.find(member => member.name === name && member.site === (site ?? CORES));
    if (!one) return "unknown";
    if (one.silentSince === null) return "there";
    const { known, tell } = this.#options.roll;
    const roll = known();
    const now = this.#natsClock.now();
    if (!roll?.at || now === null) throw new NotStored("It is not known yet who is there");
    await tell(rollWithout(roll, { site, name }, now));
    if (site !== null) await this.entering.dismiss(site, name);
    return "done";
  }

  get #knownMembers(): Member[] {
    return knownMembers(this.#members.all(), this.#options.roll.known(), this.#natsClock);
  }

  /** How this core, the others, the edges and NATS fare. */
  async survey(): Promise<ClusterReport> {
    const { servers, name: self } = this.#options.settings;
    const { at: answered, answers } = this.teller.heard;
    if (answers) this.#streams = (await this.#readStreams()) ?? this.#streams;
    const { holder: teller } = this.#members.holderOf(CORES, TELLING);
    const members = this.#knownMembers;
    const own: Member = { site: CORES, name: self, said: { ...this.#presence }, seen: answered, silentSince: null };
    const cores = [own, ...members.filter(({ site, name }) => site === CORES && name !== self)];
    const sites = this.#entries.instances.sites();
    const edges = members.filter(({ site }) => site !== CORES);
    return {
      self,
      nats: {
        servers: [...servers],
        server: this.#line?.server ?? null,
        answers,
        answered,
        refuses: this.#storing.refusal,
      },
      streams: this.#streams,
      cores: cores.map(core => toCoreReport(core, answers ? teller : null)).sort((a, b) => (a.name < b.name ? -1 : 1)),
      edges: edges.map(toEdgeReport),
      sites: this.entering.report(edges.map(({ site }) => site)),
      instances: sites.map(({ name, site }) => ({ name, site, ...this.#members.holderOf(site, name) })),
      skipped: this.#entries.skipped.map(toSkippedReport),
    };
  }

  /** null: NATS does not answer. */
  async #readStreams(): Promise<ClusterReport["streams"] | null> {
    try {
      return this.#line?.isUp ? await readStreams(await this.#line.reached()) : null;
    } catch (error) {
      this.#options.log("debug", "NATS does not tell of its streams", { reason: String(error) });
      return null;
    }
  }

  /** Begins to read and to tick. */
  start(): void {
    const { settings, clock, log } = this.#options;
    const { signal } = this.#stop;
    this.#line = new Line(settings, { name: "core" }, clock, log);
    this.#running = this.#line
      .reached()
      .then(reached =>
        Promise.all([
          this.#untilEnd(() => this.#read(reached)),
          every(RENEWAL, () => this.#lookAfterLease(reached), clock, signal),
          // By itself: the stream may not answer while the leases do.
          every(RENEWAL, () => this.#reader.look(reached), clock, signal),
          every(
            () => this.#untilBeat(this.#natsClock.now()),
            () => this.#beat(this.#natsClock.now(), reached),
            clock,
            signal,
          ),
        ]),
      )
      .catch(error => {
        if (!signal.aborted) throw error;
      });
  }

  /** Has all cores do what this one was asked for: see `Commands.change`. */
  async change(command: Command, work: () => Promise<unknown>): Promise<unknown> {
    return await this.#commands.change(command, work, await this.#agreeable());
  }

  /** Has all cores take what was reported to this one. */
  async report(command: Command, sender: string, work: () => Promise<unknown>): Promise<unknown> {
    return await this.#commands.report(command, sender, work, await this.#agreeable());
  }

  /** As `change`; what does not last is known to those only that hear of it within a day. */
  async agree(command: Command, work: () => Promise<unknown>, lasting: boolean): Promise<unknown> {
    const reached = await this.#agreeable();
    return await (lasting
      ? this.#commands.change(command, work, reached)
      : this.#commands.tell(command, work, reached));
  }

  async #agreeable(): Promise<Reached> {
    if (!this.#line?.isUp || this.#reader.sequence === null) throw new NotStored("NATS is not reached");
    return await this.#line.reached();
  }

  /** What is shown grows old while nothing comes. To be called every second or so. */
  age(now: Instant): void {
    this.#reader.age(now);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#reader[Symbol.dispose]();
    if (this.#line?.isUp) await this.#leases?.leave().catch(() => {});
    await this.#handover[Symbol.asyncDispose]();
    await this.#line?.[Symbol.asyncDispose]();
    await this.#running;
  }

  /**
   * Every core says when it is time to judge; NATS keeps the first of each tick, and all cores judge by that. What cannot be said now is said
   * a little later, so that no tick is missing.
   */
  async #beat(now: Instant | null, reached: Reached): Promise<void> {
    if (now === null) return;
    const current = Math.floor(now / TICK);
    // This machine's clock was ahead when it said that.
    if (this.#said !== null && this.#said > current) this.#said = current - 1;
    try {
      const known = await this.#lastTick(reached);
      for (const slot of dueTicks(current, this.#said, known)) await this.#sayTick(slot, reached);
      this.#said = current;
      this.#storing.stored();
    } catch (error) {
      if (this.#line?.isUp) this.#storing.failed(error);
      this.#options.log("debug", "A tick was not taken", { reason: String(error) });
    }
  }

  async #sayTick(slot: number, { stream }: Reached): Promise<void> {
    const body = toTickBody(slot);
    const { duplicate, seq } = await stream.publish(TICK_SUBJECT, body, { msgID: `tick ${slot}`, timeout: SAID });
    // Somebody whose clock is ahead has said it when it was none yet, so that nobody took it.
    const { tickAt } = this.#entries;
    const isWasted =
      duplicate && seq <= (this.#reader.sequence ?? 0) && Number.isFinite(tickAt) && tickAt < slot * TICK;
    if (isWasted) await stream.publish(TICK_SUBJECT, body, { msgID: `tick ${slot} again`, timeout: SAID });
    this.#said = slot;
  }

  /**
   * The last tick that is known to have been said, counted as in its entry; null: none. NOTE: whoever has only just begun has not read it yet, and what
   * servers had taken that lost power since may not be there any more: the stream is asked then. A tick that is stored after a later one is none.
   */
  async #lastTick({ manager }: Reached): Promise<number | null> {
    const { tickAt } = this.#entries;
    const read = Number.isFinite(tickAt) ? Math.floor(tickAt / TICK) : null;
    const comebacks = this.#line?.comebacks ?? 0;
    if (this.#said !== null && comebacks === this.#saidUntil) return read;
    const last = await manager.streams.getMessage(STREAM, { last_by_subj: TICK_SUBJECT });
    this.#said = null;
    this.#saidUntil = comebacks;
    try {
      const stored = last && slotIn({ body: last.data, stored: last.time.getTime() });
      return stored === null ? read : Math.max(stored, read ?? stored);
    } catch {
      // Nobody takes that.
      return read;
    }
  }

  /** Only who has read all that there is may tell. */
  async #lookAfterLease(reached: Reached): Promise<void> {
    const { clock, log, settings } = this.#options;
    const { stream } = reached;
    if (this.#reader.sequence === null) return;
    try {
      const buckets = new Kvm(stream);
      if (!this.#told) {
        this.#told = await buckets.open(TOLD);
        this.teller.remembers(await bucketMade(TOLD, reached));
        const known = await buckets.open(KNOWN);
        this.archivePositions.open(known);
        this.entering.open(known, await buckets.open(ENTERED));
      }
      if (!this.#leases) {
        const bucket = await buckets.open(LEASES);
        this.#leases = new SiteLeases(bucket, {
          ...{ site: CORES, self: settings.name, clock },
          presence: () => this.#presence,
        });
        void this.#members.follow(bucket).catch(() => {});
        void this.#leases.follow().catch(() => {});
      }
      const told = this.teller.tells;
      await this.#leases.turn(this.#reader.isCurrent ? [TELLING, SENDING] : []);
      this.teller.hear();
      this.#callRoll();
      this.#reader.takeOver(whoHasMore(settings.name, this.#lineage, this.#members.all()));
      await this.#commands.mend(reached);
      await this.entering.lay();
      const { tells } = this.teller;
      if (tells !== told)
        log("info", tells ? "This core tells of alerts, for all" : "Another core tells of alerts now");
    } catch (error) {
      log("debug", "The lease could not be looked after", { reason: String(error) });
    }
  }

  /** NOTE: only who has read to the end once knows whom others had heard of. */
  #callRoll(): void {
    if (!this.teller.tells || !this.#reader.hasReadAll) return;
    const at = (own: Instant) => this.#natsClock.at(own);
    const heard = this.#members
      .all()
      .map(one => ({ ...one, silentSince: one.silentSince === null ? null : at(one.silentSince) }));
    this.#roll.call(heard, at(this.#options.clock.now()));
  }

  /** In the middle of the next tick; soon, when one has yet to be said. */
  #untilBeat(now: Instant | null): Millis {
    if (now === null) return SECOND;
    const isSaid = this.#said === null || this.#said >= Math.floor(now / TICK);
    return isSaid ? TICK + TICK / 2 - (now % TICK) : SECOND;
  }

  async #untilEnd(work: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        log("warn", `The stream cannot be read: ${(error as Error).message}`);
      }
      await clock.sleep(AGAIN, signal);
    }
  }

  /** Reads on for as long as that can be gone on with. */
  async #read(reached: Reached): Promise<void> {
    const { log } = this.#options;
    // What it lacks is said once.
    await layFoundation(reached, this.#isFounded ? silent : log);
    this.#isFounded = true;
    this.#handover.serve(reached.connection);
    await this.#reader.read(reached);
  }

  /** What was said of what lay in NATS counts no more, nor do the leases. */
  #startAnew(kept: Position | null): void {
    this.#options.log("warn", "NATS has lost what it had stored, or the end of it: this core goes on with what it has");
    this.#lineage.branch({ at: kept?.tick ?? 0, command: kept?.command ?? 0 });
    this.#leases?.unfollow();
    this.#leases = null;
    this.#told = null;
    this.entering.startAnew();
  }
}
