import { MINUTE, type Millis } from "../kit/units.ts";
import type { ResourceType } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import { KINDS } from "./kinds.ts";
import type { Terms } from "./next-state.ts";
import type { Signal } from "./signal.ts";
import { checkRule, figureRule, hasOwnRules, type Judged, type Rule, toTags } from "./thresholds.ts";

/** A signal that is judged, and by what. */
export interface Ruled {
  signal: Signal<unknown>;
  rule: Rule;
}

/** Stands for all that have no rules of their own; no resource is called so. */
const NOBODY = "\n";

interface Known {
  all: readonly Rule[];
  on: readonly Ruled[];
}

/**
 * The rules in force under one configuration, each found out once: resources of a kind that have the same tags, and no rules of their own,
 * share theirs.
 */
export class RuleBook {
  readonly config: AlertConfig;
  readonly suppression: Millis;
  readonly flapping: Terms["flapping"];
  readonly #known = new Map<ResourceType, Map<string | null, Known>>();
  /** Has a rule, an override or a hold for any single resource. */
  readonly #own: boolean;

  constructor(config: AlertConfig) {
    this.config = config;
    this.suppression = config.suppressionWindow * MINUTE;
    const { enabled, threshold, window, cooldown } = config.flapping;
    this.flapping = enabled ? { threshold, window: window * MINUTE, cooldown: cooldown * MINUTE } : null;
    this.#own =
      Object.keys(config.overrides).length +
        Object.keys(config.timeThresholds).length +
        Object.keys(config.metricTimeThresholds ?? {}).length >
      0;
  }

  /** The rule of each signal of a resource, in the order of its kind's signals. */
  of(type: ResourceType, id: string, tags: string | null): readonly Rule[] {
    return this.#of(type, id, tags).all;
  }

  /** Those of them that are not off, with their signals. */
  on(type: ResourceType, id: string, tags: string | null): readonly Ruled[] {
    return this.#of(type, id, tags).on;
  }

  #of(type: ResourceType, id: string, tags: string | null): Known {
    const isOwn = this.#own && hasOwnRules(this.config, id);
    const key = isOwn ? `\n${id}\n${tags ?? ""}` : tags;
    const ofType = this.#known.get(type) ?? new Map<string | null, Known>();
    this.#known.set(type, ofType);
    const known = ofType.get(key);
    if (known) return known;
    const judged = { id: isOwn ? id : NOBODY, type, tags: toTags(tags) };
    const signals: readonly Signal<unknown>[] = KINDS[type].signals;
    const ruled = signals.map(signal => ({ signal, rule: this.#rule(judged, signal) }));
    const made = { all: ruled.map(({ rule }) => rule), on: ruled.filter(({ rule }) => rule.off === null) };
    ofType.set(key, made);
    return made;
  }

  terms(rule: Rule, leastHold: Millis): Terms {
    return { hold: Math.max(rule.hold, leastHold), suppression: this.suppression, flapping: this.flapping };
  }

  #rule(judged: Judged, signal: Signal<unknown>): Rule {
    return signal.kind === "figure"
      ? figureRule(this.config, judged, signal.type, signal.below ?? false)
      : checkRule(this.config, judged, signal.type);
  }
}
