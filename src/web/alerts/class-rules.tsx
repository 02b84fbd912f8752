import { createMemo, For, type JSX, Show } from "solid-js";
import type { Hysteresis, MetricName, Thresholds } from "../../model/alert-config.ts";
import { Field } from "../ui/field.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { t } from "../words/words.ts";
import type { Path } from "./config-draft.ts";
import { useDraft } from "./draft-context.tsx";
import { RuleHeads, RuleRow } from "./rule-row.tsx";
import {
  CONTAINER_FIGURES,
  classPath,
  type FigureRow,
  MAIL_FIGURES,
  type ResourceClass,
  toRow,
  usualHold,
} from "./threshold-specs.ts";
import { formatValue, signalName } from "./words.ts";

/** The default thresholds of a class; folded it tells them in a line. */
export function ClassRules(props: { of: ResourceClass; children?: JSX.Element }): JSX.Element {
  const draft = useDraft();
  const path = (metric: MetricName) => classPath(props.of, metric);
  const summary = () =>
    props.of.metrics
      .flatMap(metric => {
        const one = draft.get(path(metric)) as Hysteresis | null | undefined;
        return one && one.trigger !== -1
          ? [`${signalName(metric)} ${formatValue(one.trigger, toRow(metric).unit)}`]
          : [];
      })
      .join(", ");
  const isChanged = () => draft.isChanged([props.of.key]);
  return (
    <details class="class-rules">
      <summary>
        <strong>{props.of.name}</strong>
        <span class="muted class-summary">{summary() || t("nothing")}</span>
        <Show when={draft.isAnyLocked([props.of.key])}>
          <span class="tag">{t("some set elsewhere")}</span>
        </Show>
        <Show when={isChanged()}>
          <span class="tag changed-mark">{t("changed")}</span>
        </Show>
      </summary>
      <div class="rules">
        <RuleHeads hold />
        <For each={props.of.metrics}>
          {metric => <RuleRow row={toRow(metric)} path={path(metric)} hold={holdOf(draft, props.of, metric)} />}
        </For>
      </div>
      <Show when={props.of.of === "guest"}>
        <div class="form wide">
          <PoweredOff path={["guestDefaults"]} />
        </div>
      </Show>
      {props.children}
    </details>
  );
}

/** Where the hold of a class's signal is kept, and what holds while there is none. */
function holdOf(
  draft: ReturnType<typeof useDraft>,
  one: ResourceClass,
  metric: MetricName,
): { path: Path; inherited: number } {
  return { path: ["metricTimeThresholds", one.holds, metric], inherited: usualHold(draft.config(), one) };
}

/** Whether and how badly it counts that a guest does not run. */
export function PoweredOff(props: { path: Path; inherited?: Thresholds }): JSX.Element {
  const draft = useDraft();
  const connectivity = () => [...props.path, "disableConnectivity"];
  const severity = () => [...props.path, "poweredOffSeverity"];
  const value = () => {
    if (draft.get(connectivity()) === true) return "off";
    const own = draft.get(severity()) as string | undefined;
    return own ?? (props.inherited && draft.get(connectivity()) === undefined ? "" : "warning");
  };
  const choose = (choice: string) => {
    draft.set(connectivity(), choice === "" ? undefined : choice === "off");
    draft.set(severity(), choice === "" || choice === "off" ? undefined : choice);
  };
  return (
    <Field label={t("When it is powered off or offline")}>
      {id => (
        <select
          id={id}
          value={value()}
          disabled={!draft.mayEdit(connectivity()) || !draft.mayEdit(severity())}
          onChange={event => choose(event.currentTarget.value)}
        >
          <Show when={props.inherited}>
            {inherited => (
              <option value="">
                {t("As inherited: {what}", {
                  what: inherited().disableConnectivity
                    ? t("no alert")
                    : inherited().poweredOffSeverity === "critical"
                      ? t("critical")
                      : t("a warning"),
                })}
              </option>
            )}
          </Show>
          <option value="warning">{t("A warning")}</option>
          <option value="critical">{t("Critical")}</option>
          <option value="off">{t("No alert")}</option>
        </select>
      )}
    </Field>
  );
}

/** One figure of the configuration, with its unit and what it does. */
export function Figure(props: { of: FigureRow }): JSX.Element {
  const draft = useDraft();
  return (
    <NumberField
      label={props.of.name}
      showLabel
      value={(draft.get(props.of.path) ?? null) as number | null}
      unit={props.of.unit}
      hint={lockHint(draft.lockedBy(props.of.path)) ?? props.of.hint}
      problem={draft.problemAt(props.of.path)}
      disabled={!draft.mayEdit(props.of.path)}
      onValue={value => {
        if (value !== null) draft.set(props.of.path, value);
      }}
    />
  );
}

export function ContainerFigures(): JSX.Element {
  return (
    <div class="form wide figures">
      <For each={CONTAINER_FIGURES}>{figure => <Figure of={figure} />}</For>
    </div>
  );
}

/** The limits of mail gateways. */
export function MailRules(): JSX.Element {
  const draft = useDraft();
  const isChanged = createMemo(() => draft.isChanged(["pmgThresholds"]));
  const limit = (label: string, key: string, unit: string) => (
    <NumberField
      label={label}
      value={((value: number) => (value > 0 ? value : null))((draft.get(["pmgThresholds", key]) ?? 0) as number)}
      placeholder={t("off")}
      unit={unit}
      problem={draft.problemAt(["pmgThresholds", key])}
      disabled={!draft.mayEdit(["pmgThresholds", key])}
      hint={lockHint(draft.lockedBy(["pmgThresholds", key])) ?? undefined}
      onValue={value => draft.set(["pmgThresholds", key], value ?? 0)}
    />
  );
  return (
    <details class="class-rules">
      <summary>
        <strong>{t("Mail Gateways")}</strong>
        <span class="muted class-summary">{t("queues, the oldest mail, quarantines")}</span>
        <Show when={isChanged()}>
          <span class="tag changed-mark">{t("changed")}</span>
        </Show>
      </summary>
      <div class="rules mail-rules">
        <div class="rule rule-heads" aria-hidden="true">
          <span />
          <span>{t("Warning at")}</span>
          <span>{t("Critical at")}</span>
        </div>
        <For each={MAIL_FIGURES}>
          {({ name, unit, hint, warning, critical }) => (
            <fieldset class="rule" aria-label={name}>
              <span class="rule-name" title={hint}>
                {name}
              </span>
              {limit(t("{name}: warning at", { name }), warning, unit)}
              {limit(t("{name}: critical at", { name }), critical, unit)}
            </fieldset>
          )}
        </For>
      </div>
    </details>
  );
}

function lockHint(by: string | null): string | null {
  return by === null ? null : t("Set in {by}, and changed there.", { by });
}
