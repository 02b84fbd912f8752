import type { TSchema } from "typebox";
import { equal } from "../kit/equal.ts";
import { AlertConfig, type Hysteresis, METRIC_NAMES, Thresholds } from "../model/alert-config.ts";
import { misfitsOf } from "../model/misfits.ts";

/** A change of the configuration that cannot be made; the message begins with the field's path. */
export class BadAlertConfig extends Error {
  override name = "BadAlertConfig";
  readonly path: string;
  /** What is wrong there. */
  readonly problem: string;

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.path = path;
    this.problem = problem;
  }
}

type Json = { [key: string]: unknown };

/** Records by id or tag: an entry is replaced as a whole, null takes it out. */
export const RECORDS: ReadonlySet<string> = new Set([
  "overrides",
  "tagOverrides",
  "timeThresholds",
  "metricTimeThresholds",
]);
/** What a client of the original sends when it sends everything: what is then missing in a record was taken out of it. */
const WHOLE: readonly string[] = [
  "enabled",
  "guestDefaults",
  "nodeDefaults",
  "storageDefault",
  "overrides",
  "schedule",
];
/** Two names for one thing, the one that wins first; paths from the top. */
const ALIASES: readonly (readonly [string, string])[] = [
  ["pmgThresholds", "pmgDefaults"],
  ["aggregation", "schedule.grouping"],
  ["schedule.grouping.window", "schedule.groupingWindow"],
];
/** All names of what has several. */
export const TWINS: readonly (readonly string[])[] = [
  ["pmgThresholds", "pmgDefaults"],
  ["aggregation", "schedule.grouping"],
  ["schedule.grouping.window", "schedule.groupingWindow", "aggregation.window"],
];
const METRICS: ReadonlySet<string> = new Set(METRIC_NAMES);
/** These get worse as they fall. */
const BELOW: ReadonlySet<string> = new Set(["wearout", "certificate"]);
export const ONE_PAIR: ReadonlySet<string> = new Set(["storageDefault", "datastoreDefault"]);

/**
 * The configuration after a change: what `change` names is changed, everything else stays, so a partial update wipes nothing, and sending
 * back what was read changes nothing. Throws BadAlertConfig; nothing has changed then.
 */
export function changedConfig(before: AlertConfig, change: unknown): AlertConfig {
  return merged(before, change, isObject(change) && WHOLE.every(key => key in change));
}

/** The same for what is no client's document: whatever it names, it takes nothing away. */
export function layeredConfig(below: AlertConfig, part: unknown): AlertConfig {
  return merged(below, part, false);
}

/** `whole`: what is missing in a record is taken out of it. */
function merged(before: AlertConfig, change: unknown, whole: boolean): AlertConfig {
  if (!isObject(change)) throw new BadAlertConfig("body", "must be an object");
  refuseUnknown(change, AlertConfig, "");
  const margin = typeof change.hysteresisMargin === "number" ? change.hysteresisMargin : before.hysteresisMargin;
  const entries = Object.entries(change).map(([key, value]): [string, unknown] => {
    const old = (before as Json)[key];
    if (ONE_PAIR.has(key)) return [key, mergedPair(old, value, { margin, below: false, path: key })];
    if (RECORDS.has(key)) return [key, mergedRecord(key, old, value, { margin, whole })];
    return [key, mergedFields(old, value, { margin, path: key })];
  });
  const after = inStep(before as Json, { ...before, ...Object.fromEntries(entries) });
  checkShape(after);
  checkSense(after as AlertConfig);
  return after as AlertConfig;
}

interface At {
  margin: number;
  path: string;
}

/** Objects field by field; lists and plain values as they come. Thresholds are read in all their forms. */
function mergedFields(old: unknown, value: unknown, at: At): unknown {
  if (!isObject(value)) return value;
  const base = isObject(old) ? old : {};
  const entries = Object.entries(value).map(([name, field]): [string, unknown] => {
    const key = name.endsWith("Legacy") && METRICS.has(name.slice(0, -6)) ? name.slice(0, -6) : name;
    const path = `${at.path}.${key}`;
    if (METRICS.has(key) && isThresholds(at.path))
      return [key, mergedPair(base[key], field, { margin: at.margin, below: BELOW.has(key), path })];
    return [key, mergedFields(base[key], field, { ...at, path })];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

/** Only there do "cpu" and "disk" name thresholds. */
export function isThresholds(path: string): boolean {
  return /^(\w+Defaults?|(overrides|tagOverrides)\..+)$/s.test(path) && path !== "pmgDefaults";
}

/**
 * A pair of thresholds: a plain number is the trigger alone; where only the trigger is given, `clear` lies the margin away. 0 and less is off,
 * as older clients say it.
 */
function mergedPair(old: unknown, value: unknown, { margin, below, path }: At & { below: boolean }): unknown {
  if (value === null) return null;
  const given = typeof value === "number" ? { trigger: value } : value;
  if (!isObject(given)) throw new BadAlertConfig(path, "must be a number, or an object with trigger and clear");
  const merged: Json = { ...(isObject(old) ? old : {}), ...given };
  const { trigger } = merged;
  if (typeof trigger !== "number") return merged;
  if (trigger <= 0) return { ...merged, trigger: -1, clear: typeof merged.clear === "number" ? merged.clear : -1 };
  const alone = !("clear" in given) && "trigger" in given && !(isObject(old) && old.trigger === trigger);
  return alone ? { ...merged, clear: below ? trigger + margin : Math.max(0, trigger - margin) } : merged;
}

function mergedRecord(
  key: string,
  old: unknown,
  value: unknown,
  { margin, whole }: { margin: number; whole: boolean },
): unknown {
  if (value === null) return key === "metricTimeThresholds" ? null : {};
  if (!isObject(value)) throw new BadAlertConfig(key, "must be an object");
  const entries = Object.entries(value).flatMap(([id, entry]): [string, unknown][] => {
    if (entry === null) return [];
    const path = `${key}.${id}`;
    const isRule = key === "overrides" || key === "tagOverrides";
    if (isRule && isObject(entry)) refuseUnknown(entry, Thresholds, `${path}.`);
    return [[id, isRule ? mergedFields({}, entry, { margin, path }) : entry]];
  });
  const named = new Set(Object.keys(value));
  // A whole document of an older client knows nothing of tags.
  const kept =
    whole && key !== "tagOverrides" ? [] : Object.entries(isObject(old) ? old : {}).filter(([id]) => !named.has(id));
  return inOrderOf(isObject(old) ? old : {}, [...kept, ...entries]);
}

/** The entries in the order that they had, new ones after them: what did not change is written just as it was. */
function inOrderOf(old: Json, entries: readonly [string, unknown][]): Json {
  const place = new Map(Object.keys(old).map((key, at) => [key, at]));
  const rank = ([key]: readonly [string, unknown]) => place.get(key) ?? place.size;
  return Object.fromEntries([...entries].sort((one, other) => rank(one) - rank(other)));
}

/** Of two names for one thing the one that differs from what is stored gives its value to the other. */
function inStep(before: Json, changed: Json): Json {
  let after = changed;
  for (const [first, second] of ALIASES) {
    const [one, other] = [valueAt(after, first), valueAt(after, second)];
    if (equal(one, other)) continue;
    after = equal(one, valueAt(before, first)) ? withValue(after, first, other) : withValue(after, second, one);
  }
  // The window has three names.
  const window = valueAt(after, "schedule.grouping.window");
  return equal(valueAt(after, "aggregation.window"), window) ? after : withValue(after, "aggregation.window", window);
}

function valueAt(object: Json, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), object);
}

function withValue(object: Json, path: string, value: unknown): Json {
  const [key = "", ...rest] = path.split(".");
  const inner = object[key];
  return {
    ...object,
    [key]: rest.length === 0 ? value : withValue(isObject(inner) ? inner : {}, rest.join("."), value),
  };
}

/** A setting that is misspelt must not be taken for one that was made. */
function refuseUnknown(given: Json, schema: TSchema, path: string): void {
  const { properties } = schema as unknown as { properties?: Readonly<Record<string, TSchema>> };
  if (!properties) return;
  for (const [key, value] of Object.entries(given)) {
    if (key.endsWith("Legacy") && METRICS.has(key.slice(0, -6))) continue;
    const field = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (!field) throw new BadAlertConfig(`${path}${key}`, "there is no such setting");
    const choices = (field as { anyOf?: readonly TSchema[] }).anyOf ?? [field];
    const inner = choices.find(choice => "properties" in choice);
    if (inner && isObject(value)) refuseUnknown(value, inner, `${path}${key}.`);
  }
}

function checkShape(config: unknown): void {
  const [first] = misfitsOf(AlertConfig, config);
  if (first) throw new BadAlertConfig(first.path.join(".") || "body", first.message);
}

function checkSense(config: AlertConfig): void {
  for (const [key, value] of Object.entries(config)) {
    if (ONE_PAIR.has(key)) checkPair(value as Hysteresis, false, key);
    else if (isThresholds(key)) checkThresholds(value as Thresholds, key);
  }
  for (const record of ["overrides", "tagOverrides"] as const)
    for (const [id, thresholds] of Object.entries(config[record])) checkThresholds(thresholds, `${record}.${id}`);
  const { timezone } = config.schedule.quietHours;
  if (!isTimezone(timezone))
    throw new BadAlertConfig("schedule.quietHours.timezone", `"${timezone}" is no time zone such as "Europe/Berlin"`);
}

function checkThresholds(thresholds: Thresholds, path: string): void {
  for (const metric of METRIC_NAMES) {
    const pair = thresholds[metric];
    if (pair) checkPair(pair, BELOW.has(metric), `${path}.${metric}`);
  }
}

/** Where `clear` lies beyond `trigger` an alert would never end, or end at once. */
function checkPair({ trigger, clear, critical }: Hysteresis, below: boolean, path: string): void {
  if (trigger < 0) return;
  if (below ? clear <= trigger : clear >= trigger)
    throw new BadAlertConfig(
      `${path}.clear`,
      `must be ${below ? "above" : "below"} the trigger, ${trigger}; it is ${clear}`,
    );
  if (critical === undefined || critical === null || critical < 0) return;
  if (below ? critical > trigger : critical < trigger)
    throw new BadAlertConfig(
      `${path}.critical`,
      `must not be ${below ? "above" : "below"} the trigger, ${trigger}; it is ${critical}`,
    );
}

function isTimezone(name: string): boolean {
  try {
    return name === "" || Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
