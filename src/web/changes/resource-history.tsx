import "./changes.css";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { DAY, type Instant } from "../../kit/units.ts";
import { alertsOf } from "../alerts/active.ts";
import { type Episode, readEpisodes } from "../alerts/alert-api.ts";
import { signalName } from "../alerts/words.ts";
import { formatDuration, formatMoment, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { ErrorState, Skeleton } from "../ui/states.tsx";
import { t } from "../words/words.ts";
import { missedText, saysOf } from "./change-words.ts";
import { createChanges } from "./changes-api.ts";

/** Changes are kept no longer. */
const LENGTH = 30 * DAY;
const MOST = 100;
const AT_FIRST = 6;

interface Entry {
  id: string;
  at: Instant;
  says: string;
  tone: "plain" | "warning" | "critical";
  title: string;
}

/** What happened to one thing in the last 30 days: what about it changed, and when its alerts fired; the newest first. */
export default function ResourceHistory(props: { id: string }): JSX.Element {
  const live = useLive();
  const [all, setAll] = createSignal(false);
  const changes = createChanges(() => ({ length: LENGTH, limit: MOST, resource: props.id }));
  // Of its alerts that fire now something is known by the picture: when that is another, what is over is another, too.
  const firing = () =>
    alertsOf(live.picture())
      .filter(({ resourceId }) => resourceId === props.id)
      .map(({ id, level }) => `${id} ${level}`)
      .join("\n");
  const episodes = createReading<Episode[]>(
    () => readEpisodes({ resource: props.id, from: Math.round(live.now() - LENGTH), limit: MOST }),
    { key: () => props.id, whenever: [createMemo(firing)] },
  );
  const entries = createMemo(() => {
    const [told, fired] = [changes.told(), episodes.told()];
    if (!told || !fired) return null;
    return [...told.changes.map(toChangeEntry), ...fired.map(toEpisodeEntry)].sort((a, b) => b.at - a.at);
  });
  const listed = () => (all() ? entries() : entries()?.slice(0, AT_FIRST)) ?? [];
  const problem = () => (entries() ? null : (changes.problem() ?? episodes.problem()));
  return (
    <section class="happened" aria-labelledby="happened-title">
      <h3 id="happened-title">{t("What happened")}</h3>
      <Show when={problem()}>
        {why => (
          <ErrorState
            what={t("What happened cannot be read now")}
            why={why()}
            onAgain={() => {
              changes.again();
              episodes.again();
            }}
          />
        )}
      </Show>
      <Show when={!entries() && !problem()}>
        <Skeleton lines={3} />
      </Show>
      <Show when={entries()?.length === 0}>
        <p class="muted">{t("Nothing about it changed in the last 30 days, and no alert fired.")}</p>
      </Show>
      <ol class="happenings">
        <For each={listed()}>
          {entry => (
            <li class={`happening ${entry.tone}`} title={entry.title}>
              <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(entry.at, live.now())}</time>
              <span>{entry.says}</span>
            </li>
          )}
        </For>
      </ol>
      <Show when={(entries()?.length ?? 0) > AT_FIRST}>
        <button type="button" class="button quiet" aria-expanded={all()} onClick={() => setAll(!all())}>
          {all() ? t("Show fewer") : t("Show all {lines}", { lines: entries()?.length })}
        </button>
      </Show>
    </section>
  );
}

function toChangeEntry(change: Parameters<typeof saysOf>[0]): Entry {
  const { number, at, after } = change;
  const missed = missedText(change);
  return {
    id: `change ${number}`,
    at,
    says: missed === null ? saysOf(change) : t("{says}, {missed}", { says: saysOf(change), missed }),
    tone: "plain",
    title:
      missed === null || after === null
        ? formatTime(at)
        : t("Between {after} and {at}", { after: formatTime(after), at: formatTime(at) }),
  };
}

function toEpisodeEntry({ id, startTime, endTime, type, worst, duration, message }: Episode): Entry {
  const at = Date.parse(startTime);
  const lasted = formatDuration(duration * 1000, "whole");
  return {
    id: `episode ${id} ${startTime}`,
    at,
    says:
      endTime === null
        ? t("{alert}: fires since then", { alert: signalName(type) })
        : t("{alert}: fired for {lasted}", { alert: signalName(type), lasted }),
    tone: worst,
    title: `${formatTime(at)}: ${message}`,
  };
}
