import { type Millis, SECOND, spanText } from "../kit/units.ts";
import type { Alert, Explanation } from "../model/alert.ts";
import { alertId } from "../model/ids.ts";
import type { Entries } from "./entries.ts";
import { format } from "./entry.ts";
import { KINDS } from "./kinds.ts";
import { type AlertState, INACTIVE } from "./next-state.ts";
import { type Judgement, judged, leastHold } from "./pass.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Context, Kind, Signal } from "./signal.ts";
import type { Rule } from "./thresholds.ts";

export interface ExplainOptions {
  entries: Entries;
  rules: RuleBook;
  context: Context;
  /** Why nobody is told of an alert, a sentence each, by whom that is known. */
  untold: (alert: Alert) => readonly string[];
}

/** Why each signal of a resource, or one of them, fires or does not: by the very functions that decide it. null: no such resource. */
export function explain(resource: string, type: string | null, options: ExplainOptions): Explanation[] | null {
  for (const kind of Object.values(KINDS) as Kind<unknown>[]) {
    const entity = kind.list(options.context.picture).find(one => kind.id(one) === resource);
    if (entity !== undefined)
      return kind.signals
        .map((signal, place) => ({ signal, place }))
        .filter(({ signal }) => type === null || signal.type === type)
        .flatMap(({ signal, place }) => explainSignal(kind, entity, signal, place, options));
  }
  return null;
}

function explainSignal(
  kind: Kind<unknown>,
  entity: unknown,
  signal: Signal<unknown>,
  place: number,
  { entries, rules, context, untold }: ExplainOptions,
): Explanation[] {
  const subject = kind.about(entity, context.picture);
  const rule = rules.of(subject.type, subject.id, kind.tags(entity))[place];
  if (!rule) return [];
  const entry = entries.of(subject.id)?.get(signal.type);
  const state = entry?.state ?? INACTIVE;
  const stale = kind.isStale(entity) && !signal.judgesStale;
  const reading = stale || rule.off !== null ? null : judged(signal, rule, entity, context);
  const hold = Math.max(rule.hold, leastHold(signal, subject.instance, context.picture));
  const { figure } = rule;
  const cooldown = rules.flapping?.cooldown ?? 0;
  return [
    {
      alertId: alertId(subject.id, signal.type),
      resourceId: subject.id,
      resourceName: subject.name,
      resourceType: subject.type,
      type: signal.type,
      unit: signal.kind === "figure" ? signal.unit : "state",
      enabled: rule.off === null,
      origin: rule.origin,
      trigger: figure?.trigger ?? null,
      clear: figure?.clear ?? null,
      critical: figure?.critical ?? null,
      below: figure?.below ?? false,
      hold: hold / SECOND,
      value: reading?.value ?? null,
      stale,
      phase: state.phase,
      level: state.phase === "firing" ? state.level : null,
      since: state.phase === "inactive" ? null : state.since,
      suppressedBy: suppressions(rule, state, entry?.alert ?? null, untold),
      wouldTake: wouldTake({ signal, rule, state, reading, hold, cooldown }),
    },
  ];
}

function suppressions(rule: Rule, state: AlertState, alert: Alert | null, untold: ExplainOptions["untold"]): string[] {
  const found = rule.off === null ? [] : [rule.off];
  if (state.cleared) found.push("It was cleared: it fires only after it was well in between");
  if (state.phase !== "firing" || alert === null) return found;
  if (state.flapping) found.push("It comes and goes: it is told once, until it has stayed well for a while");
  return [...found, ...untold(alert)];
}

interface Situation {
  signal: Signal<unknown>;
  rule: Rule;
  state: AlertState;
  reading: Judgement | null;
  hold: Millis;
  cooldown: Millis;
}

/** What would have to happen for it to change, as a sentence. */
function wouldTake({ signal, rule, state, reading, hold, cooldown }: Situation): string {
  if (rule.off !== null) return `It would have to be switched on: ${rule.off}`;
  const known = reading === null ? "Nobody knows just now how it is; once that is known, " : "";
  const sentence = (text: string) => (known === "" ? text.charAt(0).toUpperCase() + text.slice(1) : known + text);
  if (state.phase === "firing") {
    if (state.flapping) return sentence(`it resolves when it has stayed well for ${spanText(cooldown)}`);
    return sentence(`it resolves ${whenWell(signal, rule)}`);
  }
  if (state.cleared) return sentence("it may fire again after it was well in between");
  if (state.phase === "pending")
    return sentence(`it fires when it has been so for ${spanText(Math.max(0, hold - state.held))} more`);
  return sentence(`it fires ${whenBad(signal, rule)}${hold > 0 ? `, once it has been so for ${spanText(hold)}` : ""}`);
}

function whenBad(signal: Signal<unknown>, { figure }: Rule): string {
  if (signal.kind === "check" || figure === null) return "when it is so";
  return `at ${format(signal.unit, figure.trigger)} or ${figure.below ? "less" : "more"}`;
}

function whenWell(signal: Signal<unknown>, { figure }: Rule): string {
  if (signal.kind === "check" || figure === null) return "when it is no longer so";
  return `at ${format(signal.unit, figure.clear)} or ${figure.below ? "more" : "less"}`;
}
