import { HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { AlertLevel, ResourceType, TransitionKind } from "../model/alert.ts";
import { dockerHostOf } from "../model/ids.ts";
import type { Picture } from "../model/picture.ts";
import type { Entries } from "./entries.ts";
import { type Entry, type Facts, toAlert } from "./entry.ts";
import { KINDS } from "./kinds.ts";
import { knowsMembers } from "./member-signals.ts";
import { type AlertState, INACTIVE, nextState, type Verdict } from "./next-state.ts";
import type { RuleBook, Ruled } from "./rule-book.ts";
import type { Context, Kind, Signal } from "./signal.ts";
import { type Rule, toTags, verdictOf } from "./thresholds.ts";

/** What is gone for longer than this is gone for good… */
const GONE_AFTER: Millis = MINUTE;
/** …but what comes on rounds may not have been looked for yet since the start. */
const ROUNDS: Millis = HOUR;
const ON_ROUNDS: ReadonlySet<ResourceType> = new Set(["disk", "zfs-pool", "ceph", "backup-job", "replication-job"]);
/** Between two passes no more time counts than this. */
const LONGEST_STEP: Millis = 30 * SECOND;
/** A rate moves by this share of its threshold before it is shown anew. */
const RATE_DELTA = 0.1;

type Firing = Extract<AlertState, { phase: "firing" }>;

/** A signal of an entity that is judged. */
interface Of {
  kind: Kind<unknown>;
  entity: unknown;
  signal: Signal<unknown>;
  rule: Rule;
}

/** Something that happened to an alert in a pass. */
export interface Event {
  entry: Entry;
  kind: TransitionKind;
  reason: string | null;
}

export interface PassOptions {
  entries: Entries;
  rules: RuleBook;
  context: Context;
  /** Rises by one a pass. */
  number: number;
  /** When the pass before was; null: there was none. */
  before: Instant | null;
  startedAt: Instant;
  /** The number that the next episode gets. */
  episode: () => number;
  /** The rules until now, when they have changed: what is under review and would still fire by them has not become well. */
  oldRules: RuleBook | null;
}

/** One look at everything in the picture. */
export class Pass {
  readonly events: Event[] = [];
  /** What is kept of one that does not fire is no longer so: one that was put away may fire again, one that was pending is well. */
  hasReopened = false;
  /** What is remembered no longer of alerts that did not fire. */
  readonly forgotten: string[] = [];
  readonly #options: PassOptions;
  readonly now: Instant;
  readonly step: Millis;

  constructor(options: PassOptions) {
    this.#options = options;
    this.now = options.context.now;
    this.step = options.before === null ? 0 : Math.min(Math.max(0, this.now - options.before), LONGEST_STEP);
  }

  judgeAll(): void {
    for (const type of Object.keys(KINDS) as ResourceType[]) this.#judgeKind(type, KINDS[type]);
  }

  #judgeKind(type: ResourceType, kind: Kind<unknown>): void {
    const { rules, entries, number, context } = this.#options;
    for (const entity of kind.list(context.picture)) {
      const id = kind.id(entity);
      const isStale = kind.isStale(entity);
      const known = entries.of(id);
      if (!known) {
        this.#judgeWell(kind, entity, rules.on(type, id, kind.tags(entity)), isStale);
        continue;
      }
      // An earlier version may have left alerts of signals that are no longer there.
      for (const entry of known.values())
        if (kind.signals.some(signal => signal.type === entry.type)) visit(entry, number);
      const own = rules.of(type, id, kind.tags(entity));
      for (let place = 0; place < own.length; place++) {
        const signal = kind.signals[place];
        const rule = own[place];
        if (!signal || !rule) continue;
        const entry = known.get(signal.type);
        const isUnknown = isStale && !signal.judgesStale;
        if (rule.off !== null) {
          if (entry) this.withdraw(entry, rule.off);
        } else if (entry)
          this.#judge({ kind, entity, signal, rule }, isUnknown ? null : judged(signal, rule, entity, context), entry);
        else if (!isUnknown) this.#judgeWell(kind, entity, [{ signal, rule }], false);
      }
    }
  }

  /** Judges signals that were well. NOTE: nearly all are, and still are: of tens of thousands nothing is made on the way. */
  #judgeWell(kind: Kind<unknown>, entity: unknown, ruled: readonly Ruled[], isStale: boolean): void {
    const { context } = this.#options;
    for (const { signal, rule } of ruled) {
      if (isStale && !signal.judgesStale) continue;
      const worry = worryOf(signal, rule, entity, context);
      if (worry) this.#judge({ kind, entity, signal, rule }, worry, undefined);
    }
  }

  #judge(of: Of, reading: Judgement | null, known: Entry | undefined): void {
    const { context, rules, entries, number } = this.#options;
    const { kind, entity, signal, rule } = of;
    const before = known?.state ?? INACTIVE;
    const subject = kind.about(entity, context.picture);
    const terms = rules.terms(rule, leastHold(signal, subject.instance, context.picture));
    const after = nextState(before, reading?.verdict ?? null, terms, this.now);
    if (!known && after.phase === "inactive") return;
    const entry = known ?? entries.begin(subject, signal.type);
    visit(entry, number);
    entry.state = after;
    const wasKept = entry.keptPending !== null && after.phase !== "pending" && after.ended !== null;
    if (wasKept) entry.keptPending = null;
    if ((before.cleared && !after.cleared) || (wasKept && after.phase === "inactive")) {
      entry.unsaved = true;
      this.hasReopened = true;
    }
    if (reading !== null && isBad(reading.verdict))
      Object.assign(entry, {
        value: reading.value,
        said: reading.said,
        seenAt: this.now,
        judged: number,
        review: false,
      });
    if (after.phase === "firing")
      this.#goOn(entry, before, after, { subject, signal, rule, tags: toTags(kind.tags(entity)) });
    else if (before.phase === "firing") this.#stop(entry, of);
  }

  /** It is well; or it would not be, had the rules stayed as they were: then nobody is told that it is. */
  #stop(entry: Entry, of: Of): void {
    const { context } = this.#options;
    const oldRules = entry.review ? this.#options.oldRules : null;
    const { kind, entity, signal } = of;
    const place = kind.signals.indexOf(signal);
    const rule = oldRules?.of(entry.resourceType, entry.resourceId, kind.tags(entity))[place];
    const reading = rule && oldRules ? judged(signal, rule, entity, { ...context, config: oldRules.config }) : null;
    if (signal.isNews) this.#end(entry, "withdrawn", "It was news, and is no more");
    else if (!oldRules || reading?.verdict === "well") this.#end(entry, "resolved", null);
    else this.#end(entry, "withdrawn", "By the rules as they are now it does not fire");
  }

  /** It fires: says what is new about it, and shows it when it looks different. */
  #goOn(entry: Entry, before: AlertState, state: Firing, facts: Facts): void {
    const kind = kindOf(before, state.level);
    if (kind === "fired") this.#fire(entry, state);
    if (state.level === "critical") entry.worst = "critical";
    if (kind !== null) this.events.push({ entry, kind, reason: kind === "fired" ? reasonOf(before, state) : null });
    else if (entry.judged !== this.#options.number || !this.#looksDifferent(entry, facts)) return;
    entry.alert = toAlert(entry, facts, entry.alert);
    this.#options.entries.show(entry);
  }

  #fire(entry: Entry, state: Firing): void {
    const episode = state.episode ?? { number: this.#options.episode(), began: state.since };
    if (state.episode === null) Object.assign(entry, { worst: state.level, alert: null });
    entry.state = { ...state, episode };
    // Whether it is part of an incident is found out anew.
    Object.assign(entry, { episode, cause: null, alone: 0 });
  }

  /** A value that moves a little is not worth a step of the picture. */
  #looksDifferent(entry: Entry, { subject, signal, rule, tags }: Facts): boolean {
    const { alert, value, said } = entry;
    if (!alert || alert.node !== subject.node || alert.resourceName !== subject.name) return true;
    if (signal.kind === "check") return !alert.message.endsWith(` ${said}`) || alert.tags.length !== tags.length;
    const { minimumDelta } = this.#options.rules.config;
    const delta = signal.unit === "bytes/s" ? alert.threshold * RATE_DELTA : minimumDelta;
    return (
      Math.abs(value - alert.value) >= Math.max(delta, Number.EPSILON) ||
      alert.metadata.clearThreshold !== rule.figure?.clear ||
      alert.metadata.criticalThreshold !== rule.figure?.critical ||
      alert.tags.length !== tags.length
    );
  }

  /** Takes an alert back without a word that all is well. */
  withdraw(entry: Entry, reason: string): void {
    if (entry.state.phase === "firing") {
      entry.state = { ...INACTIVE };
      this.#end(entry, "withdrawn", reason);
    } else if (entry.state.ended !== null || entry.keptPending !== null) this.forgotten.push(entry.id);
    this.#options.entries.remove(entry);
  }

  #end(entry: Entry, kind: TransitionKind, reason: string | null): void {
    this.events.push({ entry, kind, reason });
    this.#options.entries.show(entry);
  }

  /** Takes back the alerts of what is not in the picture any more, once that is certain. */
  withdrawGone(): void {
    const { entries, number, startedAt } = this.#options;
    const missing = [...entries].filter(({ visited }) => visited !== number);
    for (const entry of missing.sort((one, other) => (one.id < other.id ? -1 : 1))) {
      const away = this.#away(entry);
      if (away === "unknown") continue;
      entry.absent += this.step;
      const patience = entry.wasThere || !ON_ROUNDS.has(entry.resourceType) ? GONE_AFTER : ROUNDS;
      if (away === "removed" || (entry.absent >= patience && this.now - startedAt >= patience))
        this.withdraw(entry, "It is not there any more");
    }
  }

  /** Why a resource is not in the picture: its instance was removed, or it answers and does not name it; or nobody knows yet. */
  #away({ alert, resourceId, resourceType }: Entry): "removed" | "gone" | "unknown" {
    const { picture } = this.#options.context;
    if (resourceType === "docker-host") return "gone";
    if (resourceType === "core" || resourceType === "edge") return knowsMembers(picture, this.now) ? "gone" : "unknown";
    if (resourceType === "docker-container") {
      const host = picture.dockerHosts[dockerHostOf(resourceId)];
      return !host ? "gone" : host.stale ? "unknown" : "gone";
    }
    const instance = picture.instances[alert?.instance ?? (resourceId.split(":")[0] as string)];
    if (!instance) return "removed";
    return instance.status === "online" ? "gone" : "unknown";
  }
}

function visit(entry: Entry, pass: number): void {
  entry.visited = pass;
  entry.wasThere = true;
  entry.absent = 0;
}

/** What a reading comes to. */
export interface Judgement {
  verdict: Exclude<Verdict, null>;
  value: number;
  said: string;
}

/** What a signal of an entity comes to by its rule; null: nobody knows. */
export function judged(signal: Signal<unknown>, rule: Rule, entity: unknown, context: Context): Judgement | null {
  if (signal.kind === "figure") {
    const value = signal.read(entity, context, rule);
    const verdict = value === null || !rule.figure ? null : verdictOf(value, rule.figure);
    return verdict === null || value === null ? null : { verdict, value, said: "" };
  }
  const finding = signal.read(entity, context, rule);
  if (finding === null) return null;
  if (finding === false) return WELL;
  return { verdict: rule.level ?? finding.level, value: 1, said: finding.message };
}

/** The same of what is not well, and is not easing; null: there is nothing of that. */
function worryOf(signal: Signal<unknown>, rule: Rule, entity: unknown, context: Context): Judgement | null {
  if (signal.kind === "check") {
    const finding = signal.read(entity, context, rule);
    return finding ? { verdict: rule.level ?? finding.level, value: 1, said: finding.message } : null;
  }
  const value = signal.read(entity, context, rule);
  if (value === null || !rule.figure) return null;
  const verdict = verdictOf(value, rule.figure);
  return verdict === null || verdict === "well" || verdict === "easing" ? null : { verdict, value, said: "" };
}

const WELL: Judgement = { verdict: "well", value: 0, said: "" };

function isBad(verdict: Verdict): boolean {
  return verdict !== "well" && verdict !== null;
}

/** How long it takes until as many looks as the signal needs have said so. */
export function leastHold({ looks = 1 }: Signal<unknown>, instance: string, { instances }: Picture): Millis {
  return looks > 1 ? (instances[instance]?.interval ?? 0) * (looks - 0.5) : 0;
}

function kindOf(before: AlertState, level: AlertLevel): TransitionKind | null {
  if (before.phase !== "firing") return "fired";
  if (before.level === level) return null;
  return level === "critical" ? "worsened" : "eased";
}

function reasonOf(before: AlertState, state: Firing): string | null {
  if (state.flapping) return "It comes and goes: it is told once, until it has stayed well for a while";
  if (state.episode !== null && before.episode !== null) return "It is so again shortly after it had resolved";
  return null;
}
