import { createSignal, For, type JSX } from "solid-js";
import { useLive } from "../live/live.ts";
import { prefer, preferences } from "../live/preferences.ts";
import { PAGES } from "../pages.ts";
import { Field } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";

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
    <Panel id="page-settings" title="This page">
      <div class="form settings-grid">
        <Choice
          label="Colours"
          value={preferences().theme}
          options={[
            ["system", "As the device"],
            ["light", "Light"],
            ["dark", "Dark"],
          ]}
          onValue={theme => prefer({ theme })}
        />
        <Choice
          label="Start with"
          value={preferences().layout.startPage}
          options={PAGES.flatMap(({ key, name }) => (key === "settings" ? [] : [[key, name] as const]))}
          onValue={startPage => prefer({ layout: { startPage } })}
        />
        <Choice
          label="Guests"
          value={preferences().layout.guests}
          options={[
            ["nodes", "By node"],
            ["flat", "In one list"],
          ]}
          onValue={guests => prefer({ layout: { guests } })}
        />
        <Choice
          label="Small lines of the last hour"
          value={preferences().display.trends ? "yes" : "no"}
          options={[
            ["yes", "Where there is room"],
            ["no", "No"],
          ]}
          onValue={answer => prefer({ display: { trends: answer === "yes" } })}
        />
        <Field label="Show what is new every (seconds)" hint="0: with every change.">
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
      <p class="nothing">{live.session()?.name == null ? "Kept on this device." : "Kept for you, on every device."}</p>
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
