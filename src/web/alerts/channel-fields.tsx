import { createSignal, createUniqueId, type JSX, Show } from "solid-js";
import { createStore, reconcile, type SetStoreFunction, unwrap } from "solid-js/store";
import type { AlertLevel } from "../../model/alert.ts";
import { isRefused } from "../live/ask.ts";
import { Field } from "../ui/field.tsx";
import { Problem } from "../ui/form-end.tsx";
import { guardUnsaved } from "../ui/url-state.ts";
import { t } from "../words/words.ts";

/** A form's fields as they are typed; what comes from the server never overwrites them. */
export interface FormDraft<T extends object> {
  fields: T;
  set: SetStoreFunction<T>;
  isChanged: () => boolean;
  problem: () => string | null;
  busy: () => boolean;
  save: (event?: SubmitEvent) => Promise<void>;
  revert: () => void;
}

/** `send` answers as `ask` does. `toFields` is read once, and anew after saving and reverting. */
export function createForm<T extends object>(
  toFields: () => T,
  send: (fields: T) => Promise<unknown>,
  onSaved: () => void,
): FormDraft<T> {
  const [before, setBefore] = createSignal(toFields(), { equals: false });
  const [fields, set] = createStore<T>(structuredClone(before()));
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const isChanged = () => JSON.stringify(fields) !== JSON.stringify(before());
  guardUnsaved(isChanged);
  const save = async (event?: SubmitEvent) => {
    event?.preventDefault();
    setBusy(true);
    const sent = structuredClone(unwrap(fields));
    const said = await send(sent);
    setBusy(false);
    setProblem(isRefused(said) ? said.error : null);
    if (isRefused(said)) return;
    setBefore(() => sent);
    onSaved();
  };
  const revert = () => {
    setProblem(null);
    set(reconcile(structuredClone(before())));
  };
  return { fields, set, isChanged, problem, busy, save, revert };
}

/** From which level on, and whether the end is told too. */
export function ChoiceFields(props: {
  minLevel: AlertLevel | undefined;
  sendResolved: boolean | undefined;
  onMinLevel: (level: AlertLevel) => void;
  onSendResolved: (isOn: boolean) => void;
}): JSX.Element {
  return (
    <>
      <Field label={t("Tells of")}>
        {id => (
          <select
            id={id}
            value={props.minLevel ?? "warning"}
            onChange={event => props.onMinLevel(event.currentTarget.value as AlertLevel)}
          >
            <option value="warning">{t("Warnings and what is critical")}</option>
            <option value="critical">{t("Only what is critical")}</option>
          </select>
        )}
      </Field>
      <Check
        label={t("Tells when all is well again")}
        checked={props.sendResolved ?? true}
        onChecked={props.onSendResolved}
      />
    </>
  );
}

export function Check(props: {
  label: JSX.Element;
  checked: boolean;
  onChecked: (isOn: boolean) => void;
  hint?: string;
  disabled?: boolean;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.checked}
        disabled={props.disabled ?? false}
        aria-describedby={props.hint ? id : undefined}
        onChange={event => props.onChecked(event.currentTarget.checked)}
      />
      <span>
        {props.label}
        <Show when={props.hint}>
          <span class="hint" id={id}>
            {props.hint}
          </span>
        </Show>
      </span>
    </label>
  );
}

/** Save and what else a form can do; says what went wrong. */
export function FormButtons(props: {
  draft: Pick<FormDraft<object>, "busy" | "isChanged" | "problem" | "revert">;
  saves?: string;
  children?: JSX.Element;
}): JSX.Element {
  return (
    <>
      <Problem why={props.draft.problem()} />
      <div class="form-buttons">
        <button type="submit" class="button primary" disabled={props.draft.busy() || !props.draft.isChanged()}>
          {props.saves ?? t("Save")}
        </button>
        <Show when={props.draft.isChanged()}>
          <button type="button" class="button quiet" onClick={() => props.draft.revert()}>
            {t("Revert")}
          </button>
        </Show>
        {props.children}
        <Show when={props.draft.isChanged()}>
          <span class="tag changed-mark">{t("not saved")}</span>
        </Show>
      </div>
    </>
  );
}
