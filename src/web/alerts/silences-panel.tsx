import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { HOUR, SECOND } from "../../kit/units.ts";
import type { AlertMatcher, Silence, SilenceInput } from "../../model/silence.ts";
import { dayName, formatMoment, weekOrder } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { AskingButton } from "../security/asking.tsx";
import { ById } from "../ui/by-id.tsx";
import { Field, TextField } from "../ui/field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { EmptyState } from "../ui/states.tsx";
import { t, within } from "../words/words.ts";
import { endSilence, readSilences, saveSilence } from "./alert-api.ts";
import { Check, createForm, FormButtons } from "./channel-fields.tsx";
import { fromLocal, toLocal } from "./local-time.ts";
import { resourcesOf } from "./resources.ts";
import { levelName, SIGNALS, signalName } from "./words.ts";

const NEW = "new";
const ORDER = { active: 0, pending: 1, over: 2 } as const;
const STATES = { active: t("active"), pending: t("planned"), over: t("over") } as const;

/** Silences and maintenance windows: those that are on, that are planned, and that are over. */
export function SilencesPanel(): JSX.Element {
  const live = useLive();
  const may = () => live.session()?.may.includes("write") ?? false;
  const reading = createReading(readSilences, { every: 15 * SECOND });
  const [edited, setEdited] = createSignal<string | null>(null);
  const [withOver, setWithOver] = createSignal(false);
  const all = () => reading.told() ?? [];
  const listed = () =>
    all()
      .filter(({ state }) => withOver() || state !== "over")
      .toSorted((a, b) => ORDER[a.state] - ORDER[b.state] || b.startsAt - a.startsAt);
  const over = () => all().filter(({ state }) => state === "over").length;
  const names = createMemo(() => new Map(resourcesOf(live.picture()).map(({ id, name }) => [id, name])));
  const close = () => setEdited(null);
  const saved = () => {
    close();
    reading.again();
  };
  return (
    <Panel
      id="silences"
      title={t("Silences and maintenance")}
      help={t(
        "Both keep alerts on the page and tell nobody of them. A silence is for what is wrong now, maintenance is planned before, and may come again every week. What still fires when it ends is told then.",
      )}
      docs="notifications#when-who-is-told"
      count={reading.told() ? `${all().length - over()}` : ""}
      tools={
        <Show when={may() && edited() !== NEW}>
          <button type="button" class="button push" onClick={() => setEdited(NEW)}>
            {t("Plan maintenance")}
          </button>
        </Show>
      }
    >
      <Show when={edited() === NEW}>
        <WindowForm before={null} onSaved={saved} onCancel={close} />
      </Show>
      <Loaded reading={reading} what={t("What is silenced cannot be read now")} lines={3} kind="table">
        {() => (
          <ul class="instances">
            <ById each={listed()} idOf={({ id }) => id}>
              {(silence, id) => (
                <li>
                  <SilenceLine
                    silence={silence()}
                    nameOf={id => names().get(id) ?? id}
                    mayChange={may()}
                    onEdit={() => setEdited(edited() === id ? null : id)}
                    onChanged={reading.again}
                  />
                  <Show when={edited() === id}>
                    <WindowForm before={silence()} onSaved={saved} onCancel={close} />
                  </Show>
                </li>
              )}
            </ById>
          </ul>
        )}
      </Loaded>
      <Show when={reading.told() && listed().length === 0 && edited() === null}>
        <EmptyState
          icon="bell"
          title={t("Nothing is silenced")}
          text={t("While something is mended, a silence keeps its alerts on the page and tells nobody of them.")}
        />
      </Show>
      <Show when={over() > 0}>
        <button
          type="button"
          class="button quiet more"
          aria-expanded={withOver()}
          onClick={() => setWithOver(!withOver())}
        >
          {withOver() ? t("Hide those that are over") : t("Show {count} that are over", { count: over() })}
        </button>
      </Show>
    </Panel>
  );
}

const FIELDS: readonly [key: keyof AlertMatcher, label: string, hint: string][] = [
  ["resource", t("Resource"), t("Its name or id; what it carries (a node's guests) too. * stands for anything.")],
  ["node", t("Node"), ""],
  ["instance", t("Instance"), ""],
  ["tag", t("Tag"), t("Of guests.")],
  ["type", t("Signal"), t("cpu, offline, usage…")],
];

/** What a matcher fits, in words; `nameOf` says what a resource is called. */
function matcherText(matcher: AlertMatcher, nameOf: (id: string) => string): string {
  const parts = [
    matcher.alertId && alertText(matcher.alertId, nameOf),
    matcher.resource && nameOf(matcher.resource),
    ...FIELDS.slice(1).map(
      ([key, label]) =>
        matcher[key] && `${within(label)} ${key === "type" ? signalName(matcher[key] ?? "") : matcher[key]}`,
    ),
    matcher.level && t("level {level}", { level: levelName(matcher.level) }),
  ];
  return parts.filter(Boolean).join(", ");
}

/** "CPU of web-1". The id of an alert is that of its resource and the signal. */
function alertText(id: string, nameOf: (id: string) => string): string {
  const signal = Object.keys(SIGNALS).find(name => id.endsWith(`-${name}`));
  return signal
    ? t("{signalName} of {resourceName}", {
        signalName: signalName(signal),
        resourceName: nameOf(id.slice(0, -signal.length - 1)),
      })
    : id;
}

function whenText({ weekly, startsAt, endsAt, state }: Silence, now: number): string {
  if (weekly) {
    // 0 is Sunday there.
    const names = weekly.days.map(day => dayName((day + 6) % 7, "short"));
    const times = `${names.join(", ")} ${weekly.start}–${weekly.end}${weekly.timezone ? ` ${weekly.timezone}` : ""}`;
    return endsAt === null ? times : t("{times}, until {end}", { times, end: formatMoment(endsAt, now) });
  }
  const [start, end] = [formatMoment(startsAt, now), endsAt === null ? "" : formatMoment(endsAt, now)];
  if (state === "active") return endsAt === null ? "" : t("until {end}", { end });
  return endsAt === null ? t("from {start}", { start }) : t("from {start} until {end}", { start, end });
}

function SilenceLine(props: {
  silence: Silence;
  nameOf: (id: string) => string;
  mayChange: boolean;
  onEdit: () => void;
  onChanged: () => void;
}): JSX.Element {
  const live = useLive();
  const silence = () => props.silence;
  return (
    <div class="instance" classList={{ past: silence().state === "over" }}>
      <div class="instance-text">
        <strong>
          {matcherText(silence().matcher, id => resourcesOf(live.picture()).find(one => one.id === id)?.name ?? id)}
        </strong>{" "}
        <span class="tag" classList={{ "tag-on": silence().state === "active" }}>
          {silence().kind === "maintenance"
            ? t("maintenance, {state}", { state: STATES[silence().state] })
            : STATES[silence().state]}
        </span>
        <p class="muted">
          {[
            whenText(silence(), live.now()),
            silence().comment,
            silence().createdBy && t("by {who}", { who: silence().createdBy }),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <Show when={props.mayChange && silence().state !== "over"}>
        <button type="button" class="button" onClick={() => props.onEdit()}>
          {t("Change")}
        </button>
        <AskingButton
          label={t("End now")}
          question={t("End it now?")}
          confirm={t("End now")}
          does={() => endSilence(silence().id)}
          onDone={props.onChanged}
        />
      </Show>
    </div>
  );
}

interface Entered {
  kind: Silence["kind"];
  matcher: AlertMatcher;
  starts: string;
  ends: string;
  isWeekly: boolean;
  days: number[];
  start: string;
  end: string;
  timezone: string;
  comment: string;
}

/** Plans a maintenance window, or changes a silence. */
function WindowForm(props: { before: Silence | null; onSaved: () => void; onCancel: () => void }): JSX.Element {
  const live = useLive();
  const draft = createForm<Entered>(
    () => toEntered(props.before, live.now()),
    async fields => {
      const input = toInput(fields);
      return "error" in input ? input : saveSilence(input, props.before?.id);
    },
    props.onSaved,
  );
  const { fields, set } = draft;
  const time = (label: string, key: "start" | "end") => (
    <Field label={label}>
      {id => <input id={id} type="time" value={fields[key]} onInput={event => set(key, event.currentTarget.value)} />}
    </Field>
  );
  const instant = (label: string, key: "starts" | "ends", hint: string) => (
    <Field label={label} hint={hint}>
      {(id, hintId) => (
        <input
          id={id}
          type="datetime-local"
          aria-describedby={hintId}
          value={fields[key]}
          onInput={event => set(key, event.currentTarget.value)}
        />
      )}
    </Field>
  );
  return (
    <form
      class="form two"
      aria-label={props.before ? t("Change a silence") : t("Plan maintenance")}
      onSubmit={event => void draft.save(event)}
    >
      <For each={FIELDS}>
        {([key, label, hint]) => (
          <TextField
            label={label}
            value={fields.matcher[key] ?? ""}
            onValue={value => set("matcher", key as "resource", value)}
            placeholder={t("Any")}
            hint={hint || undefined}
          />
        )}
      </For>
      <Field label={t("Level")}>
        {id => (
          <select
            id={id}
            value={fields.matcher.level ?? ""}
            onChange={event =>
              set("matcher", "level", (event.currentTarget.value || undefined) as AlertMatcher["level"])
            }
          >
            <option value="">{t("Any")}</option>
            <option value="warning">{t("Warning")}</option>
            <option value="critical">{t("Critical")}</option>
          </select>
        )}
      </Field>
      {instant(t("Begins"), "starts", t("Empty: now."))}
      {instant(t("Ends"), "ends", fields.isWeekly ? t("Empty: never.") : "")}
      <Check
        label={t("Comes again every week")}
        checked={fields.isWeekly}
        onChecked={isOn => set({ isWeekly: isOn, ends: isOn ? "" : fields.ends })}
      />
      <Show when={fields.isWeekly}>
        <fieldset class="checks-of whole">
          <legend>{t("On the days")}</legend>
          <For each={weekOrder()}>
            {day => {
              // 0 is Sunday there.
              const number = () => (day + 1) % 7;
              return (
                <Check
                  label={dayName(day, "short")}
                  checked={fields.days.includes(number())}
                  onChecked={isOn =>
                    set("days", days => (isOn ? [...days, number()] : days.filter(day => day !== number())))
                  }
                />
              );
            }}
          </For>
        </fieldset>
        {time(t("From"), "start")}
        {time(t("Until"), "end")}
        <TextField
          label={t("Time zone")}
          value={fields.timezone}
          onValue={value => set("timezone", value)}
          placeholder={t("As the server")}
        />
      </Show>
      <div class="whole">
        <TextField label={t("Comment")} value={fields.comment} onValue={value => set("comment", value)} />
      </div>
      <div class="whole">
        <FormButtons draft={draft} saves={props.before ? t("Save") : t("Plan")}>
          <button type="button" class="button quiet" onClick={() => props.onCancel()}>
            {t("Cancel")}
          </button>
        </FormButtons>
      </div>
    </form>
  );
}

function toEntered(before: Silence | null, now: number): Entered {
  return {
    kind: before?.kind ?? "maintenance",
    matcher: { ...before?.matcher },
    starts: before ? toLocal(before.startsAt) : "",
    ends: before ? (before.endsAt === null ? "" : toLocal(before.endsAt)) : toLocal(now + 2 * HOUR),
    isWeekly: Boolean(before?.weekly),
    days: [...(before?.weekly?.days ?? [0])],
    start: before?.weekly?.start ?? "02:00",
    end: before?.weekly?.end ?? "04:00",
    timezone: before?.weekly?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    comment: before?.comment ?? "",
  };
}

function toInput(fields: Entered): SilenceInput | { error: string } {
  const given = Object.entries(fields.matcher).filter(([, value]) => value !== undefined && value.trim() !== "");
  if (given.length === 0) return { error: t("Say what it is about: one field at least.") };
  const startsAt = fromLocal(fields.starts);
  const endsAt = fromLocal(fields.ends);
  if (endsAt === null && !fields.isWeekly) return { error: t("Say when it ends.") };
  const { days, start, end, timezone } = fields;
  return {
    kind: fields.kind,
    matcher: Object.fromEntries(given) as AlertMatcher,
    ...(startsAt === null ? {} : { startsAt }),
    endsAt,
    weekly: fields.isWeekly ? { days, start, end, timezone: timezone.trim() } : null,
    comment: fields.comment.trim(),
  };
}
