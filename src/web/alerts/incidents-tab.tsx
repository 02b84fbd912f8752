import { createEffect, createMemo, For, type JSX, Show } from "solid-js";
import { DAY } from "../../kit/units.ts";
import type { Alert } from "../../model/alert.ts";
import { formatAgo, formatDuration, formatTime } from "../format/format.ts";
import { isRefused, type Refused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading, type Reading } from "../live/reading.ts";
import { toProblems, toVerdict } from "../overview/problems.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { PageLink } from "../ui/page-link.tsx";
import { Panel } from "../ui/panel.tsx";
import { type QuickFilter, QuickFilters } from "../ui/quick-filters.tsx";
import { createSelection } from "../ui/selection.ts";
import { EmptyState } from "../ui/states.tsx";
import { createGrowing } from "../ui/turns.ts";
import { createUrlState } from "../ui/url-state.ts";
import { plural, t } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { readEpisodes, readSilences } from "./alert-api.ts";
import { alertVocabulary } from "./alert-search.ts";
import ChosenBar from "./chosen-bar.tsx";
import { alertsCsv } from "./csv.ts";
import { IncidentLine, LinkedMessage } from "./incident-line.tsx";
import { type Incident, toIncidents } from "./incidents.ts";
import { countText, signalName } from "./words.ts";

/** What fires now, the worst first, and what one can do about it. */
export function IncidentsTab(props: { onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [text, setText] = createUrlState("q");
  const vocabulary = alertVocabulary(live.now);
  const alerts = createMemo(() => alertsOf(live.picture()));
  const query = createMemo(() => {
    const known = vocabularyOf(alerts(), vocabulary);
    return parseQuery(text(), vocabulary, known);
  });
  const all = createMemo(() => toIncidents(alerts()));
  const found = createMemo(() => all().filter(({ alert, carried }) => [alert, ...carried].some(query().test)));
  /** Changes when an alert comes or goes: then what has just ended is read anew. */
  const which = createMemo(() =>
    alerts()
      .map(({ id }) => id)
      .join("\n"),
  );
  const ended = createReading(() => readEnded(live.now()), { whenever: [which] });
  const silences = createReading(readSilences);
  const silencesNow = () => (silences.told() ?? []).filter(({ state }) => state === "active");
  return (
    <>
      <Show
        when={all().length > 0}
        fallback={<AllWell ended={ended.told() ?? []} now={live.now()} hasRead={ended.told() !== null} />}
      >
        <Tools alerts={alerts()} text={text()} onText={setText} error={query().error} />
        <Incidents
          found={found()}
          all={all()}
          silences={silencesNow()}
          onSilenced={silences.again}
          onShow={props.onShow}
        />
      </Show>
      <Show when={ended.told()?.length !== 0}>
        <Ended reading={ended} onShow={props.onShow} />
      </Show>
    </>
  );
}

type EndedEpisode = Alert & { endTime: string; ended: string | null; duration: number };

/** What ended within the last day, the latest first; at the most eight. */
async function readEnded(now: number): Promise<EndedEpisode[] | Refused> {
  const read = await readEpisodes({ from: Math.round(now - DAY), limit: 200 });
  if (isRefused(read)) return read;
  return read
    .flatMap(episode => (episode.endTime === null ? [] : [{ ...episode, endTime: episode.endTime }]))
    .toSorted((a, b) => Date.parse(b.endTime) - Date.parse(a.endTime))
    .slice(0, 8);
}

function AllWell(props: { ended: readonly EndedEpisode[]; now: number; hasRead: boolean }): JSX.Element {
  const live = useLive();
  const since = () => props.ended[0]?.endTime;
  /** Without an alert not all need be well: lists are still being read, or what one shows is old. */
  const isWell = () => toVerdict(live.picture(), toProblems(live.picture())).level === "well";
  return (
    <section class="panel all-well" classList={{ waits: !isWell() }}>
      <Icon name={isWell() ? "check" : "history"} />
      <div>
        <h2>{isWell() ? t("All is well") : t("No alerts")}</h2>
        <p class="muted">
          <Show
            when={since()}
            fallback={props.hasRead ? t("Nothing has fired within the last day.") : t("Nothing fires.")}
          >
            {at => (
              <>
                {t("Nothing fires since {time}, {ago}.", {
                  time: formatTime(Date.parse(at())),
                  ago: formatAgo(Date.parse(at()), props.now),
                })}
              </>
            )}
          </Show>
        </p>
      </div>
    </section>
  );
}

function Tools(props: {
  alerts: readonly Alert[];
  text: string;
  onText: (text: string) => void;
  error: string | null;
}): JSX.Element {
  const chips = createMemo(() => toChips(props.alerts));
  return (
    <div class="page-tools alert-tools">
      <FilterField
        text={props.text}
        onText={props.onText}
        label={t("Search alerts")}
        placeholder={t("Search: pve1, type:cpu, is:open, age>1h…")}
      />
      <QuickFilters filters={chips()} text={props.text} onText={props.onText} />
      <Problem why={props.error} />
    </div>
  );
}

/** Only what divides the alerts is worth a button. */
function toChips(alerts: readonly Alert[]): QuickFilter[] {
  const tally = (field: string, of: (alert: Alert) => string, name: (value: string) => string) =>
    [...Map.groupBy(alerts, of)]
      .filter(([value]) => value !== "")
      .map(([value, { length }]) => ({ term: `${field}:${value}`, name: name(value), count: length }));
  const words = [
    ...tally(
      "level",
      alert => alert.level,
      value => (value === "critical" ? t("Critical") : t("Warning")),
    ),
    ...tally(
      "is",
      alert => (alert.acknowledged ? "acknowledged" : "open"),
      value => (value === "open" ? t("Open") : t("Acknowledged")),
    ),
    ...tally("type", alert => alert.type, signalName)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, 6),
    ...tally(
      "instance",
      alert => alert.instance,
      value => value,
    ),
  ];
  return words.filter(({ count }) => count < alerts.length);
}

function Incidents(props: {
  found: readonly Incident[];
  all: readonly Incident[];
  silences: Parameters<typeof IncidentLine>[0]["silences"];
  onSilenced: () => void;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  const may = () => live.session()?.may.includes("write") ?? false;
  const open = () => props.found.filter(({ alert }) => !alert.acknowledged);
  const order = () => props.found.map(({ id }) => id);
  const selection = createSelection(order);
  const drawn = createGrowing(order);
  const picked = () => props.found.filter(({ id }) => selection.has(id));
  const alerts = () => picked().flatMap(({ alert, carried }) => [alert, ...carried]);
  const isAll = () => open().length > 0 && open().every(({ id }) => selection.has(id));
  const isSome = () => picked().length > 0 && !isAll();
  const count = () =>
    props.found.length === props.all.length
      ? countText(props.all.length, props.all.filter(({ alert }) => alert.acknowledged).length)
      : t("{found} of {all}", { found: props.found.length, all: props.all.length });
  return (
    <Panel
      id="incidents"
      title={t("Now")}
      count={count()}
      tools={
        <Show when={props.found.length > 1}>
          <label class="check push choose-all">
            <input
              type="checkbox"
              checked={isAll()}
              ref={box => createEffect(() => (box.indeterminate = isSome()))}
              onChange={event => selection.set(event.currentTarget.checked ? open().map(({ id }) => id) : [])}
            />
            {t("All that are open")}
          </label>
        </Show>
      }
    >
      <ul class="incidents">
        <For each={drawn()}>
          {id => (
            <Show when={props.found.find(incident => incident.id === id)}>
              {incident => (
                <IncidentLine
                  incident={incident()}
                  mayAct={may()}
                  {...(props.found.length > 1 ? { choose: { selection, order } } : {})}
                  silences={props.silences}
                  onSilenced={props.onSilenced}
                  onShow={props.onShow}
                />
              )}
            </Show>
          )}
        </For>
      </ul>
      <Show when={picked().length > 0}>
        <ChosenBar
          count={picked().length}
          resources={[...Map.groupBy(alerts(), ({ resourceId }) => resourceId)].map(([id, [first]]) => ({
            id,
            name: first?.resourceName ?? id,
          }))}
          guests={[
            ...new Set(
              alerts().flatMap(({ resourceId, resourceType }) => (resourceType === "guest" ? [resourceId] : [])),
            ),
          ]}
          csv={() => alertsCsv(alerts())}
          onClear={() => selection.set([])}
        />
      </Show>
      <Show when={props.found.length === 0}>
        <Show
          when={props.all.length > 0}
          fallback={
            <EmptyState
              icon="check"
              title={t("Nothing fires")}
              text={t("What fires stands here, the worst first, with what it takes along and why it does.")}
            >
              <PageLink class="button" href="?page=alerts&tab=history">
                {t("What fired before")}
              </PageLink>
            </EmptyState>
          }
        >
          <p class="nothing">{t("No alert is like that.")}</p>
        </Show>
      </Show>
    </Panel>
  );
}

const ENDS: Readonly<Record<string, string>> = {
  resolved: t("resolved"),
  withdrawn: t("withdrawn: switched off, or its resource is gone"),
  cleared: t("cleared by hand"),
};

function Ended(props: { reading: Reading<EndedEpisode[]>; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  return (
    <Panel
      id="ended"
      title={t("Recently over")}
      count={t("{alerts}, the last day", { alerts: plural(props.reading.told()?.length ?? 0, "alert") })}
    >
      <Loaded reading={props.reading} what={t("What is over cannot be read now")} lines={4}>
        {episodes => (
          <ul class="ended">
            <For each={episodes()}>
              {episode => (
                <li>
                  <span class={`dot ${episode.level}`} aria-hidden="true" />
                  <span class="ended-text">
                    <LinkedMessage alert={episode} onShow={props.onShow} />
                  </span>
                  <span class="muted ended-when" title={formatTime(Date.parse(episode.endTime))}>
                    {t("{how} {ago}, after {duration}", {
                      how: ENDS[episode.ended ?? "resolved"],
                      ago: formatAgo(Date.parse(episode.endTime), live.now()),
                      duration: formatDuration(episode.duration * 1000),
                    })}
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}
