import type { Instant } from "../kit/units.ts";
import type { AlertLevel, AlertUnit, ResourceType } from "../model/alert.ts";
import type { AlertConfig, CheckName, MetricName } from "../model/alert-config.ts";
import type { Picture } from "../model/picture.ts";
import type { Lookups } from "./lookups.ts";
import type { Notebook } from "./notebook.ts";
import type { Rule } from "./thresholds.ts";

/** What a resource is called, and where it is. */
export interface Subject {
  id: string;
  name: string;
  type: ResourceType;
  /** Empty: on none. */
  node: string;
  /** Empty: of none. */
  instance: string;
}

/** What a reading may look at besides its own entity. */
export interface Context {
  readonly picture: Picture;
  readonly now: Instant;
  readonly config: AlertConfig;
  readonly lookups: Lookups;
  readonly notebook: Notebook;
  /** What a metric of a resource usually is at this time of the day, or was a day ago, by the history; null: not known. */
  readonly past: Past;
}

export interface Past {
  /** The value of about a day ago; null: not known. */
  dayBefore(resource: string, metric: string, now: Instant): number | null;
  /** The band in which the values of the last weeks were at this hour; null: too little is known. */
  usual(resource: string, metric: string, now: Instant): { low: number; high: number } | null;
}

/** That something is not well. */
export interface Finding {
  level: AlertLevel;
  /** What comes after the resource's name: "is offline". */
  message: string;
}

interface Common {
  /** Says of itself when it cannot know; others know nothing of what is stale. */
  judgesStale?: true;
  /** It tells what has happened, and nothing that has to become well: it ends without a word. */
  isNews?: true;
  /** It is no outage before so many looks in a row have said so. */
  looks?: number;
}

/** A signal with a figure. */
export interface Figure<T> extends Common {
  kind: "figure";
  type: MetricName;
  /** As it begins a sentence. */
  label: string;
  unit: AlertUnit;
  /** It gets worse as it falls. */
  below?: true;
  /** In `unit`; null: nobody knows now. */
  read(entity: T, context: Context, rule: Rule): number | null;
}

/** A signal that is so or not. */
export interface Check<T> extends Common {
  kind: "check";
  type: CheckName;
  label: string;
  /** null: the source cannot say now. */
  read(entity: T, context: Context, rule: Rule): Finding | false | null;
}

export type Signal<T> = Figure<T> | Check<T>;

/** A kind of resource: which there are, and by what they are judged. */
export interface Kind<T> {
  list(picture: Picture): readonly T[];
  id(entity: T): string;
  /** Comma-joined; null: none. */
  tags(entity: T): string | null;
  isStale(entity: T): boolean;
  about(entity: T, picture: Picture): Subject;
  readonly signals: readonly Signal<T>[];
}

export function warning(message: string): Finding {
  return { level: "warning", message };
}

export function critical(message: string): Finding {
  return { level: "critical", message };
}
