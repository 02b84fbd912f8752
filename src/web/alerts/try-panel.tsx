import { createMemo, createResource, createSignal, For, type JSX, Show } from "solid-js";
import type { Replay } from "../../model/alert.ts";
import type { MetricName } from "../../model/alert-config.ts";
import { CHARTS } from "../charts/chart-specs.ts";
import { readHistory } from "../charts/history-api.ts";
import { formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { Chart } from "../ui/chart.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import type { ValueScale } from "../ui/plot.ts";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { Said } from "../words/said.tsx";
import { plural, t } from "../words/words.ts";
import { type Replayed, tryThresholds } from "./alert-api.ts";
import { useDraft } from "./draft-context.tsx";
import { resourcesOf } from "./resources.ts";
import { DAYS, type Trial, trialsOf } from "./trials.ts";
import { formatValue, levelName, signalName } from "./words.ts";

const MOST_LISTED = 12;

interface Outcome {
  trial: Trial;
  now: Replayed;
  after: Replayed;
}

/** Replays changed thresholds against what the history keeps, before anything is saved. */
export function TryPanel(): JSX.Element {
  const live = useLive();
  const draft = useDraft();
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [outcome, setOutcome] = createSignal<Outcome | null>(null);
  const resources = createMemo(() => new Map(resourcesOf(live.picture()).map(one => [one.id, one])));
  const trials = createMemo(() => trialsOf(draft.saved(), draft.config(), id => resources().get(id) ?? null));
  const go = async (trial: Trial) => {
    setBusy(true);
    // One after the other: the server replays for one at a time.
    const after = await tryThresholds(trial.after);
    const now = isRefused(after) ? after : await tryThresholds(trial.now);
    setBusy(false);
    const refused = [now, after].find(isRefused);
    setProblem(refused?.error ?? null);
    if (!isRefused(now) && !isRefused(after)) setOutcome({ trial, now, after });
  };
  return (
    <Show when={trials().length > 0 || outcome()}>
      <Panel
        id="try"
        help={t(
          "What the thresholds entered above would have come to, beside those in force. Nothing is saved and nobody is told. Before the last two weeks only half hours are known: a short peak counts for as long as it can have lasted.",
        )}
        docs="alerts#which-threshold-holds"
        title={t("Try before saving")}
        tools={<span class="muted">{t("When it would have fired in the last {DAYS} days.", { DAYS })}</span>}
      >
        <div class="chips try-chips">
          <For each={trials()}>
            {trial => (
              <button
                type="button"
                class="chip"
                disabled={busy()}
                aria-pressed={outcome()?.trial.key === trial.key}
                onClick={() => void go(trial)}
              >
                {t("Try {name}", { name: trial.name })}
              </button>
            )}
          </For>
        </div>
        <Problem class="panel-note" why={problem()} />
        <div role="status">
          <Show when={busy()}>
            <p class="muted panel-note">{t("Replaying…")}</p>
          </Show>
          <Show when={!busy() && outcome()}>{done => <Result of={done()} />}</Show>
        </div>
      </Panel>
    </Show>
  );
}

function Result(props: { of: Outcome }): JSX.Element {
  const [chosen, setChosen] = createSignal<string | null>(null);
  const rows = createMemo(() => {
    const now = new Map(props.of.now.replays.map(replay => [replay.resourceId, replay.firings.length]));
    const after = new Map(props.of.after.replays.map(replay => [replay.resourceId, replay]));
    return [...new Map([...props.of.now.replays, ...props.of.after.replays].map(one => [one.resourceId, one])).values()]
      .map(({ resourceId, resourceName }) => ({
        id: resourceId,
        name: resourceName,
        now: now.get(resourceId) ?? 0,
        after: after.get(resourceId)?.firings.length ?? 0,
        replay: after.get(resourceId) ?? null,
      }))
      .toSorted((a, b) => b.after - a.after || b.now - a.now);
  });
  const shown = () => rows().find(({ id }) => id === chosen()) ?? null;
  const before = () => props.of.now.firings;
  const times = () => props.of.after.firings;
  return (
    <div class="try-result">
      <p>
        <Said
          text={t("With the change it would have fired {after}, with the rules as they are {now}.")}
          parts={{
            after: <strong>{plural(times(), "time")}</strong>,
            now: <strong>{plural(before(), "time")}</strong>,
          }}
        />{" "}
        <span class="muted">
          {t("Replayed from {from}, as finely as the history is kept.", { from: formatTime(props.of.after.from) })}
        </span>
      </p>
      <Show when={rows().length > 0}>
        <ScrollTable caption={t("What would have fired")}>
          <thead>
            <tr>
              <th scope="col">{t("Resource")}</th>
              <th scope="col">{t("As it is")}</th>
              <th scope="col">{t("With the change")}</th>
              <th scope="col">{t("When")}</th>
            </tr>
          </thead>
          <tbody>
            <For each={rows().slice(0, MOST_LISTED)}>
              {row => (
                <tr>
                  <th scope="row">{row.name}</th>
                  <td class="number">{row.now}</td>
                  <td class="number">
                    <strong>{row.after}</strong>
                  </td>
                  <td>
                    <button
                      type="button"
                      class="link"
                      aria-expanded={chosen() === row.id}
                      onClick={() => setChosen(chosen() === row.id ? null : row.id)}
                    >
                      {chosen() === row.id ? t("Hide") : t("Show")}
                    </button>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </ScrollTable>
        <Show when={rows().length > MOST_LISTED}>
          <p class="muted">
            {t("and {others} that would fire less often.", { others: plural(rows().length - MOST_LISTED, "other") })}
          </p>
        </Show>
      </Show>
      <Show when={shown()}>
        {row => <ReplayChart id={row().id} name={row().name} outcome={props.of} replay={row().replay} />}
      </Show>
    </div>
  );
}

/** How a value is drawn: as the charts of the details do. */
function scaleOf(metric: MetricName): ValueScale {
  const specs = [...CHARTS.guest, ...CHARTS.storage];
  return (specs.find(({ metrics }) => metrics.some(one => one.metric === metric)) ?? CHARTS.guest[0])
    ?.scale as ValueScale;
}

function ReplayChart(props: { id: string; name: string; outcome: Outcome; replay: Replay | null }): JSX.Element {
  const metric = () => props.outcome.trial.metric;
  const [points] = createResource(
    () => ({ resource: props.id, metric: metric(), from: props.outcome.after.from, to: props.outcome.after.to }),
    asked =>
      readHistory({ ...asked, points: 500 }, AbortSignal.timeout(30_000)).then(
        ({ points }) => ({ points, why: null }),
        (error: Error) => ({ points: [], why: error.message }),
      ),
  );
  const unit = () => (metric().match(/Read|Write|In|Out/) ? "bytes/s" : "percent") as "bytes/s" | "percent";
  const marks = () =>
    (props.replay?.firings ?? []).map(({ from, to, level, peak }) => ({
      at: from,
      to: to ?? Number.POSITIVE_INFINITY,
      label: t("{level}, up to {peak}", { level: levelName(level), peak: formatValue(peak, unit()) }),
      level,
    }));
  return (
    <Chart
      title={t("{signalName} of {resourceName}", { signalName: signalName(metric()), resourceName: props.name })}
      lines={[{ key: props.id, name: props.name, colour: 0, points: points.latest?.points ?? [] }]}
      from={props.outcome.after.from}
      to={props.outcome.after.to}
      scale={scaleOf(metric())}
      teller="Proxmox"
      marks={marks()}
      nothing={points.loading ? t("Loading…") : (points.latest?.why ?? t("Nothing is known of this time"))}
      tall
    />
  );
}
