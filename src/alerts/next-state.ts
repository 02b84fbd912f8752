import { HOUR, type Instant, type Millis, SECOND } from "../kit/units.ts";
import type { AlertLevel } from "../model/alert.ts";

/** Somebody has seen it. */
export interface Acknowledgement {
  at: Instant;
  by: string;
}

/** What outlives a phase. */
interface Memory {
  /** When it fired, within the window of flapping, the oldest first. */
  firings: readonly Instant[];
  /** When it last stopped firing; null: never. */
  ended: Instant | null;
  /** The number of its episode, and when that began; null: it needs a new one. */
  episode: { number: number; began: Instant } | null;
  ack: Acknowledgement | null;
  /** A person put it away: it fires only after it was well in between. */
  cleared: boolean;
}

/**
 * Where an alert is between well and not. Durations count only the time between two looks that both said so by fresh data: `at` is the
 * last look, null when nobody knew then.
 */
export type AlertState = Memory &
  (
    | { phase: "inactive" }
    | {
        phase: "pending";
        since: Instant;
        /** How long it has been so. */
        held: Millis;
        /** How long it has been so bad as to be critical; null: it is not. */
        critical: Millis | null;
        at: Instant | null;
      }
    | {
        phase: "firing";
        since: Instant;
        level: AlertLevel;
        /** How long a warning has been so bad as to be critical; null: it is not. */
        critical: Millis | null;
        flapping: boolean;
        /** How long one that flaps has been well; null: it is not. */
        well: Millis | null;
        at: Instant | null;
      }
  );

export const INACTIVE: AlertState = {
  phase: "inactive",
  firings: [],
  ended: null,
  episode: null,
  ack: null,
  cleared: false,
};

/**
 * How bad it is. `well`; `easing`: between the trigger and what clears it; `warning`; `between`: between what makes it critical and what
 * eases that; `critical`; null: nobody knows.
 */
export type Verdict = "well" | "easing" | "warning" | "between" | "critical" | null;

/** By what a state goes on. */
export interface Terms {
  /** How long it must be so before it fires. */
  hold: Millis;
  /** Fires again within it: still the same episode. */
  suppression: Millis;
  /** null: nothing flaps. */
  flapping: { threshold: number; window: Millis; cooldown: Millis } | null;
}

/** An acknowledgement holds at least so long after the alert stopped firing: one that flickers is not told anew. */
const ACK_KEPT: Millis = HOUR;
/** Between two looks no more time counts than this: nobody saw what lies between, such as while Pulse was down. */
const LONGEST_STEP: Millis = 30 * SECOND;

/** The state after `verdict`. Not knowing changes nothing: nothing fires by it, resolves by it, or gets older by it. */
export function nextState(state: AlertState, verdict: Verdict, terms: Terms, now: Instant): AlertState {
  if (verdict === null) return state.phase === "inactive" || state.at === null ? state : { ...state, at: null };
  const known = state.phase === "inactive" ? null : state.at;
  const step = known === null ? 0 : Math.min(Math.max(0, now - known), LONGEST_STEP);
  switch (state.phase) {
    case "inactive":
      if (!isBad(verdict)) return verdict === "well" && state.cleared ? { ...state, cleared: false } : state;
      if (state.cleared) return state;
      return fireWhenHeld(
        { ...state, phase: "pending", since: now, held: 0, critical: longer(null, verdict === "critical", 0), at: now },
        terms,
        now,
      );
    case "pending": {
      if (!isBad(verdict)) return { ...memoryOf(state), phase: "inactive" };
      const critical = longer(state.critical, verdict === "critical", step);
      return fireWhenHeld({ ...state, held: state.held + step, critical, at: now }, terms, now);
    }
    case "firing":
      return verdict === "well" ? whenWell(state, step, terms, now) : whenBad(state, verdict, step, terms, now);
  }
}

/** A person put it away. */
export function cleared(state: AlertState, now: Instant): AlertState {
  const memory = memoryOf(state);
  return { ...memory, phase: "inactive", ended: now, ack: null, episode: null, cleared: true };
}

/** Whether anything of it is still worth remembering at `now`. */
export function isForgotten(state: AlertState, terms: Pick<Terms, "suppression" | "flapping">, now: Instant): boolean {
  if (state.phase !== "inactive" || state.cleared) return false;
  const kept = Math.max(ACK_KEPT, terms.suppression, terms.flapping?.window ?? 0);
  return state.ended === null || now - state.ended > kept;
}

function isBad(verdict: Verdict): boolean {
  return verdict === "warning" || verdict === "between" || verdict === "critical";
}

type Pending = Extract<AlertState, { phase: "pending" }>;
type Firing = Extract<AlertState, { phase: "firing" }>;

function fireWhenHeld(state: Pending, terms: Terms, now: Instant): AlertState {
  if (state.held < terms.hold) return state;
  const { flapping, suppression } = terms;
  const recent = flapping ? [...state.firings.filter(at => now - at <= flapping.window), now] : [];
  const quietFor = state.ended === null ? Number.POSITIVE_INFINITY : now - state.ended;
  return {
    phase: "firing",
    since: now,
    level: state.critical !== null && state.critical >= terms.hold ? "critical" : "warning",
    critical: state.critical,
    flapping: flapping !== null && recent.length >= flapping.threshold,
    well: null,
    at: now,
    firings: recent,
    ended: state.ended,
    episode: quietFor <= suppression ? state.episode : null,
    ack: quietFor <= Math.max(ACK_KEPT, suppression) ? state.ack : null,
    cleared: false,
  };
}

/** One that flaps has to stay well for a while; it begins with a clean sheet then. */
function whenWell(state: Firing, step: Millis, terms: Terms, now: Instant): AlertState {
  const well = longer(state.well, true, step);
  if (state.flapping && terms.flapping && (well ?? 0) < terms.flapping.cooldown)
    return { ...state, well, critical: null, at: now };
  const memory = memoryOf(state);
  return { ...memory, phase: "inactive", ended: now, firings: state.flapping ? [] : memory.firings };
}

function whenBad(state: Firing, verdict: Verdict, step: Millis, terms: Terms, now: Instant): AlertState {
  const critical = longer(state.critical, verdict === "critical" && state.level === "warning", step);
  const worsened = critical !== null && critical >= terms.hold;
  const eased = verdict === "warning" || verdict === "easing";
  const level = worsened ? "critical" : eased ? "warning" : state.level;
  return { ...state, level, critical, well: null, at: now };
}

/** How long something has been so: from the first look that says it on. */
function longer(before: Millis | null, isSo: boolean, step: Millis): Millis | null {
  if (!isSo) return null;
  return before === null ? 0 : before + step;
}

function memoryOf({ firings, ended, episode, ack, cleared }: AlertState): Memory {
  return { firings, ended, episode, ack, cleared };
}
