import { createSignal, For, type JSX, Show } from "solid-js";
import { HOUR, type Instant } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import type { AlertMatcher } from "../../model/silence.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { Field, TextField } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { t } from "../words/words.ts";
import { saveSilence } from "./alert-api.ts";
import { fromLocal, toLocal, tomorrowAt8 } from "./local-time.ts";
import { resourceName, signalName } from "./words.ts";

type Until = "1h" | "4h" | "tomorrow" | "custom";
const UNTIL: readonly [key: Until, name: string][] = [
  ["1h", t("1 hour")],
  ["4h", t("4 hours")],
  ["tomorrow", t("until tomorrow, 8:00")],
  ["custom", t("until…")],
];

/** Tells nobody of an alert, or of anything of its resource or of several, for a while. */
export function SilenceForm(props: {
  alert?: Alert;
  /** The ids of what is silenced, in place of an alert. */
  resources?: readonly string[];
  onDone: () => void;
  onCancel: () => void;
}): JSX.Element {
  const live = useLive();
  const [scope, setScope] = createSignal<"alert" | "resource">("alert");
  const [until, setUntil] = createSignal<Until>("1h");
  const [custom, setCustom] = createSignal(toLocal(tomorrowAt8(live.now())));
  const [comment, setComment] = createSignal("");
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const matchers = (): AlertMatcher[] => {
    const { alert, resources = [] } = props;
    if (!alert) return resources.map(resource => ({ resource }));
    return [scope() === "alert" ? { alertId: alert.id } : { resource: alert.resourceId }];
  };
  const endsThen = (): Instant | null => {
    const now = live.now();
    const times = {
      "1h": () => now + HOUR,
      "4h": () => now + 4 * HOUR,
      tomorrow: () => tomorrowAt8(now),
      custom: () => fromLocal(custom()),
    };
    return times[until()]();
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const ends = endsThen();
    if (ends === null || ends <= live.now()) {
      setProblem(t("It must end in the future."));
      return;
    }
    setBusy(true);
    const [endsAt, text] = [Math.round(ends), comment().trim()];
    const said = await Promise.all(
      matchers().map(matcher => saveSilence({ kind: "silence", matcher, endsAt, comment: text })),
    );
    setBusy(false);
    const refused = said.find(isRefused);
    if (refused) setProblem(refused.error);
    else props.onDone();
  };
  return (
    <form class="form silence-form" aria-label={t("Silence")} onSubmit={event => void send(event)}>
      <fieldset class="chips">
        <legend>{t("For how long")}</legend>
        <For each={UNTIL}>
          {([key, name]) => (
            <button type="button" class="chip" aria-pressed={until() === key} onClick={() => setUntil(key)}>
              {name}
            </button>
          )}
        </For>
      </fieldset>
      <Show when={until() === "custom"}>
        <Field label={t("Ends at")}>
          {id => (
            <input
              id={id}
              type="datetime-local"
              value={custom()}
              onInput={event => setCustom(event.currentTarget.value)}
            />
          )}
        </Field>
      </Show>
      <Show when={props.alert}>
        {alert => (
          <Field label={t("What")}>
            {id => (
              <select
                id={id}
                value={scope()}
                onChange={event => setScope(event.currentTarget.value === "alert" ? "alert" : "resource")}
              >
                <option value="alert">
                  {t("{signalName} of {resourceName} only", {
                    signalName: signalName(alert().type),
                    resourceName: resourceName(alert()),
                  })}
                </option>
                <option value="resource">
                  {t("Everything of {resourceName}, and what it carries", { resourceName: resourceName(alert()) })}
                </option>
              </select>
            )}
          </Field>
        )}
      </Show>
      <TextField
        label={t("Comment")}
        value={comment()}
        onValue={setComment}
        placeholder={t("Why, for whoever looks next")}
        hint={t("It still fires and stays in this list; nobody is told of it.")}
      />
      <FormEnd problem={problem()} send={t("Silence")} disabled={busy()} onCancel={() => props.onCancel()} />
    </form>
  );
}
