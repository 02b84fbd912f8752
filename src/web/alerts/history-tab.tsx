import { createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show } from "solid-js";
import { DAY } from "../../kit/units.ts";
import { formatDuration, formatMoment, formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { AskingButton } from "../security/asking.tsx";
import { Drawer, Fact } from "../ui/drawer.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { locale, t, told } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { type Episode, forgetHistory, readEpisodes, readTransitions } from "./alert-api.ts";
import { alertVocabulary } from "./alert-search.ts";
import { toCsv } from "./csv.ts";
import { EpisodeBand } from "./episode-band.tsx";
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
  const [read, { refetch }] = createResource(
    () => ({ span: span(), level: level(), pages: pages(), which: which() }),
    ({ span, level, pages }) =>
      readEpisodes({ from: Math.round(live.now() - SPANS[span]), level, limit: pages * PAGE }),
  );
  const episodes = createMemo(() => {
    const said = read.latest;
    return said === undefined || isRefused(said) ? [] : said;
  });
  const problem = () => (read.latest !== undefined && isRefused(read.latest) ? read.latest.error : null);
  const vocabulary = alertVocabulary(live.now);
  const query = createMemo(() => parseQuery(text(), vocabulary, vocabularyOf(episodes(), vocabulary)));
  const found = createMemo(() => episodes().filter(query().test));
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
        <Show when={query().error}>{why => <p class="form-problem">{why()}</p>}</Show>
      </div>
      <Show when={problem()}>{why => <p class="form-problem">{why()}</p>}</Show>
      <EpisodeBand
        episodes={found()}
        from={live.now() - SPANS[span()]}
        to={live.now()}
        onOpen={episode => setOpened(keyOf(episode))}
      />
      <Panel
        id="episodes"
        title={t("What fired")}
        count={`${found().length.toLocaleString(locale())}${episodes().length >= pages() * PAGE ? "+" : ""}`}
        tools={
          <>
            <button type="button" class="button push" disabled={found().length === 0} onClick={() => download(found())}>
              {t("Export as CSV")}
            </button>
            <Show when={live.session()?.may.includes("admin")}>
              <AskingButton
                label={t("Forget all")}
                question={t("Forget all that is over?")}
                confirm={t("Forget")}
                does={forgetHistory}
                onDone={() => void refetch()}
              />
            </Show>
          </>
        }
      >
        <EpisodeTable episodes={found()} onOpen={episode => setOpened(keyOf(episode), "push")} onShow={props.onShow} />
        <Show when={episodes().length >= pages() * PAGE}>
          <p>
            <button type="button" class="button quiet more" onClick={() => setPages(pages() + 1)}>
              {t("Load more")}
            </button>
          </p>
        </Show>
      </Panel>
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

function download(episodes: readonly Episode[]): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([toCsv(episodes)], { type: "text/csv" }));
  link.download = "pulse-alerts.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

const ENDS: Readonly<Record<string, string>> = {
  resolved: t("resolved"),
  withdrawn: t("withdrawn"),
  cleared: t("cleared"),
};

function endText({ ended, endTime }: Episode): string {
  return endTime === null ? t("fires") : (ENDS[ended ?? ""] ?? t("over"));
}

function EpisodeTable(props: {
  episodes: readonly Episode[];
  onOpen: (episode: Episode) => void;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  return (
    <ScrollTable caption={t("History of alerts")} class="wide-table episodes">
      <thead>
        <tr>
          <th scope="col">{t("Began")}</th>
          <th scope="col">{t("Level")}</th>
          <th scope="col">{t("Resource")}</th>
          <th scope="col">{t("Signal")}</th>
          <th scope="col">{t("What it said")}</th>
          <th scope="col">{t("Lasted")}</th>
          <th scope="col">{t("Ended")}</th>
          <th scope="col">{t("Acknowledged")}</th>
        </tr>
      </thead>
      <tbody>
        <For
          each={props.episodes}
          fallback={
            <tr>
              <td colSpan={8} class="nothing">
                {t("Nothing like that fired.")}
              </td>
            </tr>
          }
        >
          {episode => (
            <tr>
              <td class="number" title={formatTime(Date.parse(episode.startTime))}>
                {formatMoment(Date.parse(episode.startTime), live.now())}
              </td>
              <td>
                <span class={`status-word ${episode.worst}`}>{levelName(episode.worst)}</span>
              </td>
              <th scope="row">
                <ResourceLink alert={episode} onShow={props.onShow} />
              </th>
              <td>{signalName(episode.type)}</td>
              <td class="episode-message">
                <button type="button" class="link-line" onClick={() => props.onOpen(episode)}>
                  {told(episode.message)}
                </button>
              </td>
              <td class="number" data-say={t("lasted")}>
                {formatDuration(episode.duration * 1000)}
              </td>
              <td>
                <span classList={{ "status-word warning": episode.endTime === null }}>{endText(episode)}</span>
              </td>
              <td data-say={t("acknowledged:")}>{episode.acknowledged ? episode.ackUser || t("yes") : ""}</td>
            </tr>
          )}
        </For>
      </tbody>
    </ScrollTable>
  );
}

/** One alert and the steps of its life. */
function EpisodeDrawer(props: { episode: Episode; onClose: () => void; onShow: (id: string) => void }): JSX.Element {
  const [steps] = createResource(() => props.episode.id, readTransitions);
  const own = () => {
    const said = steps.latest;
    if (said === undefined || isRefused(said)) return [];
    return said.filter(({ alert }) => alert.startTime === props.episode.startTime);
  };
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
      <ol class="steps" aria-label={t("Steps")}>
        <For each={own()} fallback={<li class="muted">{steps.loading ? t("Loading…") : t("No step is kept.")}</li>}>
          {step => (
            <li>
              <span class="number muted">{formatTime(step.at)}</span>
              <strong>{STEPS[step.kind]}</strong>
              <Show when={step.user}>{who => <span>{t("by {who}", { who: who() })}</span>}</Show>
              <Show when={step.alert.unit !== "state"}>
                <span class="muted">{t("at {value}", { value: formatValue(step.alert.value, step.alert.unit) })}</span>
              </Show>
              <Show when={step.reason}>{why => <span class="muted">{told(why())}</span>}</Show>
            </li>
          )}
        </For>
      </ol>
    </Drawer>
  );
}
