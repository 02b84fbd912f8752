import "./alerts.css";
import { createSignal, createUniqueId, For, type JSX, Show } from "solid-js";
import type { Alert } from "../../model/alert.ts";
import { formatAgo, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Problem } from "../ui/form-end.tsx";
import { goTo } from "../ui/url-state.ts";
import { t, told } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { acknowledge, unacknowledge } from "./alert-api.ts";
import { Explain } from "./explain.tsx";
import { acknowledgedText } from "./words.ts";

/** What fires of one resource, and by what rules it would. */
export default function ResourceAlerts(props: { id: string }): JSX.Element {
  const live = useLive();
  const panel = createUniqueId();
  const [explained, setExplained] = createSignal<string | null>(null);
  const alerts = () => alertsOf(live.picture()).filter(({ resourceId }) => resourceId === props.id);
  const isOpen = () => explained() === props.id;
  const thresholds = () =>
    `?${new URLSearchParams({ page: "alerts", tab: "thresholds", section: "overrides", override: props.id })}`;
  return (
    <section class="resource-alerts" aria-label={t("Alerts")}>
      <ul>
        <For each={alerts().map(({ id }) => id)}>
          {id => <Show when={alerts().find(alert => alert.id === id)}>{alert => <AlertLine alert={alert()} />}</Show>}
        </For>
      </ul>
      <div class="resource-buttons">
        <button
          type="button"
          class="button"
          aria-expanded={isOpen()}
          aria-controls={panel}
          onClick={() => setExplained(isOpen() ? null : props.id)}
        >
          {t("Alert rules")}
        </button>
        <Show when={isOpen()}>
          <button type="button" class="button quiet" onClick={() => goTo(thresholds())}>
            {t("Change its thresholds")}
          </button>
        </Show>
      </div>
      <div id={panel}>
        <Show when={isOpen()}>
          <Explain resource={props.id} />
        </Show>
      </div>
    </section>
  );
}

function AlertLine(props: { alert: Alert }): JSX.Element {
  const live = useLive();
  const [problem, setProblem] = createSignal<string | null>(null);
  const may = () => live.session()?.may.includes("write") ?? false;
  const turn = async () => setProblem(await (props.alert.acknowledged ? unacknowledge : acknowledge)([props.alert.id]));
  return (
    <li class={`trouble resource-alert ${props.alert.level}`} classList={{ acknowledged: props.alert.acknowledged }}>
      <div>
        <p>
          <strong class={`status-word ${props.alert.acknowledged ? "" : props.alert.level}`}>
            {props.alert.level === "critical" ? t("Critical") : t("Warning")}
          </strong>{" "}
          {told(props.alert.message)}
        </p>
        <p class="muted" title={formatTime(Date.parse(props.alert.startTime))}>
          {[
            t("began {ago}", { ago: formatAgo(Date.parse(props.alert.startTime), live.now()) }),
            props.alert.acknowledged ? acknowledgedText(props.alert) : "",
            props.alert.cause === null ? "" : t("part of a larger incident"),
          ]
            .filter(Boolean)
            .join(", ")}
        </p>
        <Problem why={problem()} />
      </div>
      <Show when={may()}>
        <button type="button" class="button" onClick={() => void turn()}>
          {props.alert.acknowledged ? t("Take back") : t("Acknowledge")}
        </button>
      </Show>
    </li>
  );
}
