import { type JSX, Show } from "solid-js";
import { MIB } from "../../kit/units.ts";
import type { Hysteresis } from "../../model/alert-config.ts";
import { formatNumber } from "../format/format.ts";
import { Icon } from "../ui/icon.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { t } from "../words/words.ts";
import type { Path } from "./config-draft.ts";
import { useDraft } from "./draft-context.tsx";
import { LockMark } from "./lock-mark.tsx";
import { type MetricRow, UNIT_SIGNS } from "./threshold-specs.ts";
import { SIGNALS } from "./words.ts";

const OFF = -1;

/** The fields of one threshold. In an override (`inherited` is given) what is empty is inherited, and stands there in grey. */
export function RuleRow(props: {
  row: MetricRow;
  path: Path;
  /** undefined: there is nothing to inherit. null: what is inherited is off. */
  inherited?: Hysteresis | null;
  /** Where its hold is kept, and what holds while that is empty, s. */
  hold?: { path: Path; inherited: number };
}): JSX.Element {
  const draft = useDraft();
  const own = () => (draft.get(props.path) ?? null) as Hysteresis | null;
  const isOverride = () => props.inherited !== undefined;
  const isInheritedOff = () => !props.inherited || props.inherited.trigger === OFF;
  const isOff = () => (own() === null ? isInheritedOff() : own()?.trigger === OFF);
  /** Figures are shown in MiB/s where they are kept in bytes a second. */
  const scale = () => (props.row.unit === "bytes/s" ? MIB : 1);
  const shown = (value: number | null | undefined) =>
    value === null || value === undefined ? null : Math.round((value / scale()) * 1000) / 1000;
  const [name, meaning] = SIGNALS[props.row.metric];
  const put = (next: Hysteresis | undefined) => draft.set(props.path, next);
  const offValue = (): Hysteresis | undefined => (own() ? { ...(own() as Hysteresis), trigger: OFF } : undefined);
  const setTrigger = (typed: number | null) => {
    if (typed === null) {
      put(isOverride() ? undefined : offValue());
      return;
    }
    const trigger = typed * scale();
    const before = own() ?? props.inherited ?? null;
    // The distance stays, as long as it makes sense.
    const margin = before && before.trigger !== OFF ? before.clear - before.trigger : defaultMargin();
    put({ ...(before ?? {}), trigger, clear: Math.max(0, trigger + margin) });
  };
  const defaultMargin = () => draft.config().hysteresisMargin * scale() * (props.row.below ? 1 : -1);
  const setClear = (typed: number | null) => {
    const before = own() ?? props.inherited;
    if (!before) return;
    put({ ...before, clear: typed === null ? before.trigger + defaultMargin() : typed * scale() });
  };
  const setCritical = (typed: number | null) => {
    const before = own() ?? props.inherited;
    if (before) put({ ...before, critical: typed === null ? null : typed * scale() });
  };
  const unit = () => UNIT_SIGNS[props.row.unit];
  const grey = (value: number | null | undefined) => {
    if (!props.inherited || isInheritedOff()) return isOverride() ? t("off") : undefined;
    const text = shown(value);
    return text === null ? t("never") : formatNumber(text);
  };
  const problem = (field: string) => draft.problemAt([...props.path, field]);
  return (
    <fieldset class="rule" classList={{ changed: draft.isChanged(props.path), off: isOff() }} aria-label={name}>
      <span class="rule-name" title={meaning}>
        {name} <span class="rule-unit">{unit()}</span>
        <LockMark path={props.path} />
        <Show when={draft.isChanged(props.path)}>
          <span class="tag changed-mark">{t("changed")}</span>
        </Show>
      </span>
      <NumberField
        label={props.row.below ? t("{name}: fires at or below", { name }) : t("{name}: fires at", { name })}
        value={own()?.trigger === OFF ? null : shown(own()?.trigger)}
        placeholder={own()?.trigger === OFF ? t("off") : (grey(props.inherited?.trigger) ?? t("off"))}
        unit={unit()}
        problem={problem("trigger") ?? draft.problemAt(props.path)}
        disabled={!draft.mayEdit(props.path)}
        onValue={setTrigger}
      />
      <NumberField
        label={t("{name}: over at", { name })}
        value={own() === null || own()?.trigger === OFF ? null : shown(own()?.clear)}
        placeholder={isOff() ? "–" : grey(props.inherited?.clear)}
        unit={unit()}
        problem={problem("clear")}
        disabled={!draft.mayEdit(props.path) || isOff()}
        onValue={setClear}
      />
      <NumberField
        label={t("{name}: critical at", { name })}
        value={own()?.trigger === OFF ? null : shown(own()?.critical)}
        placeholder={isOff() ? "–" : own() ? t("never") : (grey(props.inherited?.critical) ?? t("never"))}
        unit={unit()}
        problem={problem("critical")}
        disabled={!draft.mayEdit(props.path) || isOff()}
        onValue={setCritical}
      />
      <Show when={props.hold}>
        {hold => (
          <NumberField
            label={t("{name}: held for", { name })}
            value={(draft.get(hold().path) ?? null) as number | null}
            placeholder={String(hold().inherited)}
            unit="s"
            problem={draft.problemAt(hold().path)}
            disabled={!draft.mayEdit(hold().path) || isOff()}
            onValue={value => draft.set(hold().path, value ?? undefined)}
          />
        )}
      </Show>
      <Show
        when={own() !== null && isOverride()}
        fallback={
          <button
            type="button"
            class="icon-button"
            classList={{ unseen: isOff() || !draft.mayEdit(props.path) }}
            aria-label={t("Switch {name} off", { name })}
            title={t("Switch off")}
            onClick={() => put({ ...(own() ?? props.inherited ?? { clear: 0 }), trigger: OFF })}
          >
            <Icon name="close" />
          </button>
        }
      >
        <button
          type="button"
          class="icon-button"
          aria-label={t("Reset {name} to what is inherited", { name })}
          title={t("Reset to what is inherited")}
          disabled={!draft.mayEdit(props.path)}
          onClick={() => put(undefined)}
        >
          <Icon name="reset" />
        </button>
      </Show>
    </fieldset>
  );
}

/** What the columns of a group of `RuleRow`s are; for the eye only, each field says it itself. */
export function RuleHeads(props: { hold: boolean }): JSX.Element {
  return (
    <div class="rule rule-heads" aria-hidden="true">
      <span />
      <span>{t("Fires at")}</span>
      <span>{t("Over at")}</span>
      <span>{t("Critical at")}</span>
      <Show when={props.hold}>
        <span>{t("Held for")}</span>
      </Show>
      <span />
    </div>
  );
}
