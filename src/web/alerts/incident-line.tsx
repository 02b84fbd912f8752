import { createSignal, createUniqueId, For, type JSX, Match, Show, Switch } from "solid-js";
import type { Alert } from "../../model/alert.ts";
import type { Silence } from "../../model/silence.ts";
import { formatAgo, formatMoment, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { AskingButton } from "../security/asking.tsx";
import { ChooseBox } from "../ui/choose-box.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Icon } from "../ui/icon.tsx";
import { Meter } from "../ui/meter.tsx";
import type { Selection } from "../ui/selection.ts";
import { Said } from "../words/said.tsx";
import { plural, t, told } from "../words/words.ts";
import { shownBy } from "./active.ts";
import { acknowledge, clear, endSilence, unacknowledge } from "./alert-api.ts";
import { Explain } from "./explain.tsx";
import { type Incident, toBar } from "./incidents.ts";
import { SilenceForm } from "./silence-form.tsx";
import { acknowledgedText, formatValue, levelName, RESOURCE_NAMES, resourceName, signalName } from "./words.ts";

const CARRIED_AT_FIRST = 4;

/** An incident: what it says, its figures, what it carries, and what one can do about it. */
export function IncidentLine(props: {
  incident: Incident;
  mayAct: boolean;
  /** It can be chosen among others, which `order` lists. */
  choose?: { selection: Selection; order: () => readonly string[] };
  /** Those that are active. */
  silences: readonly Silence[];
  onSilenced: () => void;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  const alert = () => props.incident.alert;
  const silence = () =>
    props.silences.find(
      ({ matcher }) => matcher.alertId === alert().id || (matcher.resource === alert().resourceId && !matcher.type),
    );
  return (
    <li class={`trouble incident ${alert().level}`} classList={{ acknowledged: alert().acknowledged }}>
      <Show when={props.choose}>
        {choose => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the box in it is a component.
          <label class="choose">
            <ChooseBox
              {...choose()}
              id={props.incident.id}
              label={t("Choose: {resourceName}, {signalName}", {
                resourceName: resourceName(alert()),
                signalName: signalName(alert().type),
              })}
            />
          </label>
        )}
      </Show>
      <div class="incident-body">
        <p class="incident-head">
          <LevelMark alert={alert()} />
          <ResourceLink alert={alert()} onShow={props.onShow} />
          <span class="tag">{signalName(alert().type)}</span>
          <span class="muted">
            {[RESOURCE_NAMES[alert().resourceType], alert().node, alert().instance].filter(Boolean).join(" · ")}
          </span>
        </p>
        <p class="incident-message">{told(alert().message)}</p>
        <div class="incident-facts">
          <ValueBar alert={alert()} />
          <span title={formatTime(Date.parse(alert().startTime))}>
            {t("began {ago}", { ago: formatAgo(Date.parse(alert().startTime), live.now()) })}
          </span>
          <Show when={alert().acknowledged}>
            <span class="incident-state">
              <Icon name="check" /> {acknowledgedText(alert())}{" "}
              {alert().ackTime ? formatAgo(Date.parse(alert().ackTime ?? ""), live.now()) : ""}
            </span>
          </Show>
          <Show when={silence()}>
            {one => (
              <span class="incident-state">
                <Icon name="clock" />{" "}
                {one().endsAt === null
                  ? t("silenced")
                  : t("silenced until {end}", { end: formatMoment(one().endsAt ?? 0, live.now()) })}
                {one().comment === "" ? "" : `: ${one().comment}`}
              </span>
            )}
          </Show>
        </div>
        <Covered incident={props.incident} onShow={props.onShow} />
        <Actions
          alert={alert()}
          carried={props.incident.carried}
          silence={silence()}
          mayAct={props.mayAct}
          onSilenced={props.onSilenced}
        />
      </div>
    </li>
  );
}

function LevelMark(props: { alert: Pick<Alert, "level"> }): JSX.Element {
  return (
    <span class={`level ${props.alert.level}`}>
      <Icon name="warning" />
      {props.alert.level === "critical" ? t("Critical") : t("Warning")}
    </span>
  );
}

/** The name of a resource, which leads to its details where there are some. */
export function ResourceLink(props: {
  alert: Pick<Alert, "resourceId" | "resourceName" | "resourceType" | "instance">;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  return (
    <Show when={shownBy(props.alert, live.picture())} fallback={<strong>{resourceName(props.alert)}</strong>}>
      {id => (
        <button type="button" class="link" onClick={() => props.onShow(id())}>
          {resourceName(props.alert)}
        </button>
      )}
    </Show>
  );
}

/** What an alert says; the name of its resource leads to its details. */
export function LinkedMessage(props: { alert: Alert; onShow: (id: string) => void }): JSX.Element {
  const message = () => told(props.alert.message);
  const at = () => message().indexOf(resourceName(props.alert));
  return (
    <Show
      when={at() !== -1}
      fallback={
        <>
          <ResourceLink alert={props.alert} onShow={props.onShow} /> {message()}
        </>
      }
    >
      {message().slice(0, at())}
      <ResourceLink alert={props.alert} onShow={props.onShow} />
      {message().slice(at() + resourceName(props.alert).length)}
    </Show>
  );
}

/** The value as a bar with a mark where the threshold is; nothing for what is so or not. */
function ValueBar(props: { alert: Alert }): JSX.Element {
  const bar = () => toBar(props.alert);
  const value = () => formatValue(props.alert.value, props.alert.unit);
  const threshold = () => formatValue(props.alert.threshold, props.alert.unit);
  return (
    <Show when={props.alert.unit !== "state"}>
      <span
        class="value-bar"
        title={t("{value}; the threshold is {threshold}", { value: value(), threshold: threshold() })}
      >
        <Meter
          percent={bar().fill * 100}
          mark={bar().mark * 100}
          text={value()}
          level={props.alert.acknowledged ? "" : props.alert.level}
        />
        <span class="muted">{t("threshold {threshold}", { threshold: threshold() })}</span>
      </span>
    </Show>
  );
}

/** What an incident speaks for: alerts that it carries, and resources that have none of their own. */
function Covered(props: { incident: Incident; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [all, setAll] = createSignal(false);
  const carried = () => props.incident.carried;
  const others = () => {
    const told = new Set(carried().map(({ resourceId }) => resourceId));
    return props.incident.alert.covers.filter(({ resourceId }) => !told.has(resourceId));
  };
  const names = () => others().slice(0, all() ? undefined : 6);
  const more = () =>
    Math.max(0, props.incident.alert.coversCount - carried().length - others().length) +
    (others().length - names().length) +
    Math.max(0, all() ? 0 : carried().length - CARRIED_AT_FIRST);
  return (
    <Show when={carried().length + others().length > 0}>
      <div class="covered">
        <Show when={carried().length > 0}>
          <ul>
            <For each={carried().slice(0, all() ? undefined : CARRIED_AT_FIRST)}>
              {alert => (
                <li>
                  <span class={`dot ${alert.level}`} aria-hidden="true" />
                  <span>
                    <span class="visually-hidden">{levelName(alert.level)}: </span>
                    <LinkedMessage alert={alert} onShow={props.onShow} />
                  </span>
                </li>
              )}
            </For>
          </ul>
        </Show>
        <Show when={names().length > 0}>
          <p class="muted">
            <Said
              text={more() > 0 ? t("Speaks for {names} and {more}.") : t("Speaks for {names}.")}
              parts={{
                names: (
                  <For each={names()}>
                    {(one, index) => (
                      <>
                        {index() > 0 ? ", " : ""}
                        <Show when={isKnown(live.picture(), one.resourceId)} fallback={one.name}>
                          <button type="button" class="link" onClick={() => props.onShow(one.resourceId)}>
                            {one.name}
                          </button>
                        </Show>
                      </>
                    )}
                  </For>
                ),
                more: plural(more(), "other"),
              }}
            />
          </p>
        </Show>
        <Show when={more() > 0 || all()}>
          <button type="button" class="button quiet" aria-expanded={all()} onClick={() => setAll(!all())}>
            {all()
              ? t("Show fewer")
              : t("Show all {count}", {
                  count: props.incident.alert.coversCount || carried().length + others().length,
                })}
          </button>
        </Show>
      </div>
    </Show>
  );
}

function isKnown(picture: Parameters<typeof shownBy>[1], resourceId: string): boolean {
  return shownBy({ resourceId, resourceType: "guest", instance: "" }, picture) !== null;
}

type Opened = "silence" | "why";

function Actions(props: {
  alert: Alert;
  carried: readonly Alert[];
  silence: Silence | undefined;
  mayAct: boolean;
  onSilenced: () => void;
}): JSX.Element {
  const id = createUniqueId();
  const [opened, setOpened] = createSignal<Opened | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const toggle = (what: Opened) => setOpened(before => (before === what ? null : what));
  const ids = () => [props.alert, ...props.carried].map(one => one.id);
  const turn = async () => setProblem(await (props.alert.acknowledged ? unacknowledge : acknowledge)(ids()));
  const speak = async () => {
    if (!props.silence) return;
    const said = await endSilence(props.silence.id);
    setProblem("error" in said ? said.error : null);
    props.onSilenced();
  };
  return (
    <>
      <div class="incident-actions">
        <Show when={props.mayAct}>
          <button type="button" class="button" onClick={() => void turn()}>
            {props.alert.acknowledged ? t("Take back") : t("Acknowledge")}
          </button>
          <Show
            when={!props.silence}
            fallback={
              <button type="button" class="button quiet" onClick={() => void speak()}>
                {t("End silence")}
              </button>
            }
          >
            <button
              type="button"
              class="button quiet"
              aria-expanded={opened() === "silence"}
              aria-controls={id}
              onClick={() => toggle("silence")}
            >
              {t("Silence…")}
            </button>
          </Show>
        </Show>
        <button
          type="button"
          class="button quiet"
          aria-expanded={opened() === "why"}
          aria-controls={id}
          onClick={() => toggle("why")}
        >
          {t("Why?")}
        </button>
        <Show when={props.mayAct}>
          <AskingButton
            label={t("Clear")}
            question={t("Put it away until it was well in between?")}
            confirm={t("Clear")}
            does={() => clear(props.alert.id)}
            onDone={() => undefined}
          />
        </Show>
      </div>
      <Problem why={problem()} />
      <div id={id} class="incident-more">
        <Switch>
          <Match when={opened() === "silence"}>
            <SilenceForm
              alert={props.alert}
              onDone={() => {
                setOpened(null);
                props.onSilenced();
              }}
              onCancel={() => setOpened(null)}
            />
          </Match>
          <Match when={opened() === "why"}>
            <Explain resource={props.alert.resourceId} type={props.alert.type} />
          </Match>
        </Switch>
      </div>
    </>
  );
}
