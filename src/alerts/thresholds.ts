import { type Millis, SECOND } from "../kit/units.ts";
import type { AlertLevel, ResourceType, RuleOrigin } from "../model/alert.ts";
import type { AlertConfig, CheckName, DISABLE_ALL, Hysteresis, MetricName, Thresholds } from "../model/alert-config.ts";
import type { Verdict } from "./next-state.ts";

/** Guests with this tag never alert. */
const NO_ALERTS_TAG = "pulse-no-alerts";

/** By what one signal of one resource is judged. */
export interface Rule {
  /** Why it is off, as a sentence; null: it is on. */
  off: string | null;
  origin: RuleOrigin;
  /** null: a check, or off. */
  figure: Levels | null;
  /** Of a check; null: as bad as the signal itself says. */
  level: AlertLevel | null;
  hold: Millis;
}

/** The figures that part one verdict from the next. */
export interface Levels {
  trigger: number;
  clear: number;
  critical: number | null;
  below: boolean;
}

/** What is judged: a signal of a resource. */
export interface Judged {
  id: string;
  type: ResourceType;
  tags: readonly string[];
}

type Switch = (typeof DISABLE_ALL)[number];

/** Where the configuration has what holds for a kind of resource, and what switches the whole kind off. */
const CLASSES: {
  readonly [R in ResourceType]: {
    defaults: keyof AlertConfig;
    all?: Switch;
    offline?: Switch;
    /** By what name holds are given. */
    holds: string;
  };
} = {
  instance: { defaults: "nodeDefaults", all: "disableAllNodes", offline: "disableAllNodesOffline", holds: "node" },
  node: { defaults: "nodeDefaults", all: "disableAllNodes", offline: "disableAllNodesOffline", holds: "node" },
  guest: { defaults: "guestDefaults", all: "disableAllGuests", offline: "disableAllGuestsOffline", holds: "guest" },
  storage: { defaults: "storageDefault", all: "disableAllStorage", holds: "storage" },
  "zfs-pool": { defaults: "storageDefault", all: "disableAllStorage", holds: "storage" },
  disk: { defaults: "diskDefaults", all: "disableAllNodes", holds: "disk" },
  ceph: { defaults: "cephDefaults", all: "disableAllStorage", holds: "ceph" },
  pbs: { defaults: "pbsDefaults", all: "disableAllPBS", offline: "disableAllPBSOffline", holds: "pbs" },
  datastore: { defaults: "datastoreDefault", all: "disableAllPBS", holds: "storage" },
  pmg: { defaults: "pmgThresholds", all: "disableAllPMG", offline: "disableAllPMGOffline", holds: "pmg" },
  "docker-host": {
    defaults: "dockerHostDefaults",
    all: "disableAllDockerHosts",
    offline: "disableAllDockerHostsOffline",
    holds: "docker",
  },
  "docker-container": { defaults: "dockerDefaults", all: "disableAllDockerContainers", holds: "docker" },
  "backup-job": { defaults: "pbsDefaults", all: "disableAllPBS", holds: "pbs" },
  "replication-job": { defaults: "guestDefaults", all: "disableAllGuests", holds: "guest" },
  pulse: { defaults: "nodeDefaults", holds: "pulse" },
  core: { defaults: "nodeDefaults", holds: "pulse" },
  edge: { defaults: "nodeDefaults", holds: "pulse" },
};

/** The checks by which something is not there. */
const CONNECTIVITY: ReadonlySet<string> = new Set<CheckName>([
  ...(["offline", "unreachable", "unwatched", "unheard"] as const),
  "powered-off",
]);

/** Kinds whose defaults are one pair of thresholds: that of how full they are. */
const ONE_PAIR: ReadonlySet<keyof AlertConfig> = new Set(["storageDefault", "datastoreDefault"]);

interface Layer {
  origin: RuleOrigin;
  thresholds: Thresholds;
}

/** The rule in force for a figure: what holds for the kind, for the guest's tag, for the resource itself; the last that says something. */
export function figureRule(config: AlertConfig, judged: Judged, metric: MetricName, below: boolean): Rule {
  const layers = layersOf(config, judged);
  const layer = layers.find(({ thresholds }) => thresholds[metric]);
  const pair = layer?.thresholds[metric] ?? null;
  const origin = layer?.origin ?? defaultOrigin(judged.type);
  const off = offBy(config, judged, layers, null) ?? offByPair(pair);
  const figure = off === null && pair ? toLevels(pair, below) : null;
  return { off, origin, figure, level: null, hold: figureHold(config, judged, metric) };
}

/** The rule in force for a check; each of its fields comes from the nearest that names it. */
export function checkRule(config: AlertConfig, judged: Judged, check: CheckName): Rule {
  const layers = layersOf(config, judged);
  const base = config.checks[check];
  const named = layers.filter(({ thresholds }) => thresholds.checks?.[check]);
  const first = <K extends "enabled" | "level" | "hold">(field: K) =>
    named.find(({ thresholds }) => thresholds.checks?.[check]?.[field] !== undefined)?.thresholds.checks?.[check]?.[
      field
    ];
  const severity = check === "powered-off" ? layers.find(({ thresholds }) => thresholds.poweredOffSeverity) : undefined;
  const enabled = first("enabled") ?? base.enabled;
  const off = offBy(config, judged, layers, check) ?? (enabled ? null : `The check "${check}" is switched off`);
  const origin = named[0]?.origin ?? severity?.origin ?? ({ kind: "default", of: "checks" } as const);
  const level = first("level") ?? severity?.thresholds.poweredOffSeverity ?? base.level;
  return { off, origin, figure: null, level, hold: (first("hold") ?? base.hold) * SECOND };
}

/** What a figure comes to by its rule. */
export function verdictOf(value: number | null, levels: Levels): Exclude<Verdict, null> | null {
  if (value === null) return null;
  const { below, critical } = levels;
  if (critical !== null) {
    if (isOver(value, critical, below)) return "critical";
    // What was critical eases when it has come back as far as a warning has to in order to clear.
    const eased = critical + (levels.clear - levels.trigger);
    if (isOver(value, eased, below) && isOver(value, levels.trigger, below))
      return value === eased ? "warning" : "between";
  }
  if (isOver(value, levels.trigger, below)) return "warning";
  return (below ? value >= levels.clear : value <= levels.clear) ? "well" : "easing";
}

function isOver(value: number, edge: number, below: boolean): boolean {
  return below ? value <= edge : value >= edge;
}

/** Tags as they are compared. */
export function toTags(tags: string | null): string[] {
  return tags === null ? [] : tags.split(",").map(tag => tag.trim().toLowerCase());
}

/** Whether anything in the configuration is about this very resource. */
export function hasOwnRules(config: AlertConfig, id: string): boolean {
  return (
    Object.hasOwn(config.overrides, id) ||
    Object.hasOwn(config.timeThresholds, id) ||
    Object.hasOwn(config.metricTimeThresholds ?? {}, id)
  );
}

/** Nearest first. */
function layersOf(config: AlertConfig, { id, type, tags }: Judged): Layer[] {
  const layers: Layer[] = [];
  const own = Object.hasOwn(config.overrides, id) ? config.overrides[id] : undefined;
  if (own) layers.push({ origin: { kind: "override", resourceId: id }, thresholds: own });
  const tag =
    tags.length > 0 ? Object.keys(config.tagOverrides).find(name => tags.includes(name.toLowerCase())) : undefined;
  const tagged = tag === undefined ? undefined : config.tagOverrides[tag];
  if (tag !== undefined && tagged) layers.push({ origin: { kind: "tag", tag }, thresholds: tagged });
  layers.push({ origin: defaultOrigin(type), thresholds: defaultsOf(config, type) });
  return layers;
}

function defaultOrigin(type: ResourceType): RuleOrigin {
  return { kind: "default", of: CLASSES[type].defaults };
}

function defaultsOf(config: AlertConfig, type: ResourceType): Thresholds {
  const { defaults } = CLASSES[type];
  return (ONE_PAIR.has(defaults) ? { usage: config[defaults] } : config[defaults]) as Thresholds;
}

/** Why nothing of the resource, or no connectivity of it, is judged; null: it is. */
function offBy(
  config: AlertConfig,
  { type, tags }: Judged,
  layers: readonly Layer[],
  check: CheckName | null,
): string | null {
  if (!config.enabled) return "Alerts are switched off";
  const { all, offline } = CLASSES[type];
  if (all && config[all]) return `"${all}" is on`;
  const isConnectivity = check !== null && CONNECTIVITY.has(check);
  if (isConnectivity && offline && config[offline]) return `"${offline}" is on`;
  if (tags.includes(NO_ALERTS_TAG)) return `It has the tag "${NO_ALERTS_TAG}"`;
  const by = (field: "disabled" | "disableConnectivity") =>
    layers.find(({ thresholds }) => thresholds[field] !== undefined);
  if (by("disabled")?.thresholds.disabled) return `Its alerts are switched off${where(by("disabled"))}`;
  const silent = by("disableConnectivity");
  return isConnectivity && silent?.thresholds.disableConnectivity
    ? `Alerts of its being there or not are switched off${where(silent)}`
    : null;
}

function where(layer: Layer | undefined): string {
  if (layer?.origin.kind === "tag") return ` by its tag "${layer.origin.tag}"`;
  return layer?.origin.kind === "default" ? ` for all of its kind ("${layer.origin.of}")` : "";
}

function offByPair(pair: Hysteresis | null): string | null {
  if (pair === null) return "There is no threshold for it";
  return pair.trigger < 0 ? "Its threshold is switched off" : null;
}

function toLevels({ trigger, clear, critical }: Hysteresis, below: boolean): Levels {
  return {
    trigger,
    clear,
    critical: critical === undefined || critical === null || critical < 0 ? null : critical,
    below,
  };
}

/** Whatever names the metric goes before what does not, and the resource before its kind. */
function figureHold(config: AlertConfig, { id, type }: Judged, metric: MetricName): Millis {
  const { holds } = CLASSES[type];
  const own = (record: Readonly<Record<string, number>> | undefined, key: string) =>
    record && Object.hasOwn(record, key) ? record[key] : undefined;
  const metrics = config.metricTimeThresholds ?? {};
  const seconds =
    own(metrics[id], metric) ??
    own(metrics[id], "default") ??
    own(metrics[holds], metric) ??
    own(metrics[holds], "default") ??
    own(config.timeThresholds, id) ??
    own(config.timeThresholds, holds) ??
    config.timeThreshold;
  return seconds * SECOND;
}
