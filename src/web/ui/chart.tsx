import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, onMount, Show } from "solid-js";
import { DAY, type Instant, SECOND } from "../../kit/units.ts";
import { locale, t } from "../words/words.ts";
import { type ChartLine, type ChartMark, importedSpans, toColumns } from "./chart-data.ts";
import { ChartTable, type Described, markText, valueText } from "./chart-table.tsx";
import { createMedia } from "./media.ts";
import { openPlot, type Plot, toData, type ValueScale } from "./plot.ts";
import { theme } from "./theme.ts";

export interface ChartProps {
  title: string;
  lines: readonly ChartLine[];
  from: Instant;
  to: Instant;
  scale: ValueScale;
  /** Times worth a line or a band of their own, such as when an alert fired. */
  marks?: readonly ChartMark[];
  /** Who told what Pulse did not see itself: such times are hatched, and the head says so. */
  teller: string;
  /** Said in place of lines while there is nothing to draw. */
  nothing: string;
  tall?: boolean;
  /** Takes what each line is at the crosshair, by its key, in place of the head; null: it is nowhere. */
  onValues?: (values: ReadonlyMap<string, number | null> | null) => void;
}

/**
 * Lines over time, drawn with uPlot. A drag zooms, a double click or the button goes back. The crosshair follows the mouse, a finger, or
 * the arrow keys, and what it is at is said to screen readers; "Show as table" gives every value as text.
 */
export function Chart(props: ChartProps): JSX.Element {
  let box: HTMLDivElement | undefined;
  let plot: Plot | null = null;
  const [place, setPlace] = createSignal<number | null>(null);
  const [zoom, setZoom] = createSignal<readonly [number, number] | null>(null);
  const [asTable, setAsTable] = createSignal(false);
  const [spoken, setSpoken] = createSignal("");
  const isDark = createMedia("(prefers-color-scheme: dark)");
  const columns = createMemo(() => toColumns(props.lines));
  const described = createMemo(
    (): Described => ({
      lines: props.lines,
      columns: columns(),
      scale: props.scale,
      marks: props.marks ?? [],
      teller: props.teller,
    }),
  );
  const imported = createMemo(() => importedSpans(columns()));
  const isImportedInSight = () => imported().some(([from, to]) => to > view()[0] && from < view()[1]);
  const view = (): readonly [number, number] => zoom() ?? [props.from / SECOND, props.to / SECOND];
  const reset = () => setZoom(null);

  const draw = () => {
    plot?.destroy();
    plot = null;
    if (!box) return;
    plot = openPlot(
      box,
      {
        lines: props.lines,
        scale: props.scale,
        view,
        marks: () => props.marks ?? [],
        imported,
        onCursor: setPlace,
        onZoom: (from, to) => setZoom([from, to]),
        onReset: reset,
      },
      columns(),
    );
  };
  onMount(() => {
    const observer = new ResizeObserver(() => {
      if (box && plot) plot.setSize({ width: box.clientWidth, height: box.clientHeight });
    });
    if (box) observer.observe(box);
    onCleanup(() => {
      observer.disconnect();
      plot?.destroy();
    });
    const which = createMemo(() => props.lines.map(({ key, colour }) => `${key} ${colour}`).join("\n"));
    // NOTE: one effect: values of other lines would not fit the lines that are drawn.
    createEffect(
      on([which, () => props.scale, columns, view, () => props.marks], ([keys, scale], before) => {
        if (before && keys === before[0] && scale === before[1]) plot?.setData(toData(props.lines, columns()));
        else draw();
      }),
    );
    createEffect(on([theme, isDark], () => requestAnimationFrame(() => plot?.redraw(false)), { defer: true }));
  });

  createEffect(
    on([place, columns], ([at, { means }]) => {
      const values = () => new Map(props.lines.map(({ key }, line) => [key, means[line]?.[at ?? -1] ?? null]));
      props.onValues?.(at === null ? null : values());
    }),
  );

  /** Moves the crosshair to a place, and says what is there. */
  const goTo = (to: number) => {
    const time = columns().times[to];
    if (time === undefined || !plot) return;
    plot.setCursor({ left: plot.valToPos(time, "x"), top: 0 });
    setPlace(to);
    setSpoken(valueText(described(), to));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && zoom()) reset();
    else {
      const next = stepTo(event.key, place(), insideOf(columns().times, view()));
      if (next === null) return;
      goTo(next);
    }
    event.preventDefault();
  };
  return (
    <section class="chart" classList={{ tall: props.tall ?? false }} aria-label={props.title}>
      <header class="chart-head">
        <h4>{props.title}</h4>
        <Values described={described()} place={place()} onlyTime={props.onValues !== undefined} />
        <Show when={isImportedInSight()}>
          <span class="chart-imported">
            <i class="chart-hatch" aria-hidden="true" /> {t("from {teller}", { teller: described().teller })}
          </span>
        </Show>
        <Show when={zoom()}>
          <button type="button" class="chart-tool" onClick={reset}>
            {t("Reset zoom")}
          </button>
        </Show>
        <button type="button" class="chart-tool" aria-expanded={asTable()} onClick={() => setAsTable(!asTable())}>
          {asTable() ? t("Hide table") : t("Show as table")}
        </button>
      </header>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields. */}
      <div
        class="chart-box"
        role="group"
        tabindex={0}
        aria-roledescription={t("chart")}
        aria-label={t("{title}: arrow keys read its values", { title: props.title })}
        onKeyDown={onKey}
      >
        <div ref={box} class="chart-plot" />
        <Show when={place() === null ? "" : markText(described(), place() ?? 0)}>
          {text => (
            <p class="chart-tip" style={{ left: `${tipAt(plot, columns().times[place() ?? 0] ?? 0)}%` }}>
              {text()}
            </p>
          )}
        </Show>
        <Show when={columns().times.length === 0}>
          <p class="chart-nothing">{props.nothing}</p>
        </Show>
      </div>
      <p class="visually-hidden" aria-live="polite">
        {spoken()}
      </p>
      <Show when={asTable()}>
        <ChartTable title={props.title} described={described()} from={view()[0]} to={view()[1]} />
      </Show>
    </section>
  );
}

/** Where a text stands that belongs to a time, in percent of the width, not too near the edges. */
function tipAt(plot: Plot | null, time: number): number {
  if (!plot) return 50;
  const share = ((plot.valToPos(time, "x") + plot.over.offsetLeft) / Math.max(1, plot.width)) * 100;
  return Math.max(15, Math.min(85, share));
}

/** What the lines are at the crosshair, or at last. */
function Values(props: { described: Described; place: number | null; onlyTime: boolean }): JSX.Element {
  const place = () => props.place ?? props.described.columns.times.length - 1;
  const time = () => props.described.columns.times[place()];
  return (
    <span class="chart-values number">
      <For each={props.onlyTime ? [] : props.described.lines}>
        {(line, index) => (
          <span>
            <Show when={props.described.lines.length > 1}>
              <Swatch colour={line.colour} />
              {line.name}{" "}
            </Show>
            <b>{props.described.scale.format(props.described.columns.means[index()]?.[place()] ?? null)}</b>
          </span>
        )}
      </For>
      <Show when={props.place !== null && time()}>{at => <time>{cursorTime(at() * SECOND)}</time>}</Show>
    </span>
  );
}

const clock = new Intl.DateTimeFormat(locale(), {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const dayAndClock = new Intl.DateTimeFormat(locale(), {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** A time as briefly as it is plain: of the last day without its date. */
function cursorTime(at: Instant): string {
  return (Math.abs(Date.now() - at) < DAY ? clock : dayAndClock).format(at);
}

/** The colour of a line, beside its name. */
export function Swatch(props: { colour: number }): JSX.Element {
  return <i class="chart-swatch" style={{ color: `var(--series-${props.colour})` }} aria-hidden="true" />;
}

/** The first and last place of times that are in sight; null: none is. */
function insideOf(times: readonly number[], [from, to]: readonly [number, number]): readonly [number, number] | null {
  const first = times.findIndex(time => time >= from);
  const last = times.findLastIndex(time => time <= to);
  return first === -1 || last < first ? null : [first, last];
}

/** The place that a key leads to; null: the key leads nowhere. */
function stepTo(key: string, at: number | null, inside: readonly [number, number] | null): number | null {
  if (!inside) return null;
  const [first, last] = inside;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: at === null ? last : at - 1,
    ArrowRight: at === null ? first : at + 1,
    PageUp: (at ?? last) - 10,
    PageDown: (at ?? first) + 10,
    Home: first,
    End: last,
  };
  const next = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return next === undefined ? null : Math.max(first, Math.min(last, next));
}
