import { type Instant, KIB, MIB, type Millis, round } from "../kit/units.ts";
import type { Alert, AlertLevel, AlertUnit, ResourceType } from "../model/alert.ts";
import { KINDS } from "./kinds.ts";
import { type AlertState, INACTIVE } from "./next-state.ts";
import type { Signal, Subject } from "./signal.ts";
import type { Rule } from "./thresholds.ts";

/** What is kept of an alert, in memory and in the database; of one that is simply well, nothing is. */
export interface Kept {
  id: string;
  resourceId: string;
  resourceType: ResourceType;
  type: string;
  state: AlertState;
  /** As it was last shown; null: it has never fired. */
  alert: Alert | null;
  /** The one that is on, or was the last; null: it has never fired. */
  episode: { number: number; began: Instant } | null;
  /** The worst of its episode. */
  worst: AlertLevel;
  /** The alert that carries it; null: none does. */
  cause: string | null;
  /** How long it has been bad since what carried it was over. */
  alone: Millis;
  /** It fires by rules that have changed since: by the present ones, no fresh data has said yet that it is bad. */
  review: boolean;
}

/** The same while the process runs. */
export interface Entry extends Kept {
  /** In `unit`, when it was last fresh. */
  value: number;
  seenAt: Instant;
  /** Of its message; checks word theirs anew each time. */
  said: string;
  /** The last pass in which its resource was there, and the last in which fresh data said that it is not well. */
  visited: number;
  judged: number;
  /** Its resource was there since the start. */
  wasThere: boolean;
  /** For how long its resource has not been there, though its instance answers. */
  absent: Millis;
  /** It differs from what the database has. */
  unsaved: boolean;
  /** Its `review` as the database has it. */
  reviewKept: boolean;
  /** When it was last kept as pending; null: it has not been. */
  keptPending: Instant | null;
}

export function newEntry(id: string, subject: Pick<Subject, "id" | "type">, type: string): Entry {
  return toEntry({
    id,
    resourceId: subject.id,
    resourceType: subject.type,
    type,
    state: INACTIVE,
    alert: null,
    episode: null,
    worst: "warning",
    cause: null,
    alone: 0,
    review: false,
  });
}

/** Earlier versions kept no `review`. */
export function toEntry(kept: Omit<Kept, "review"> & { review?: boolean }): Entry {
  const { alert, review = false } = kept;
  const seen = { value: alert?.value ?? 0, seenAt: alert ? Date.parse(alert.lastSeen) : 0, said: "" };
  const keptPending = kept.state.phase === "pending" ? (kept.state.at ?? 0) : null;
  const marks = { visited: -1, judged: -1, wasThere: false, absent: 0, unsaved: false, keptPending };
  return { ...kept, ...seen, ...marks, review, reviewKept: review };
}

export function toKept(entry: Entry): Kept {
  const { id, resourceId, resourceType, type, state, alert, episode, worst, cause, alone, review } = entry;
  return { id, resourceId, resourceType, type, state, alert, episode, worst, cause, alone, review };
}

/** How the kinds are called at the beginning of a sentence. */
const CALLED: { readonly [R in ResourceType]: string } = {
  instance: "Instance",
  node: "Node",
  guest: "Guest",
  storage: "Storage",
  "zfs-pool": "ZFS pool",
  disk: "Disk",
  ceph: "Ceph of",
  pbs: "Backup Server",
  datastore: "Datastore",
  pmg: "Mail Gateway",
  "docker-host": "Docker host",
  "docker-container": "Container",
  "backup-job": "Job",
  "replication-job": "Replication",
  pulse: "The server",
  core: "Core",
  edge: "Edge",
};

/** What is known of a resource when its alert is worded. */
export interface Facts {
  subject: Subject;
  signal: Signal<unknown>;
  rule: Rule;
  tags: readonly string[];
}

/** The alert of an entry that fires, as it is now. */
export function toAlert(entry: Entry, { subject, signal, rule, tags }: Facts, before: Alert | null): Alert {
  const { state, value, said } = entry;
  if (state.phase !== "firing") throw new TypeError(`Alert "${entry.id}" does not fire`);
  const unit = signal.kind === "figure" ? signal.unit : "state";
  const { figure } = rule;
  const threshold = figure ? (state.level === "critical" ? (figure.critical ?? figure.trigger) : figure.trigger) : 0;
  const alert = {
    id: entry.id,
    type: entry.type,
    level: state.level,
    resourceId: subject.id,
    resourceName: subject.name,
    resourceType: subject.type,
    node: subject.node,
    instance: subject.instance,
    message: messageOf(subject, signal, said, value, threshold),
    value: unit === "state" ? 1 : roundFor(unit, value),
    threshold,
    unit,
    startTime: new Date(state.episode?.began ?? state.since).toISOString(),
    lastSeen: new Date(entry.seenAt).toISOString(),
  };
  return {
    ...alert,
    ...acknowledgementOf(state),
    cause: entry.cause,
    covers: before?.covers ?? [],
    coversCount: before?.coversCount ?? 0,
    tags: [...tags],
    metadata: metadataOf(state, subject, rule, tags),
  };
}

/** The alert of an entry that fires with the value of this moment; null: it does not fire. */
export function currentAlert(entry: Entry): Alert | null {
  const { alert, state, value, seenAt } = entry;
  if (alert === null || state.phase !== "firing") return null;
  const now = { ...alert, lastSeen: new Date(seenAt).toISOString() };
  const signal = signalOf(entry.resourceType, entry.type);
  if (signal?.kind !== "figure") return now;
  const subject = { id: alert.resourceId, name: alert.resourceName, type: alert.resourceType, node: alert.node };
  const message = messageOf({ ...subject, instance: alert.instance }, signal, "", value, alert.threshold);
  return { ...now, value: roundFor(alert.unit, value), message };
}

/** The fields of an alert that say who has seen it. */
export function acknowledgementOf({ ack }: AlertState): Pick<Alert, "acknowledged" | "ackTime" | "ackUser"> {
  return ack === null
    ? { acknowledged: false }
    : { acknowledged: true, ackTime: new Date(ack.at).toISOString(), ackUser: ack.by };
}

const MONITOR_ONLY_TAG = "pulse-monitor-only";

function metadataOf(
  state: Extract<AlertState, { phase: "firing" }>,
  subject: Subject,
  { figure, hold }: Rule,
  tags: readonly string[],
): Alert["metadata"] {
  const again = state.episode !== null && state.episode.began !== state.since;
  return {
    resourceType: subject.type,
    hold: hold / 1000,
    ...(figure
      ? { clearThreshold: figure.clear, criticalThreshold: figure.critical, ...(figure.below ? { below: true } : {}) }
      : {}),
    ...(state.flapping ? { flapping: true } : {}),
    // The alert of before: which of its times this is.
    ...(again ? { again: true, firedAt: new Date(state.since).toISOString() } : {}),
    ...(tags.includes(MONITOR_ONLY_TAG) ? { monitorOnly: true } : {}),
  };
}

function messageOf(subject: Subject, signal: Signal<unknown>, said: string, value: number, threshold: number): string {
  const named = `${CALLED[subject.type]} "${subject.name}"`;
  if (signal.kind === "check") return `${named} ${said}`;
  const { unit, label } = signal;
  const whose = `${named.charAt(0).toLowerCase()}${named.slice(1)}`;
  return `${label} of ${whose} is ${format(unit, value)} (threshold ${format(unit, threshold)})`;
}

/** A figure as people read it. */
export function format(unit: AlertUnit, value: number): string {
  const rounded = roundFor(unit, value);
  switch (unit) {
    case "percent":
      return `${rounded} %`;
    case "celsius":
      return `${rounded} °C`;
    case "bytes/s":
      return value < MIB ? `${round(value / KIB, 1)} KiB/s` : `${round(value / MIB, 1)} MiB/s`;
    case "days":
      return rounded === 1 ? "1 day" : `${rounded} days`;
    case "seconds":
      return `${rounded} s`;
    case "count":
    case "state":
      return String(rounded);
  }
}

function roundFor(unit: AlertUnit, value: number): number {
  return unit === "bytes/s" ? Math.round(value) : Math.round(value * 10) / 10;
}

/** A signal by its name; null: it is none of ours any more. */
function signalOf(resourceType: ResourceType, type: string): Signal<unknown> | null {
  return (KINDS[resourceType].signals as readonly Signal<unknown>[]).find(signal => signal.type === type) ?? null;
}
