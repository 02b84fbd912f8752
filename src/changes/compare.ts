import { type Instant, MINUTE, type Millis } from "../kit/units.ts";
import type { ChangedField, ChangeValue, EstateChange } from "../model/estate-change.ts";
import type { Facts, Fields } from "./facts.ts";

/** One thing that became different. */
export interface Difference {
  field: ChangedField;
  from: ChangeValue;
  to: ChangeValue;
  at: Instant;
}

/** How exactly a start is known: uptimes are some looks old. */
const START_TOLERANCE: Millis = MINUTE;
/** Not seen for longer than that: what changed was missed. */
export const MISSED_AFTER: Millis = 3 * MINUTE;

/** When something was last seen, and the uptime that it told then; null: it told none, or nobody remembers. */
export interface LastSight {
  seen: Instant;
  ran: Millis | null;
}

/** What became different of something that was last seen as `before`, and is `now` at `at`. */
export function compare(before: Facts, now: Facts, last: LastSight, at: Instant): Difference[] {
  const { seen } = last;
  if (before.of === "guest" && before.type !== now.type) {
    // A number that was a VM and is a container now: something else.
    return [
      { field: "existence", from: "present", to: "absent", at },
      { field: "existence", from: "absent", to: "present", at },
    ];
  }
  const changed = Object.keys(now.fields).flatMap((key): Difference[] => {
    const field = key as keyof Fields;
    const [from, to] = [before.fields[field] ?? null, now.fields[field] ?? null];
    if (from === null || to === null || from === to) return [];
    return [{ field, from, to, at: field === "power" ? (within(now.started, seen, at) ?? at) : at }];
  });
  // Another image has another id.
  const isOtherImage = changed.some(({ field }) => field === "image");
  if (isOtherImage) return changed.filter(({ field }) => field !== "build");
  const restarted = rebootOf(before, now, last, at);
  return restarted === null ? changed : [...changed, restarted];
}

/** Whether all is as it was, as it nearly always is; the quick way past all else. */
export function isAsBefore(before: Facts, now: Facts): boolean {
  if (before.name !== now.name || before.type !== now.type) return false;
  for (const key in now.fields)
    if (now.fields[key as keyof Fields] !== before.fields[key as keyof Fields]) return false;
  const [was, is] = [before.started, now.started];
  return was === is || (was !== null && is !== null && Math.abs(is - was) <= toleranceOf(now));
}

/** An engine tells the very time of a start, others how long ago it was. */
function toleranceOf({ of }: Facts): Millis {
  return of === "container" ? 0 : START_TOLERANCE;
}

/** A live migration starts the clock of a VM anew: what has moved has not been rebooted. */
function rebootOf(before: Facts, now: Facts, { seen, ran }: LastSight, at: Instant): Difference | null {
  const [was, is] = [before.started, now.started];
  const { power, node } = now.fields;
  if (power !== "running" || before.fields.power !== "running" || was === null || is === null) return null;
  if (node !== before.fields.node || is - was <= toleranceOf(now)) return null;
  if (now.of === "container") return { field: "power", from: "running", to: "running", at: within(is, seen, at) ?? at };
  // What is young and tells its uptime late seems to have started anew; but it does not tell less than before.
  const isYounger = (now.ran ?? 0) < (ran ?? Number.POSITIVE_INFINITY);
  if (is < (isYounger ? seen - START_TOLERANCE : seen + START_TOLERANCE)) return null;
  return { field: "power", from: "running", to: "running", at: within(is, seen, at) ?? at };
}

function within(time: Instant | null, from: Instant, to: Instant): Instant | null {
  return time === null ? null : Math.round(Math.min(to, Math.max(from, time)));
}

/** Facts as they go on: what is unknown now stays as it was last known, so that it shows when it is known again and another. */
export function carryOn(before: Facts, now: Facts): Facts {
  if (before.type !== now.type) return now;
  const fields: Record<string, ChangeValue> = { ...before.fields };
  for (const [field, value] of Object.entries(now.fields)) if (value !== null) fields[field] = value;
  return { ...now, fields, started: now.started ?? before.started };
}

/** Whether `now` is worth writing: another start alone is what an uptime that lags looks like. */
export function differs(before: Facts, now: Facts): boolean {
  const fields = Object.keys({ ...before.fields, ...now.fields }) as (keyof Fields)[];
  return (
    before.name !== now.name || before.type !== now.type || fields.some(it => before.fields[it] !== now.fields[it])
  );
}

/** How long after a change another of the same kind to the same thing is the same news. */
const SAME_NEWS: Millis = 60 * MINUTE;

/** One change that stands for `earlier` and `later`, of the same field of the same thing; null: they are two. */
export function merged(earlier: EstateChange, later: EstateChange): EstateChange | null {
  if (later.at - earlier.at > SAME_NEWS) return null;
  const { began, from, times, missed, after } = earlier;
  return { ...later, began, from, times: times + later.times, missed: later.missed ?? missed, after };
}
