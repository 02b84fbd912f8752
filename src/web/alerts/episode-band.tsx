import { createMemo, createSignal, For, Index, type JSX, Show } from "solid-js";
import { DAY, type Instant } from "../../kit/units.ts";
import { formatDuration, formatTime } from "../format/format.ts";
import { Panel } from "../ui/panel.tsx";
import { locale, plural, t } from "../words/words.ts";
import type { Episode } from "./alert-api.ts";
import { type BandLine, toBand } from "./episode-bars.ts";
import { levelName, resourceName, signalName } from "./words.ts";

const LINES_AT_FIRST = 10;
const TICKS = 6;

/** When which resource fired. Each bar is a button; arrow keys go from bar to bar. The table below says the same. */
export function EpisodeBand(props: {
  episodes: readonly Episode[];
  from: Instant;
  to: Instant;
  onOpen: (episode: Episode) => void;
}): JSX.Element {
  const [all, setAll] = createSignal(false);
  const lines = createMemo(() => toBand(props.episodes, props.from, props.to));
  const listed = () => (all() ? lines() : lines().slice(0, LINES_AT_FIRST));
  const ticks = () =>
    Array.from({ length: TICKS }, (_, index) => {
      const at = props.from + ((props.to - props.from) * index) / TICKS;
      return { at: index / TICKS, text: tickText(at, props.to - props.from) };
    });
  return (
    <Show when={lines().length > 0}>
      <Panel id="band" title={t("When")} count={plural(lines().length, "resource")}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields. */}
        <div
          class="band"
          role="group"
          aria-label={t("When which resource fired; the table below says the same")}
          onKeyDown={step}
        >
          <div class="band-axis" aria-hidden="true">
            <span class="band-track">
              <For each={ticks()}>{({ at, text }) => <i style={{ left: `${at * 100}%` }}>{text}</i>}</For>
            </span>
          </div>
          {/* By their place, so that the focus stays where it is as time goes on. */}
          <Index each={listed()}>{line => <Line line={line()} onOpen={props.onOpen} />}</Index>
        </div>
        <Show when={lines().length > LINES_AT_FIRST}>
          <button type="button" class="button quiet more" aria-expanded={all()} onClick={() => setAll(!all())}>
            {all() ? t("Show fewer") : t("Show all {lines}", { lines: lines().length })}
          </button>
        </Show>
      </Panel>
    </Show>
  );
}

function Line(props: { line: BandLine<Episode>; onOpen: (episode: Episode) => void }): JSX.Element {
  return (
    <div class="band-line">
      <span class="band-name" title={props.line.name}>
        {props.line.name}
      </span>
      <span class="band-track">
        <Index each={props.line.bars}>
          {bar => (
            <button
              type="button"
              class={`band-bar ${bar().episode.worst}`}
              classList={{ firing: bar().episode.endTime === null }}
              style={{ left: `${bar().from * 100}%`, width: `${(bar().to - bar().from) * 100}%` }}
              aria-label={barText(bar().episode)}
              title={barText(bar().episode)}
              onClick={() => props.onOpen(bar().episode)}
            />
          )}
        </Index>
      </span>
    </div>
  );
}

function barText(episode: Episode): string {
  const lasted = formatDuration(episode.duration * 1000);
  const when = formatTime(Date.parse(episode.startTime));
  const how =
    episode.endTime === null ? t("fires since {lasted}", { lasted }) : t("for {duration}", { duration: lasted });
  return `${resourceName(episode)}, ${signalName(episode.type)}, ${levelName(episode.worst)}: ${when}, ${how}`;
}

function tickText(at: Instant, span: number): string {
  const date = new Date(at);
  return span <= DAY
    ? date.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" })
    : date.toLocaleDateString(locale(), { day: "numeric", month: "short" });
}

/** Arrow keys go to the bar before or after, of any line. */
function step(event: KeyboardEvent): void {
  const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (by === undefined) return;
  const bars = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLButtonElement>(".band-bar")];
  const at = bars.indexOf(event.target as HTMLButtonElement);
  if (at === -1) return;
  bars[Math.max(0, Math.min(bars.length - 1, at + by))]?.focus();
  event.preventDefault();
}
