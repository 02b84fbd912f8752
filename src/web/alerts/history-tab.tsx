import { createEffect, createMemo, createSignal, For, type JSX, on, Show } from "solid-js";
import { DAY } from "../../kit/units.ts";
import type { Transition } from "../../model/alert.ts";
import { formatDuration, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { AskingButton } from "../security/asking.tsx";
import { Drawer, Fact } from "../ui/drawer.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { LogTable } from "../ui/log-table.tsx";
import { saveFile } from "../ui/save-file.ts";
import { EmptyState } from "../ui/states.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { t, told } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { type Episode, forgetHistory, readEpisodes, readTransitions } from "./alert-api.ts";
import { alertVocabulary } from "./alert-search.ts";
import { episodesCsv } from "./csv.ts";
import { EpisodeBand } from "./episode-band.tsx";
import { endText, episodeColumns } from "./episode-columns.tsx";
import { ResourceLink } from "./incident-line.tsx";
import { formatValue, levelName, RESOURCE_NAMES, resourceName, STEPS, signalName } from "./words.ts";

const SPANS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
type Span = keyof typeof SPANS;
const PAGE = 200;

/** What fired: as a band over time, and as a table. */
export function HistoryTab(props: { onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [spanText, setSpan] = createUrlState("span", "24h");
  const span = (): Span => (Object.hasOwn(SPANS, spanText()) ? (spanText() as Span) : "24h");
  const [level, setLevel] = createUrlState("level", "all");
  const [text, setText] = createUrlState("q");
  const [opened, setOpened] = createUrlState("alert");
  const [pages, setPages] = createSignal(1);
  createEffect(on([span, level], () => setPages(1)));
  /** Read anew when an alert comes or goes. */
  const which = createMemo(() =>
    alertsOf(live.picture())
      .map(({ id, level }) => `${id} ${level}`)
      .join("\n"),
  );
  const reading = createReading<Episode[]>(
    () => readEpisodes({ from: Math.round(live.now() - SPANS[span()]), level: level(), limit: pages() * PAGE }),
    { key: () => `${span()} ${level()}`, whenever: [which] },
  );
  const episodes = () => reading.told() ?? [];
  const more = async () => {
    setPages(pages() + 1);
    reading.again();
  };
  const vocabulary = alertVocabulary(live.now);
  const query = createMemo(() => parseQuery(text(), vocabulary, vocabularyOf(episodes(), vocabulary)));
  const found = createMemo(() => episodes().filter(query().test));
  const rows = createMemo(() => found().map(of => ({ id: keyOf(of), stale: false as const, of })));
  const columns = episodeColumns(props.onShow);
  const shown = () => episodes().find(episode => keyOf(episode) === opened()) ?? null;
  return (
    <>
      <div class="page-tools alert-tools">
        <FilterField
          text={text()}
          onText={setText}
          label={t("Search the history")}
          placeholder={t("Search: pve1, type:cpu, by:ann…")}
        />
        <label class="choice">
          <span class="visually-hidden">{t("Level")}</span>
          <select value={level()} onChange={event => setLevel(event.currentTarget.value)}>
            <option value="all">{t("All levels")}</option>
            <option value="critical">{t("Critical")}</option>
            <option value="warning">{t("Warning")}</option>
          </select>
        </label>
        <fieldset class="segments">
          <legend class="visually-hidden">{t("How far back")}</legend>
          <For each={Object.keys(SPANS)}>
            {key => (
              <button type="button" aria-pressed={span() === key} onClick={() => setSpan(key)}>
                {key}
              </button>
            )}
          </For>
        </fieldset>
        <Problem why={query().error} />
      </div>
      <EpisodeBand
        episodes={found()}
        from={live.now() - SPANS[span()]}
        to={live.now()}
        onOpen={episode => setOpened(keyOf(episode))}
      />
      <LogTable
        name="episodes"
        title={t("What fired")}
        reading={{ ...reading, hasMore: () => episodes().length >= pages() * PAGE, more }}
        what={t("What fired cannot be read now")}
        rows={rows()}
        columns={columns}
        sort="-began"
        shown={opened()}
        onShow={id => setOpened(opened() === id ? "" : id, "push")}
        help={t(
          "Each time that something fired: when it began and ended, how bad it was at its worst, and who acknowledged it. A press on a line shows its steps.",
        )}
        docs="alerts#on-the-page"
        tools={
          <>
            <button
              type="button"
              class="button push"
              disabled={found().length === 0}
              onClick={() => saveFile("pulse-alerts.csv", episodesCsv(found()), "text/csv")}
            >
              {t("Export as CSV")}
            </button>
            <Show when={live.session()?.may.includes("admin")}>
              <AskingButton
                label={t("Forget all")}
                question={t("Forget all that is over?")}
                confirm={t("Forget")}
                does={forgetHistory}
                onDone={reading.again}
              />
            </Show>
          </>
        }
        empty={
          <EmptyState
            icon="history"
            title={episodes().length === 0 ? t("Nothing fired in this time") : t("Nothing like that fired.")}
            text={episodes().length === 0 ? t("What fires, and what became of it, stands here.") : undefined}
          >
            <Show when={text() !== ""}>
              <button type="button" class="button" onClick={() => setText("")}>
                {t("Show all")}
              </button>
            </Show>
            <Show when={episodes().length === 0 && span() !== "30d"}>
              <button type="button" class="button" onClick={() => setSpan("30d")}>
                {t("Look at 30 days")}
              </button>
            </Show>
          </EmptyState>
        }
      />
      <Show when={shown()}>
        {episode => <EpisodeDrawer episode={episode()} onClose={() => setOpened("")} onShow={props.onShow} />}
      </Show>
    </>
  );
}

/** The same alert may fire again and again. */
function keyOf({ id, startTime }: Episode): string {
  return `${id} ${startTime}`;
}

/** One alert and the steps of its life. */
function EpisodeDrawer(props: { episode: Episode; onClose: () => void; onShow: (id: string) => void }): JSX.Element {
  const steps = createReading<Transition[]>(() => readTransitions(props.episode.id), { key: () => props.episode.id });
  return (
    <Drawer
      shows={keyOf(props.episode)}
      title={t("{signalName} of {resourceName}", {
        signalName: signalName(props.episode.type),
        resourceName: resourceName(props.episode),
      })}
      onClose={props.onClose}
    >
      <p>{told(props.episode.message)}</p>
      <dl class="facts">
        <Fact name={t("Resource")}>
          <ResourceLink alert={props.episode} onShow={props.onShow} />
          <span class="muted">{RESOURCE_NAMES[props.episode.resourceType]}</span>
        </Fact>
        <Fact name={t("Worst")}>
          <span class={`status-word ${props.episode.worst}`}>{levelName(props.episode.worst)}</span>
        </Fact>
        <Fact name={t("Began")}>{formatTime(Date.parse(props.episode.startTime))}</Fact>
        <Fact name={t("Ended")}>
          {endText(props.episode)}
          <Show when={props.episode.endTime}>{at => <span class="muted">{formatTime(Date.parse(at()))}</span>}</Show>
        </Fact>
        <Fact name={t("Lasted")}>{formatDuration(props.episode.duration * 1000)}</Fact>
        <Show when={props.episode.unit !== "state"}>
          <Fact name={t("Threshold")}>{formatValue(props.episode.threshold, props.episode.unit)}</Fact>
        </Show>
      </dl>
      <h3>{t("Steps")}</h3>
      <Loaded reading={steps} what={t("The steps cannot be read now")} lines={3}>
        {all => (
          <ol class="steps" aria-label={t("Steps")}>
            <For
              each={all().filter(({ alert }) => alert.startTime === props.episode.startTime)}
              fallback={<li class="muted">{t("No step is kept.")}</li>}
            >
              {step => (
                <li>
                  <span class="number muted">{formatTime(step.at)}</span>
                  <strong>{STEPS[step.kind]}</strong>
                  <Show when={step.user}>{who => <span>{t("by {who}", { who: who() })}</span>}</Show>
                  <Show when={step.alert.unit !== "state"}>
                    <span class="muted">
                      {t("at {value}", { value: formatValue(step.alert.value, step.alert.unit) })}
                    </span>
                  </Show>
                  <Show when={step.reason}>{why => <span class="muted">{told(why())}</span>}</Show>
                </li>
              )}
            </For>
          </ol>
        )}
      </Loaded>
    </Drawer>
  );
}
