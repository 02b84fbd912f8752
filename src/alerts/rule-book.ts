import { MINUTE, type Millis } from "../kit/units.ts";
import type { ResourceType } from "../model/alert.ts";
import type { AlertConfig } from "../model/alert-config.ts";
import { KINDS } from "./kinds.ts";
import type { Terms } from "./next-state.ts";
import type { Signal } from "./signal.ts";
import { checkRule, figureRule, hasOwnRules, type Judged, type Rule, toTags } from "./thresholds.ts";

/** Stands for all that have no rules of their own; no resource is called so. */
const NOBODY = "\n";

/**
 * The rules in force under one configuration, each found out once: resources of a kind that have the same tags, and no rules of their own,
 * share theirs.
 */
export class RuleBook {
  readonly config: AlertConfig;
  readonly suppression: Millis;
  readonly flapping: Terms["flapping"];
  readonly #known = new Map<string, readonly Rule[]>();
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
    const isOwn = this.#own && hasOwnRules(this.config, id);
    const key = isOwn ? `${type}\n${tags ?? ""}\n${id}` : tags === null ? type : `${type}\n${tags}`;
    const known = this.#known.get(key);
    if (known) return known;
    const judged = { id: isOwn ? id : NOBODY, type, tags: toTags(tags) };
    const rules = KINDS[type].signals.map(signal => this.#rule(judged, signal));
    this.#known.set(key, rules);
    return rules;
  }

  terms(rule: Rule, leastHold: Millis): Terms {
    return { hold: Math.max(rule.hold, leastHold), suppression: this.suppression, flapping: this.flapping };
  }

  #rule(judged: Judged, signal: Signal<never>): Rule {
    return signal.kind === "figure"
      ? figureRule(this.config, judged, signal.type, signal.below ?? false)
      : checkRule(this.config, judged, signal.type);
  }
}
