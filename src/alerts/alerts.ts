import { equal } from "../kit/equal.ts";
import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { Alert, AlertEpisode, Explanation, Transition } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import type { Picture } from "../model/picture.ts";
import type { Database, Durability } from "../store/database.ts";
import { AlertTables, type EpisodeQuery, type EpisodeRow, type TransitionQuery } from "./alert-tables.ts";
import { changedConfig } from "./config-change.ts";
import { DEFAULTS } from "./defaults.ts";
import { Entries } from "./entries.ts";
import { acknowledgementOf, currentAlert, type Entry, toKept } from "./entry.ts";
import { explain } from "./explain.ts";
import { type GivenConfig, LockedAlertConfig, type Path } from "./given-config.ts";
import { joinIncidents } from "./incidents.ts";
import { Gathered, Lookups } from "./lookups.ts";
import { cleared, isForgotten } from "./next-state.ts";
import { Notebook, type Pages } from "./notebook.ts";
import { type Event, Pass } from "./pass.ts";
import { replay, type Trial, type TrialResult } from "./replay.ts";
import { Review } from "./review.ts";
import { RuleBook } from "./rule-book.ts";
import type { Context, Past } from "./signal.ts";
import type { Series } from "./usual.ts";

/** How long an alert that is over is shown as such. */
const RECENT: Millis = 10 * MINUTE;
const MOST_RECENT = 200;
/** So many steps wait for a database that refuses them; older ones are lost then, what they led to is not. */
const MOST_WAITING = 20_000;

/** An alert that is over. */
type Resolved = Alert & { resolvedTime: string };
/** What a run leaves for the next. */
interface Notes {
  notebook: Pages;
  lastPass: Instant | null;
}
/** What a person does to an alert. */
export type Action = "acknowledge" | "unacknowledge" | "clear";

export interface AlertsOptions {
  now: Instant;
  past: Past;
  /** What wins over the configuration that is kept; left out: nothing. */
  given?: GivenConfig | null;
  /** The next run goes on where this one was, whatever ended it: what is pending is kept at every pass. */
  seamless?: boolean;
}

/**
 * The alerts: judges the picture, remembers what came of it, and says what happened. What is decided is in memory first; `write` puts it
 * into the database within the caller's transaction, and until `written` is called it is written again the next time, so nothing is lost
 * while the database refuses. Deterministic: the same pictures and times give the same transitions, restarts or not.
 */
export class Alerts {
  readonly #tables: AlertTables;
  readonly #seamless: boolean;
  #startedAt: Instant;
  readonly #past: Past;
  readonly #entries = new Entries();
  readonly #notebook = new Notebook();
  readonly #gathered = new Gathered();
  readonly #given: GivenConfig | null;
  /** The configuration without what is given. */
  #kept: AlertConfig;
  #rules: RuleBook;
  readonly #review: Review;
  #number = 0;
  #lastPass: Instant | null = null;
  #lastTransition: number;
  #lastEpisode: number;
  /** What the database has not taken yet. */
  #waiting: { transition: Transition; episode: EpisodeRow }[] = [];
  #forgotten: string[] = [];
  #isUrgent = false;
  /** What is pending and has not been kept for a while. */
  #pending: Entry[] = [];
  #recent: Resolved[] = [];

  constructor(database: Database, { now, past, given, seamless = false }: AlertsOptions) {
    this.#tables = new AlertTables(database);
    this.#seamless = seamless;
    this.#startedAt = now;
    this.#past = past;
    this.#given = given ?? null;
    this.#kept = { ...DEFAULTS, ...this.#tables.config() };
    this.#rules = new RuleBook(given?.over(this.#kept) ?? this.#kept);
    const { transition, episode } = this.#tables.numbers();
    this.#lastTransition = transition;
    this.#lastEpisode = episode;
    this.#load(now);
    this.#review = new Review(this.#tables, this.#entries, this.config);
  }

  get config(): AlertConfig {
    return this.#rules.config;
  }

  /** What of the configuration cannot be changed here, and what sets it; null: nothing. */
  get locked(): { by: string; paths: readonly Path[] } | null {
    return this.#given;
  }

  /** Judges everything in the picture; what happened, the oldest first, after what the database has not taken yet. */
  evaluate(picture: Picture, now: Instant): readonly Transition[] {
    this.#number += 1;
    if (this.#seamless && this.#number === 1) this.#startedAt = this.#lastPass === null ? now : 0;
    const pass = new Pass({
      entries: this.#entries,
      rules: this.#rules,
      context: this.#context(picture, now),
      number: this.#number,
      before: this.#lastPass,
      startedAt: this.#startedAt,
      episode: () => ++this.#lastEpisode,
      oldRules: this.#review.before,
    });
    pass.judgeAll();
    pass.withdrawGone();
    const events = [...pass.events, ...joinIncidents(this.#entries, picture, this.#number, pass.step)];
    this.#lastPass = now;
    this.#review.settle();
    this.#forgotten.push(...pass.forgotten);
    this.#isUrgent ||= pass.hasReopened || pass.forgotten.length > 0;
    for (const event of events) this.#happen(event, now, null);
    this.#tidy(picture, now);
    this.#pending = [...this.#entries].filter(entry =>
      this.#seamless ? entry.state.phase === "pending" : isToBeKept(entry, now),
    );
    return this.waiting;
  }

  /** The steps that the database has not taken yet, the oldest first. */
  get waiting(): readonly Transition[] {
    return this.#waiting.map(({ transition }) => transition);
  }

  /** How safely what is to be written has to be; null: there is nothing. */
  get due(): Durability | null {
    if (this.#waiting.length > 0) return "full";
    const isDue = this.#isUrgent || this.#review.isDue || this.#pending.length > 0 || this.#seamless;
    return isDue ? "lazy" : null;
  }

  /** Writes what happened; to be called within a transaction, and `written` once that is over. */
  write(now: Instant): void {
    if (this.due === null) return;
    for (const { transition, episode } of this.#waiting) {
      this.#tables.addTransition(transition);
      this.#tables.putEpisode(episode);
      this.#tables.removeState(transition.alert.id);
    }
    for (const id of this.#forgotten) this.#tables.removeState(id);
    for (const entry of this.#pending) {
      this.#tables.putState(toKept(entry));
      entry.keptPending = now;
    }
    this.#review.write();
    if (this.#waiting.length > 0 || this.#isUrgent || this.#review.isDue)
      for (const entry of this.#entries) if (entry.unsaved) this.#tables.putState(toKept(entry));
    this.#tables.trim(now);
    if (this.#seamless) this.#putNotes();
  }

  written(): void {
    if (this.due === null) return;
    if (this.#waiting.length > 0 || this.#isUrgent || this.#review.isDue)
      for (const entry of this.#entries)
        if (entry.unsaved) Object.assign(entry, { unsaved: false, reviewKept: entry.review });
    this.#review.written();
    this.#waiting = [];
    this.#forgotten = [];
    this.#pending = [];
    this.#isUrgent = false;
  }

  /** Keeps for the next run what is on its way: what is pending, and for how long. To be called within a transaction. */
  close(now: Instant): void {
    this.write(now);
    for (const entry of this.#entries)
      this.#tables.putState({ ...toKept(entry), alert: currentAlert(entry) ?? entry.alert });
    this.#putNotes();
  }

  #putNotes(): void {
    const notes: Notes = { notebook: this.#notebook.write(), lastPass: this.#lastPass };
    this.#tables.putNotes(JSON.stringify(notes));
  }

  /** What has changed of the alerts that fire, for who shows them, since this was last called. */
  takeChanges(): { changed: readonly Alert[]; removed: readonly string[] } {
    return this.#entries.takeChanges();
  }

  /** The alerts that fire, as they are now: the worst and newest first. */
  active(): Alert[] {
    return [...this.#entries]
      .flatMap(entry => currentAlert(entry) ?? [])
      .sort(
        (one, other) =>
          compare(one.level, other.level) || compare(other.startTime, one.startTime) || compare(one.id, other.id),
      );
  }

  /** The alert of that id as it is now; null: it does not fire. */
  firing(id: string): Alert | null {
    const entry = this.#entries.get(id);
    return entry ? currentAlert(entry) : null;
  }

  /** Alerts that were over a short while ago, the newest first. */
  recentlyResolved(now: Instant): Resolved[] {
    return this.#recent.filter(
      ({ id, resolvedTime }) => now - Date.parse(resolvedTime) < RECENT && this.firing(id) === null,
    );
  }

  history(query: EpisodeQuery, now: Instant): AlertEpisode[] {
    return this.#tables.episodes(query, now);
  }

  countSince(since: Instant, resource: string | null): { fired: number; resolved: number } {
    return this.#tables.countSince(since, resource);
  }

  transitions(query: TransitionQuery): Transition[] {
    return this.#tables.transitions(query);
  }

  clearHistory(): void {
    this.#tables.clearHistory();
  }

  /** What a person does. False: no such alert fires. What is so already stays so without a word. */
  act(action: Action, id: string, user: string | null, now: Instant): boolean {
    const entry = this.#entries.get(id);
    if (entry?.state.phase !== "firing" || entry.alert === null) return false;
    const { state } = entry;
    const by = user ?? "";
    if (action === "clear") {
      entry.state = cleared(state, now);
      this.#entries.show(entry);
      this.#happen({ entry, kind: "cleared", reason: null }, now, user);
      return true;
    }
    if ((state.ack !== null) === (action === "acknowledge")) return true;
    entry.state = { ...state, ack: action === "acknowledge" ? { at: now, by } : null };
    const { ackTime: _, ackUser: __, ...alert } = entry.alert;
    entry.alert = { ...alert, ...acknowledgementOf(entry.state) };
    this.#entries.show(entry);
    this.#happen(
      { entry, kind: action === "acknowledge" ? "acknowledged" : "unacknowledged", reason: null },
      now,
      user,
    );
    return true;
  }

  /** What the configuration would be after `change`. Throws BadAlertConfig. */
  tryOut(change: unknown): AlertConfig {
    return changedConfig(this.config, change);
  }

  /** `config` with what cannot be changed here as it is, and which of that would have been otherwise. */
  spare(config: AlertConfig): { config: AlertConfig; stays: readonly Path[] } {
    const given = this.#given;
    if (!given) return { config, stays: [] };
    return { config: given.spare(config, this.config), stays: given.differing(config, this.config) };
  }

  /**
   * Changes the configuration, on the disk when this returns; false: it is that already. What fires is to be judged anew then. What is given
   * is not kept. Throws BadAlertConfig, and LockedAlertConfig for what is given.
   */
  configure(change: unknown): boolean {
    const after = this.tryOut(change);
    if (equal(after, this.config)) return false;
    const [locked] = this.#given?.differing(after, this.config) ?? [];
    if (this.#given && locked) throw new LockedAlertConfig(locked, this.#given.by);
    const kept = this.#given?.spare(after, this.#kept) ?? after;
    this.#tables.putConfig(kept);
    this.#kept = kept;
    this.#rules = new RuleBook(after);
    this.#review.change(after);
    return true;
  }

  /** Why each signal of a resource, or one, fires or does not; null: there is no such resource. `untold`: why nobody is told of an alert. */
  explain(
    { resource, type, untold }: { resource: string; type: string | null; untold: (alert: Alert) => readonly string[] },
    picture: Picture,
    now: Instant,
  ): Explanation[] | null {
    const context = this.#context(picture, now);
    return explain(resource, type, { entries: this.#entries, rules: this.#rules, context, untold });
  }

  /** When other thresholds would have fired. Throws BadAlertConfig. */
  replay(trial: Trial, picture: Picture, series: Series, now: Instant): Promise<TrialResult> {
    return replay(trial, { rules: this.#rules, picture, series, now });
  }

  #context(picture: Picture, now: Instant): Context {
    const own = { config: this.config, notebook: this.#notebook, past: this.#past };
    return { picture, now, lookups: new Lookups(picture, this.#gathered), ...own };
  }

  #load(now: Instant): void {
    const text = this.#tables.notes();
    if (text !== null) {
      const { notebook, lastPass } = JSON.parse(text) as Notes;
      this.#notebook.read(notebook);
      this.#lastPass = lastPass;
    }
    for (const kept of this.#tables.states()) {
      if (isForgotten(kept.state, this.#rules, now)) this.#forgotten.push(kept.id);
      else this.#entries.load(kept);
    }
  }

  #happen({ entry, kind, reason }: Event, at: Instant, user: string | null): void {
    const { alert, state, worst } = entry;
    if (alert === null) return;
    entry.unsaved = true;
    const transition = { number: ++this.#lastTransition, kind, at, alert, reason, user };
    const over = kind === "resolved" || kind === "withdrawn" || kind === "cleared";
    const episode = entry.episode ?? { number: ++this.#lastEpisode, began: at };
    this.#waiting.push({
      transition,
      episode: { ...episode, ended: over ? at : null, how: over ? kind : null, worst, alert },
    });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    if (!over || state.phase === "firing") return;
    this.#recent.unshift({ ...alert, resolvedTime: new Date(at).toISOString() });
    this.#recent.length = Math.min(this.#recent.length, MOST_RECENT);
  }

  #tidy(picture: Picture, now: Instant): void {
    for (const entry of [...this.#entries])
      if (isForgotten(entry.state, this.#rules, now)) {
        if (entry.state.ended !== null || entry.keptPending !== null) this.#forgotten.push(entry.id);
        // A pending one that a crash brought back would have been held for longer than it was.
        this.#isUrgent ||= entry.keptPending !== null;
        this.#entries.remove(entry);
      }
    this.#notebook.tidy(now, id => Object.hasOwn(picture.dockerContainers, id));
  }
}

/** A crash takes no more of a hold than this. */
const PENDING_KEPT: Millis = MINUTE;

/** What has just begun is not: on a large estate that is hundreds a tick, and most of them are over before long. */
function isToBeKept({ state, keptPending }: Entry, now: Instant): boolean {
  if (state.phase !== "pending") return false;
  return keptPending === null ? state.held >= PENDING_KEPT : Math.abs(now - keptPending) >= PENDING_KEPT;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
