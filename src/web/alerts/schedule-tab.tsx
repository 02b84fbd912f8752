import { For, type JSX, Show, untrack } from "solid-js";
import type { AlertConfiguration } from "../../contract/alert-routes.ts";
import type { EscalationLevel, QuietHours } from "../../model/alert-config.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Field } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { OnlyFor } from "../ui/states.tsx";
import { t } from "../words/words.ts";
import { readConfig } from "./alert-api.ts";
import { Figure } from "./class-rules.tsx";
import { createDraft, DraftProvider, useDraft } from "./draft-context.tsx";
import { LockMark, LockNotice } from "./lock-mark.tsx";
import { readHealth } from "./notify-api.ts";
import { QuietGrid } from "./quiet-grid.tsx";
import { SaveBar, Toggle } from "./save-bar.tsx";
import { SilencesPanel } from "./silences-panel.tsx";

const QUIET = ["schedule", "quietHours"] as const;

/** When people are told, and when they are left alone. */
export function ScheduleTab(): JSX.Element {
  const config = createReading(readConfig);
  return (
    <>
      <SilencesPanel />
      <Loaded reading={config} what={t("The schedule cannot be read now")} lines={10}>
        {config => <Editor config={untrack(config)} />}
      </Loaded>
    </>
  );
}

function Editor(props: { config: AlertConfiguration }): JSX.Element {
  const live = useLive();
  const draft = createDraft(props.config, () => live.session()?.may.includes("write") ?? false);
  return (
    <DraftProvider value={draft}>
      <LockNotice config={props.config} within="schedule" />
      <OnlyFor right="write" text={t("Only an operator or an administrator can change this.")} />
      <QuietPanel />
      <Panel
        id="pace"
        help={t(
          "How often people hear of the same. Usual: what comes within 30 seconds is one notification, something critical lets it go within 15; the same alert is told again after 5 minutes at the earliest, and a channel gets 20 an hour at the most. Nothing is dropped: what is too much is gathered.",
        )}
        docs="notifications#when-who-is-told"
        title={t("Pace")}
      >
        <div class="form wide">
          <Toggle path={["schedule", "notifyOnResolve"]} label={t("Tell when all is well again")} />
          <Toggle
            path={["schedule", "grouping", "enabled"]}
            label={t("Gather alerts that come together into one notification")}
          />
          <fieldset class="checks-of">
            <legend>{t("A notification of its own for each")}</legend>
            <Toggle path={["schedule", "grouping", "byNode"]} label={t("node")} />
            <Toggle path={["schedule", "grouping", "byGuest"]} label={t("guest")} />
          </fieldset>
          <div class="figures">
            <For each={PACE}>{figure => <Figure of={figure} />}</For>
          </div>
          <Toggle
            path={["schedule", "reminders", "enabled"]}
            label={t("Remind of what still fires and nobody has acknowledged")}
          />
          <div class="figures">
            <Figure of={REMINDER} />
            <ReminderLevel />
          </div>
        </div>
      </Panel>
      <EscalationPanel />
      <SaveBar draft={draft} />
    </DraftProvider>
  );
}

const PACE = [
  {
    path: ["schedule", "grouping", "window"],
    name: t("Gather for"),
    unit: "s",
    hint: t("From the first alert until the notification goes"),
  },
  {
    path: ["schedule", "cooldown"],
    name: t("Cooldown"),
    unit: t("min"),
    hint: t("Before the same alert is told again, counted from its delivery"),
  },
  {
    path: ["schedule", "maxAlertsHour"],
    name: t("At the most"),
    unit: t("an hour"),
    hint: t("Notifications a channel; beyond it they are gathered. 0: no limit"),
  },
];
const REMINDER = {
  path: ["schedule", "reminders", "every"],
  name: t("Remind every"),
  unit: t("min"),
  hint: t("Counted from the last that was delivered"),
};

function ReminderLevel(): JSX.Element {
  const draft = useDraft();
  const path = ["schedule", "reminders", "level"];
  return (
    <Field label={t("Of")}>
      {id => (
        <select
          id={id}
          disabled={!draft.mayEdit(path)}
          value={String(draft.get(path))}
          onChange={event => draft.set(path, event.currentTarget.value)}
        >
          <option value="warning">{t("warnings and what is critical")}</option>
          <option value="critical">{t("only what is critical")}</option>
        </select>
      )}
    </Field>
  );
}

function QuietPanel(): JSX.Element {
  const draft = useDraft();
  const quiet = () => draft.get(QUIET) as QuietHours;
  const zones = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  const time = (which: "start" | "end", label: string) => (
    <Field label={label}>
      {id => (
        <input
          id={id}
          type="time"
          required
          disabled={!draft.mayEdit([...QUIET, which])}
          value={quiet()[which]}
          onInput={event => {
            if (event.currentTarget.value !== "") draft.set([...QUIET, which], event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
  return (
    <Panel
      id="quiet"
      help={t(
        "In quiet hours nobody is woken by a warning: it waits, and is told at their end if it still is so. What is critical is told at once, unless you hold its kind back here. Hours over midnight belong to the day on which they begin. The page shows everything all the time.",
      )}
      docs="notifications#when-who-is-told"
      title={t("Quiet hours")}
      count={quiet().enabled ? t("on") : t("off")}
    >
      <div class="form wide">
        <Toggle path={[...QUIET, "enabled"]} label={t("Keep quiet at certain hours")} />
        <p class="hint">{t("Warnings wait in quiet hours. What is critical is told, but for:")}</p>
        <fieldset class="checks-of">
          <legend class="visually-hidden">{t("Held back in quiet hours though it be critical")}</legend>
          <Toggle path={[...QUIET, "suppress", "performance"]} label={t("CPU, memory, rates")} />
          <Toggle path={[...QUIET, "suppress", "storage"]} label={t("storage, disks, backups")} />
          <Toggle path={[...QUIET, "suppress", "offline"]} label={t("what is offline")} />
        </fieldset>
        <div class="figures">
          {time("start", t("From"))}
          {time("end", t("Until"))}
          <Field label={t("Time zone")}>
            {id => (
              <>
                <input
                  id={id}
                  list={`${id}-zones`}
                  autocomplete="off"
                  disabled={!draft.mayEdit([...QUIET, "timezone"])}
                  placeholder={t("As the server")}
                  value={quiet().timezone}
                  onInput={event => draft.set([...QUIET, "timezone"], event.currentTarget.value.trim())}
                />
                <datalist id={`${id}-zones`}>
                  <For each={zones}>{zone => <option value={zone} />}</For>
                </datalist>
                <Show when={draft.problemAt([...QUIET, "timezone"])}>
                  {why => <span class="form-problem">{why()}</span>}
                </Show>
              </>
            )}
          </Field>
        </div>
        <QuietGrid />
      </div>
    </Panel>
  );
}

/** Who is told when nobody acknowledges. */
function EscalationPanel(): JSX.Element {
  const draft = useDraft();
  const health = createReading(readHealth);
  const channels = () => health.told() ?? [];
  const path = ["schedule", "escalation", "levels"];
  const levels = () => (draft.get(path) ?? []) as EscalationLevel[];
  const put = (next: EscalationLevel[]) => draft.set(path, next);
  const change = (index: number, part: Partial<EscalationLevel>) =>
    put(levels().map((level, at) => (at === index ? { ...level, ...part } : level)));
  const add = () => put([...levels(), { after: (levels().at(-1)?.after ?? 0) + 15, notify: "all" }]);
  return (
    <Panel
      id="escalation"
      title={t("Escalation")}
      help={t(
        "What nobody has acknowledged after so many minutes is told to further channels. Who acknowledges stops that.",
      )}
      docs="notifications#when-who-is-told"
      count={draft.get(["schedule", "escalation", "enabled"]) ? t("on") : t("off")}
      tools={
        <button
          type="button"
          class="button push"
          disabled={!draft.mayEdit(path) || levels().length >= 20}
          onClick={add}
        >
          {t("Add a level")}
        </button>
      }
    >
      <div class="form wide">
        <Toggle
          path={["schedule", "escalation", "enabled"]}
          label={t("Tell more people when nobody has acknowledged an alert for a while")}
        />
        <LockMark path={path} />
        <For each={levels().map((_, index) => index)}>
          {index => (
            <fieldset class="escalation">
              <legend class="visually-hidden">{t("Level {index}", { index: index + 1 })}</legend>
              <NumberField
                label={t("Level {index}, after", { index: index + 1 })}
                showLabel
                unit={t("min")}
                value={levels()[index]?.after ?? null}
                problem={draft.problemAt([...path, String(index), "after"])}
                disabled={!draft.mayEdit(path)}
                onValue={value => {
                  if (value !== null) change(index, { after: value });
                }}
              />
              <Field label={t("tell")}>
                {id => (
                  <select
                    id={id}
                    disabled={!draft.mayEdit(path)}
                    value={levels()[index]?.notify ?? "all"}
                    onChange={event => {
                      const notify = event.currentTarget.value as EscalationLevel["notify"];
                      change(index, { notify, ...(notify === "channels" ? { channels: [] } : {}) });
                    }}
                  >
                    <option value="all">{t("all channels")}</option>
                    <option value="email">{t("e-mail")}</option>
                    <option value="webhook">{t("all webhooks")}</option>
                    <option value="channels">{t("these channels")}</option>
                  </select>
                )}
              </Field>
              <Show when={levels()[index]?.notify === "channels"}>
                <span class="checks-of">
                  <For each={channels()} fallback={<span class="muted">{t("No channel is set up yet.")}</span>}>
                    {({ channel, name }) => (
                      <label class="check">
                        <input
                          type="checkbox"
                          disabled={!draft.mayEdit(path)}
                          checked={levels()[index]?.channels?.includes(channel) ?? false}
                          onChange={event => {
                            const others = (levels()[index]?.channels ?? []).filter(one => one !== channel);
                            change(index, { channels: event.currentTarget.checked ? [...others, channel] : others });
                          }}
                        />
                        {name}
                      </label>
                    )}
                  </For>
                </span>
              </Show>
              <button
                type="button"
                class="icon-button"
                aria-label={t("Remove level {index}", { index: index + 1 })}
                disabled={!draft.mayEdit(path)}
                onClick={() => put(levels().filter((_, at) => at !== index))}
              >
                <Icon name="close" />
              </button>
            </fieldset>
          )}
        </For>
      </div>
    </Panel>
  );
}
