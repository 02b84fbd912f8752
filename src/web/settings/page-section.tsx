import { createSignal, For, type JSX } from "solid-js";
import { LANGUAGES } from "../../model/user-settings.ts";
import { useLive } from "../live/live.ts";
import { prefer, preferences } from "../live/preferences.ts";
import { PAGES } from "../pages.ts";
import { Field } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";
import { languageName, t } from "../words/words.ts";

/** How the reader wants the page; what is chosen counts at once. */
export function PageSection(): JSX.Element {
  const live = useLive();
  const [pause, setPause] = createSignal(String(preferences().refreshInterval));
  const takePause = () => {
    const seconds = Math.round(Number(pause()));
    if (seconds >= 0 && seconds <= 300) prefer({ refreshInterval: seconds });
    setPause(String(preferences().refreshInterval));
  };
  return (
    <Panel id="page-settings" title={t("This page")}>
      <div class="form settings-grid">
        <Choice
          label={t("Colours")}
          value={preferences().theme}
          options={[
            ["system", t("As the device")],
            ["light", t("Light")],
            ["dark", t("Dark")],
            ["contrast", t("High contrast")],
          ]}
          onValue={theme => prefer({ theme })}
        />
        <Choice
          label={t("Language")}
          value={preferences().language}
          options={[
            ["system", t("As the browser asks for")],
            ...LANGUAGES.map(language => [language, languageName(language)] as const),
          ]}
          onValue={language => void prefer({ language }).then(() => location.reload())}
        />
        <Choice
          label={t("Start with")}
          value={preferences().layout.startPage}
          options={PAGES.flatMap(({ key, name }) => (key === "settings" ? [] : [[key, name] as const]))}
          onValue={startPage => prefer({ layout: { startPage } })}
        />
        <Choice
          label={t("Guests")}
          value={preferences().layout.guests}
          options={[
            ["nodes", t("By node")],
            ["flat", t("In one list")],
          ]}
          onValue={guests => prefer({ layout: { guests } })}
        />
        <Choice
          label={t("Small lines of the last hour")}
          value={preferences().display.trends ? "yes" : "no"}
          options={[
            ["yes", t("Where there is room")],
            ["no", t("No")],
          ]}
          onValue={answer => prefer({ display: { trends: answer === "yes" } })}
        />
        <Field
          label={t("Show what is new every (seconds)")}
          help={t(
            "The page is told of each change as it happens. A pause draws it less often, which spares a slow device and a battery; nothing is missed, and alarms come as they do.",
          )}
          hint={t("0: with every change.")}
        >
          {(id, hintId) => (
            <input
              id={id}
              type="text"
              inputMode="numeric"
              aria-describedby={hintId}
              value={pause()}
              onInput={event => setPause(event.currentTarget.value)}
              onChange={takePause}
            />
          )}
        </Field>
      </div>
      <p class="nothing">
        {live.session()?.name == null ? t("Kept on this device.") : t("Kept for you, on every device.")}
      </p>
    </Panel>
  );
}

function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [value: V, name: string])[];
  onValue: (value: V) => void;
}): JSX.Element {
  return (
    <Field label={props.label}>
      {id => (
        <select id={id} value={props.value} onChange={event => props.onValue(event.currentTarget.value as V)}>
          <For each={props.options}>{([value, name]) => <option value={value}>{name}</option>}</For>
        </select>
      )}
    </Field>
  );
}
