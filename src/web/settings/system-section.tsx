import { createEffect, createSignal, For, type JSX, Match, on, Show, Switch } from "solid-js";
import { createStore, reconcile } from "solid-js/store";
import type { SystemChange } from "../../model/system-settings.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Field } from "../ui/field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { OnlyFor } from "../ui/states.tsx";
import { guardUnsaved } from "../ui/url-state.ts";
import { t, told } from "../words/words.ts";
import { changeSystem, readSystem, type SystemAnswer } from "./system-api.ts";
import { SETTING_GROUPS, type SettingField, type SettingGroup } from "./system-fields.ts";

type Entered = Record<string, string | boolean>;

/** The settings of the whole server. */
export function SystemSection(): JSX.Element {
  return <SystemForm groups={SETTING_GROUPS} label={t("System settings")} />;
}

/** Some of the system settings. What environment or pulse.yaml set is shown, and cannot be changed here. */
export function SystemForm(props: {
  groups: readonly SettingGroup[];
  label: string;
  onSaved?: () => void;
}): JSX.Element {
  const live = useLive();
  const isOfEdges = ({ ofEdges }: SettingGroup) => ofEdges !== undefined && live.session()?.several === true;
  const fields = props.groups.flatMap(group => group.fields);
  const settings = createReading(readSystem);
  const [entered, enter] = createStore<Entered>({});
  const [said, say] = createSignal<{ good: boolean; text: string } | null>(null);
  const may = () => live.session()?.may.includes("admin") ?? false;
  const isChanged = (known: SystemAnswer) => Object.keys(toChange(entered, known, fields)).length > 0;
  guardUnsaved(() => {
    const known = settings.told();
    return known !== null && isChanged(known);
  });
  createEffect(
    on(settings.told, (known, before) => {
      // What somebody is entering stays when the settings are read anew.
      if (known && (!before || !isChanged(before))) enter(reconcile(toEntered(known, fields)));
    }),
  );
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const known = settings.told();
    if (!known) return;
    const change = toChange(entered, known, fields);
    const answer = await changeSystem(change);
    say(isRefused(answer) ? { good: false, text: answer.error } : { good: true, text: `${told(answer.message)}.` });
    if (isRefused(answer)) return;
    settings.put({ ...known, ...change } as SystemAnswer);
    settings.again();
    props.onSaved?.();
  };
  return (
    <Loaded reading={settings} what={t("The settings cannot be read now")} lines={12}>
      {known => (
        <form class="settings-form" aria-label={props.label} onSubmit={event => void save(event)}>
          <For each={props.groups}>
            {group => (
              <Panel
                id={`system-${group.title.split(" ")[0]?.toLowerCase()}`}
                title={group.title}
                help={group.help}
                docs={group.docs}
              >
                <Show when={!isOfEdges(group)} fallback={<p class="panel-note muted">{group.ofEdges}</p>}>
                  <div class="form settings-grid">
                    <For each={group.fields}>
                      {field => (
                        <SettingInput
                          field={field}
                          value={entered[field.field] ?? ""}
                          lockedBy={known().lockedBy[field.field] ?? null}
                          may={may()}
                          onValue={value => enter(field.field, value)}
                        />
                      )}
                    </For>
                  </div>
                </Show>
              </Panel>
            )}
          </For>
          <div class="form-buttons settings-save">
            <OnlyFor right="admin" text={t("Only an administrator can change these settings.")} />
            <Show when={may()}>
              <button type="submit" class="button primary">
                {t("Save")}
              </button>
            </Show>
            <span role="status">
              <Show when={said()}>
                {message => <span class={message().good ? "form-good" : "form-problem"}>{message().text}</span>}
              </Show>
            </span>
          </div>
        </form>
      )}
    </Loaded>
  );
}

function SettingInput(props: {
  field: SettingField;
  value: string | boolean;
  lockedBy: string | null;
  may: boolean;
  onValue: (value: string | boolean) => void;
}): JSX.Element {
  const fixed = () => !props.may || props.lockedBy !== null;
  const hint = () =>
    props.lockedBy === null
      ? props.field.hint
      : t("Set by {lockedBy}, and changed there.", { lockedBy: props.lockedBy });
  const label = () => (props.field.unit ? `${props.field.label} (${props.field.unit})` : props.field.label);
  return (
    <Field label={label()} hint={hint()}>
      {(id, hintId) => (
        <Switch
          fallback={
            <input
              id={id}
              type="text"
              inputMode={props.field.unit ? "decimal" : "text"}
              autocomplete="off"
              spellcheck={false}
              disabled={fixed()}
              placeholder={props.field.placeholder}
              aria-describedby={hint() ? hintId : undefined}
              value={String(props.value)}
              onInput={event => props.onValue(event.currentTarget.value)}
            />
          }
        >
          <Match when={props.field.isFlag}>
            <select
              id={id}
              disabled={fixed()}
              aria-describedby={hint() ? hintId : undefined}
              value={String(props.value)}
              onChange={event => props.onValue(event.currentTarget.value === "true")}
            >
              <option value="true">{t("Yes")}</option>
              <option value="false">{t("No")}</option>
            </select>
          </Match>
          <Match when={props.field.choices}>
            {choices => (
              <select
                id={id}
                disabled={fixed()}
                aria-describedby={hint() ? hintId : undefined}
                value={String(props.value)}
                onChange={event => props.onValue(event.currentTarget.value)}
              >
                <For each={choices()}>{([value, name]) => <option value={value}>{name}</option>}</For>
              </select>
            )}
          </Match>
        </Switch>
      )}
    </Field>
  );
}

function toEntered(known: SystemAnswer, fields: readonly SettingField[]): Entered {
  const shown = fields.map(({ field, isFlag }) => [field, isFlag ? known[field] === true : String(known[field] ?? "")]);
  const entered = Object.fromEntries(shown) as Entered;
  // Two words for the same thing.
  return entered.theme === "system" ? { ...entered, theme: "" } : entered;
}

/** What differs from what the server told. */
function toChange(entered: Entered, known: SystemAnswer, fields: readonly SettingField[]): SystemChange {
  const before = toEntered(known, fields);
  const changed = fields.filter(({ field }) => entered[field] !== before[field]);
  return Object.fromEntries(
    changed.map(({ field, unit }) => {
      const value = entered[field];
      // What is no number goes as it is: the server says what is wrong with it.
      const number =
        unit && typeof value === "string" && value.trim() !== "" ? Number(value.replace(",", ".")) : Number.NaN;
      return [field, Number.isNaN(number) ? value : number];
    }),
  );
}
