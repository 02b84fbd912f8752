import { InOrder } from "../kit/in-order.ts";
import { HOUR, type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { EstateChange, EstateChangeQuery } from "../model/estate-change.ts";
import { nodeId } from "../model/ids.ts";
import type { Instance } from "../model/instance.ts";
import { notKnown } from "../model/not-known.ts";
import type { Picture } from "../model/picture.ts";
import type { Database } from "../store/database.ts";
import { ChangeTables, type KeptFacts } from "./change-tables.ts";
import { carryOn, compare, type Difference, differs, isAsBefore, MISSED_AFTER, merged } from "./compare.ts";
import { type Facts, sightsOf, toKept } from "./facts.ts";

/** An instance tells all that is in it within that time of its first good look: until then nothing in it is new. */
const SETTLING: Millis = 2 * MINUTE;
/** What a good picture leaves out for that long is gone. */
const ABSENT_FOR: Millis = MINUTE;
/** Most of an instance gone at once is what a token without rights looks like. */
const EXODUS_FOR: Millis = 30 * MINUTE;
/** The uptime of what has moved may be the old one for a while. */
const MOVING: Millis = 2 * MINUTE;
/** One look finds so many changes at the most, and writes so many facts; the next goes on. */
const MOST_AT_ONCE = 500;
/** So many wait for a database that refuses them; the oldest are lost. */
const MOST_WAITING = 20_000;
const TRIM_EVERY: Millis = HOUR;
/** When these come and go is told of what they belong to, or by the lists that show them, which may come late. */
const UNTOLD: ReadonlySet<EstateChange["of"]> = new Set<EstateChange["of"]>(["zfs", "ceph"]);
/** Names what notes that a first look has been; no id is so. */
const BEGUN = "begun";

/** Something that is known. */
interface Known {
  readonly id: string;
  facts: KeptFacts;
  /** When it was last seen so; null: by an earlier run, of which nobody knows when it ended. */
  seen: Instant | null;
  /** The uptime that it told then; null: none, or an earlier run heard it. */
  ran: Millis | null;
  /** It was an earlier run that saw it. */
  before: boolean;
  /** Since when the picture leaves it out; null: it does not. */
  absent: Instant | null;
  /** When it last moved to another node; 0: it did not. */
  moved: Instant;
  /** The last look that had it in the picture. */
  look: number;
}

/**
 * What changed in what Pulse watches: compares the picture with what was last known, every tick, and keeps both. What is stale, or in an
 * instance that does not answer, is not compared; so what an outage hides is found when it is over, and what happened while Pulse was off at
 * the next start.
 */
export class Changes {
  readonly #tables: ChangeTables;
  readonly #known = new Map<string, Known>();
  readonly #inOrder = new InOrder((id: string) => this.#known.get(id));
  /** The newest change of each field of each thing, as long as another would be the same news. */
  readonly #recent = new Map<string, EstateChange>();
  /** Since when each instance has answered without a break. */
  readonly #answersSince = new Map<string, Instant>();
  /** When each instance was last seen whole; what an earlier run saw is not in it. */
  readonly #wholeAt = new Map<string, Instant>();
  readonly #keptUntil: Instant | null;
  #newest: number;
  #trimmed: Instant = 0;
  #isBegun: boolean;
  /** When the first look ever was; null: there was none, or an earlier version did not keep that. */
  #beganAt: Instant | null;
  #told = 0;
  /** Rises by one a look. */
  #number = 0;
  /** What is not written yet; null: it is to be removed. */
  readonly #facts = new Map<string, KeptFacts | null>();
  readonly #changes = new Map<number, EstateChange | null>();
  #writing: { facts: [string, KeptFacts | null][]; changes: [number, EstateChange | null][] } = {
    facts: [],
    changes: [],
  };

  /** `keptUntil`: until when an earlier run looked; null: not known. */
  constructor(database: Database, keptUntil: Instant | null) {
    this.#tables = new ChangeTables(database);
    this.#keptUntil = keptUntil;
    for (const [id, facts] of this.#tables.facts())
      this.#known.set(id, { id, facts, seen: keptUntil, ran: null, before: true, absent: null, moved: 0, look: 0 });
    this.#beganAt = this.#known.get(BEGUN)?.facts.started ?? null;
    this.#isBegun = this.#known.delete(BEGUN);
    this.#newest = this.#tables.newest;
    this.#told = this.#newest;
    const since = (keptUntil ?? 0) - HOUR;
    for (const change of this.#tables.read({ since, limit: 10_000, resource: null }).reverse())
      this.#recent.set(keyOf(change), change);
  }

  /** Compares the picture with what is known. */
  look(picture: Picture, at: Instant): void {
    this.#followInstances(picture, at);
    this.#number += 1;
    const isWhole = this.#see(picture, at);
    if (isWhole) {
      this.#missAbsent(picture, at);
      for (const id of this.#answersSince.keys()) this.#wholeAt.set(id, at);
      this.#settleHosts(picture);
    }
    if (!this.#isBegun) this.#begin(at);
    for (const [key, change] of this.#recent) if (at - change.at > HOUR) this.#recent.delete(key);
  }

  /** Changes of which nobody has been told; null: none. */
  takeNews(): number | null {
    if (this.#told === this.#newest || this.#changes.size > 0) return null;
    this.#told = this.#newest;
    return this.#newest;
  }

  /** Writes what waits, within a transaction; a part of it where it is much. */
  write(at: Instant): void {
    this.#writing = {
      facts: [...this.#facts.entries().take(MOST_AT_ONCE)],
      changes: [...this.#changes],
    };
    for (const [id, facts] of this.#writing.facts)
      if (facts) this.#tables.putFacts(id, facts);
      else this.#tables.removeFacts(id);
    for (const [number, change] of this.#writing.changes)
      if (change) this.#tables.add(change);
      else this.#tables.remove(number);
    if (at - this.#trimmed > TRIM_EVERY || at < this.#trimmed) this.#tables.trim(at);
  }

  /** That transaction is over, and what was written is kept. */
  written(at: Instant): void {
    for (const [id, facts] of this.#writing.facts) if (this.#facts.get(id) === facts) this.#facts.delete(id);
    for (const [number, change] of this.#writing.changes)
      if (this.#changes.get(number) === change) this.#changes.delete(number);
    this.#writing = { facts: [], changes: [] };
    if (at - this.#trimmed > TRIM_EVERY || at < this.#trimmed) this.#trimmed = at;
  }

  /** The newest first; and how many there are, whatever the limit. */
  read(query: EstateChangeQuery): { changes: EstateChange[]; total: number; watchedSince: Instant | null } {
    return { changes: this.#tables.read(query), total: this.#tables.count(query), watchedSince: this.#beganAt };
  }

  /** Notes which instances answer, and takes in those that have told all. */
  #followInstances(picture: Picture, at: Instant): void {
    for (const id of this.#answersSince.keys()) {
      const instance = picture.instances[id];
      if (!instance || !isWell(instance)) this.#answersSince.delete(id);
    }
    for (const instance of Object.values(picture.instances)) {
      if (!isWell(instance)) continue;
      const since = this.#answersSince.get(instance.id) ?? at;
      this.#answersSince.set(instance.id, since);
      const known = this.#known.get(instance.id);
      if (known && !known.facts.settled && at - since >= SETTLING) this.#keep(instance.id, known, { settled: true });
    }
  }

  /** A report of a Docker host tells all its containers at once: what comes after the first is new. */
  #settleHosts({ dockerHosts }: Picture): void {
    for (const { id, stale } of Object.values(dockerHosts)) {
      const known = this.#known.get(id);
      if (known && !stale && !known.facts.settled) this.#keep(id, known, { settled: true });
    }
  }

  /** Compares what there is; false: there is more than one look takes. */
  #see(picture: Picture, at: Instant): boolean {
    let found = 0;
    this.#inOrder.begin();
    for (const { id, facts, isPassing } of sightsOf(picture)) {
      const known = this.#inOrder.find(id);
      if (known) {
        known.absent = null;
        known.look = this.#number;
      }
      if (!facts || !this.#isTrusted(facts, picture)) continue;
      if (known && this.#isUnchanged(known, facts, at)) continue;
      const kept = toKept(facts, isPassing);
      found += known ? this.#again(id, known, kept, at) : this.#anew(id, kept, at);
      if (found >= MOST_AT_ONCE) return false;
    }
    return true;
  }

  /** An instance that was never reached is known all the same, and so is a Docker host. */
  #isTrusted({ of, instance }: Facts, picture: Picture): boolean {
    const owner = picture.instances[instance];
    return of === "instance" || instance === "" || (owner !== undefined && isWell(owner));
  }

  #isUnchanged(known: Known, facts: Facts, at: Instant): boolean {
    if (!isAsBefore(known.facts, facts)) return false;
    known.seen = at;
    known.ran = facts.ran;
    known.before = false;
    return true;
  }

  #again(id: string, known: Known, facts: Facts, at: Instant): number {
    const seen = known.seen ?? at;
    const differences = compare(known.facts, facts, { seen, ran: known.ran }, at).filter(
      ({ field, from, to }) => field !== "power" || from !== to || at - known.moved > MOVING,
    );
    for (const difference of differences) this.#tell(id, known, facts, difference, at);
    if (differences.some(({ field }) => field === "node")) known.moved = at;
    const next: KeptFacts = { ...carryOn(known.facts, facts), ...settledOf(known.facts) };
    const isWorthWriting = differences.length > 0 || differs(known.facts, next);
    known.facts = next;
    // As long as nobody knows whether it runs, it was last seen before that.
    if (facts.fields.power !== null || !next.fields.power) {
      known.seen = at;
      known.ran = facts.ran;
      known.before = false;
    }
    if (isWorthWriting) this.#put(id, next);
    return differences.length;
  }

  #anew(id: string, facts: Facts, at: Instant): number {
    const owner = this.#known.get(facts.host ?? facts.instance);
    const isNews =
      facts.of === "instance" || facts.of === "dockerHost"
        ? this.#isBegun
        : !UNTOLD.has(facts.of) && (owner?.facts.settled ?? false);
    const known = { id, facts, seen: at, ran: facts.ran, before: false, absent: null, moved: 0, look: this.#number };
    this.#known.set(id, known);
    this.#put(id, facts);
    if (!isNews) return 0;
    const isOfInstance = owner !== undefined && facts.host === undefined;
    const before = isOfInstance ? !this.#wholeAt.has(facts.instance) : (owner?.before ?? false);
    const seen = isOfInstance ? (this.#wholeAt.get(facts.instance) ?? this.#keptUntil) : owner ? owner.seen : at;
    this.#tell(id, { ...known, seen, before }, facts, { field: "existence", from: "absent", to: "present", at }, at);
    return 1;
  }

  /** What a good picture leaves out for long enough is gone; with an instance that is watched no longer all that was in it. */
  #missAbsent(picture: Picture, at: Instant): void {
    const absent: [string, Known][] = [];
    for (const one of this.#known) if (one[1].look !== this.#number) absent.push(one);
    if (absent.length === 0) return;
    const all = countByInstance([...this.#known.values()]);
    const gone = countByInstance(absent.map(([, known]) => known));
    let found = 0;
    for (const [id, known] of absent) {
      const { of, instance, host } = known.facts;
      const owner = host === undefined ? picture.instances[instance] : picture.dockerHosts[host];
      const isItself = of === "instance" || of === "dockerHost";
      // After a start a Docker host may be a while in coming: as long as it is known, so is what is on it.
      if (!isItself && !owner && this.#known.has(host ?? "")) continue;
      if (!isItself && !owner) this.#forget(id);
      else if (isItself || tellsWhatIsGone(known.facts, picture)) {
        known.absent ??= at;
        const count = gone.get(instance) ?? 0;
        const isExodus = instance !== "" && of !== "instance" && count > 2 && count > (all.get(instance) ?? 0) / 2;
        if (at - known.absent < (of === "instance" ? 0 : isExodus ? EXODUS_FOR : ABSENT_FOR)) continue;
        const difference = { field: "existence", from: "present", to: "absent", at: known.absent } as const;
        if (!UNTOLD.has(of)) this.#tell(id, known, known.facts, difference, known.absent);
        this.#forget(id);
        found += 1;
      }
      if (found >= MOST_AT_ONCE) return;
    }
  }

  #tell(id: string, known: Known, facts: Facts, difference: Difference, found: Instant): void {
    const { of, instance, name, type, fields } = facts;
    const isMissed = known.seen === null || found - known.seen > MISSED_AFTER;
    const change: EstateChange = {
      number: this.#newest + 1,
      ...{ began: difference.at, of, resource: id, name, type, instance },
      node: typeof fields.node === "string" ? fields.node : null,
      times: 1,
      missed: isMissed ? (known.before ? "off" : "unreachable") : null,
      after: known.seen,
      ...difference,
    };
    const earlier = this.#recent.get(keyOf(change));
    const joined = earlier ? merged(earlier, change) : null;
    if (earlier && joined) this.#changes.set(earlier.number, null);
    this.#newest += 1;
    const told = joined ?? change;
    this.#recent.set(keyOf(told), told);
    this.#changes.set(told.number, told);
    const [oldest] = this.#changes.size > MOST_WAITING ? this.#changes.keys() : [];
    if (oldest !== undefined) this.#changes.delete(oldest);
  }

  #keep(id: string, known: Known, more: { settled: boolean }): void {
    known.facts = { ...known.facts, ...more };
    this.#put(id, known.facts);
  }

  /** Behind all that waits: an instance is settled once all that is in it is written. */
  #put(id: string, facts: KeptFacts | null): void {
    this.#facts.delete(id);
    this.#facts.set(id, facts);
  }

  #forget(id: string): void {
    this.#known.delete(id);
    this.#inOrder.forget();
    this.#put(id, null);
  }

  #begin(at: Instant): void {
    this.#put(BEGUN, { of: "instance", instance: "", name: BEGUN, type: null, fields: {}, started: at, ran: null });
    this.#isBegun = true;
    this.#beganAt = at;
  }
}

/** Whether what is not in the picture is gone, and not merely unknown. */
function tellsWhatIsGone({ of, instance, host, fields }: Facts, picture: Picture): boolean {
  if (host !== undefined) return picture.dockerHosts[host]?.stale === false;
  const owner = picture.instances[instance];
  if (!owner || !isWell(owner)) return false;
  if (of === "zfs") return picture.nodes[nodeId(instance, String(fields.node))]?.zfsPools !== null;
  if (of === "ceph") return notKnown(owner, "ceph") === null;
  if (of !== "datastore") return true;
  // A Backup Server that lists no datastore at all has not told which there are.
  const server = picture.pbs[owner.id];
  return server !== undefined && !server.stale && server.datastores.length > 0;
}

function isWell({ status, fault, lastSeen }: Instance): boolean {
  return status === "online" && fault === null && lastSeen > 0;
}

function settledOf({ settled }: KeptFacts): { settled?: boolean } {
  return settled === undefined ? {} : { settled };
}

function keyOf({ resource, field }: EstateChange): string {
  return `${resource} ${field}`;
}

function countByInstance(known: readonly Known[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { facts } of known) counts.set(facts.instance, (counts.get(facts.instance) ?? 0) + 1);
  return counts;
}
