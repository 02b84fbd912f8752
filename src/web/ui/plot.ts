import uPlot from "uplot";
import "./chart.css";
import { SECOND } from "../../kit/units.ts";
import { locale } from "../words/words.ts";
import { type ChartLine, type ChartMark, type Columns, isolated } from "./chart-data.ts";

/** How the values of a chart are scaled and written. */
export interface ValueScale {
  format: (value: number | null) => string;
  /** The axis reaches up to that at the least. */
  floor: number;
  /** No value is greater; null: any may be. */
  top: number | null;
  /** Round numbers are those of bytes. */
  binary: boolean;
}

export interface PlotOptions {
  lines: readonly ChartLine[];
  scale: ValueScale;
  /** What is in sight, seconds since the Unix epoch. */
  view: () => readonly [number, number];
  marks: () => readonly ChartMark[];
  /** From when until when, seconds, what is drawn was not seen by Pulse itself. */
  imported: () => readonly (readonly [from: number, to: number])[];
  /** The crosshair is at that place of the times; null: nowhere. */
  onCursor: (place: number | null) => void;
  onZoom: (from: number, to: number) => void;
  onReset: () => void;
}

export type Plot = uPlot;

const AXIS_FONT = '11px system-ui, -apple-system, "Segoe UI", Roboto, "Open Sans", sans-serif';
const BINARY_STEPS = Array.from({ length: 60 }, (_, power) => 2 ** power);

/** Draws lines into `box`, which must have a width. One line has a band from its least to its greatest values. */
export function openPlot(box: HTMLElement, options: PlotOptions, columns: Columns): Plot {
  const { lines, scale, view } = options;
  const colour = colourReader(box);
  const band = hasBand(lines);
  const bound = (of: ChartLine): uPlot.Series => ({
    label: of.name,
    stroke: "transparent",
    width: 0,
    points: { show: false },
  });
  const [only] = lines;
  return new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [8, 8, 0, 0],
      scales: {
        x: { time: true, auto: true, range: () => [...view()] as uPlot.Range.MinMax },
        y: { range: (_, _least, most) => [0, topOf(most, scale)] },
      },
      axes: [timeAxis(colour), valueAxis(colour, scale)],
      series: [{}, ...(band && only ? [bound(only), bound(only)] : []), ...lines.map(one => toSeries(one, colour))],
      bands: band ? [{ series: [1, 2], fill: () => colour(mixed(only?.colour ?? 0)) }] : [],
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 5 },
        // What only bounds the band has no dot of its own.
        points: {
          size: (_, series) => (band && series < 3 ? 0 : 7),
          width: 2,
          stroke: (_, series) => colour(`var(--series-${lines[series - (band ? 3 : 1)]?.colour ?? 0})`),
          fill: () => colour("var(--surface)"),
        },
        bind: {
          dblclick: () => () => {
            options.onReset();
            return null;
          },
        },
      },
      hooks: {
        setCursor: [({ cursor }) => options.onCursor(cursor.idx ?? null)],
        setSelect: [
          plot => {
            const { left, width } = plot.select;
            if (width < 5) return;
            const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            options.onZoom(from, to);
          },
        ],
        drawClear: [plot => drawHatch(plot, options.imported(), colour)],
        draw: [plot => drawMarks(plot, options.marks(), colour)],
        ready: [plot => followTouch(plot)],
      },
    },
    toData(lines, columns),
    box,
  );
}

/** The columns as the plot takes them. */
export function toData(lines: readonly ChartLine[], { times, means, lows, highs }: Columns): uPlot.AlignedData {
  return hasBand(lines) ? [times, highs[0] ?? [], lows[0] ?? [], ...means] : [times, ...means];
}

function hasBand(lines: readonly ChartLine[]): boolean {
  return lines.length === 1;
}

type Colour = (value: string) => string;

/** Reads what a CSS colour comes to in the present theme: a canvas knows neither custom properties nor light-dark(). */
function colourReader(box: HTMLElement): Colour {
  const probe = document.createElement("span");
  probe.hidden = true;
  box.append(probe);
  return value => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
}

function mixed(colour: number): string {
  return `color-mix(in srgb, var(--series-${colour}) 20%, transparent)`;
}

function toSeries(line: ChartLine, colour: Colour): uPlot.Series {
  return {
    label: line.name,
    stroke: () => colour(`var(--series-${line.colour})`),
    width: 1.5,
    points: {
      show: false,
      size: 4,
      fill: () => colour(`var(--series-${line.colour})`),
      filter: (plot, series) => isolated(plot.data[series] ?? []),
    },
  };
}

function topOf(most: number | null, { floor, top }: ValueScale): number {
  const wanted = Math.max(floor, (most ?? 0) * 1.1);
  return top === null ? wanted : Math.min(top, wanted);
}

function timeAxis(colour: Colour): uPlot.Axis {
  return {
    stroke: () => colour("var(--muted)"),
    font: AXIS_FONT,
    size: 26,
    gap: 4,
    space: 52,
    grid: { show: false },
    ticks: { stroke: () => colour("var(--line-strong)"), width: 1, size: 4 },
    values: (_, splits, _axis, _space, step) => splits.map(second => timeLabel(second, step)),
  };
}

const day = new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat(locale(), { month: "short", year: "2-digit" });
const minute = new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const second = new Intl.DateTimeFormat(locale(), {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** A time as finely as ticks `step` seconds apart need it. */
function timeLabel(seconds: number, step: number): string {
  const at = new Date(seconds * SECOND);
  if (step >= 28 * 86_400) return month.format(at);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
  if (step >= 86_400 || (midnight && step >= 600)) return day.format(at);
  return (step >= 60 ? minute : second).format(at);
}

function valueAxis(colour: Colour, scale: ValueScale): uPlot.Axis {
  return {
    stroke: () => colour("var(--muted)"),
    font: AXIS_FONT,
    size: 64,
    gap: 6,
    space: 30,
    ...(scale.binary ? { incrs: BINARY_STEPS } : {}),
    grid: { stroke: () => colour("var(--track)"), width: 1 },
    ticks: { show: false },
    values: (_, splits) => splits.map(value => (value === 0 ? "0" : scale.format(value))),
  };
}

/** Slanted lines behind what was imported: it is as true, but others measured it. */
function drawHatch(plot: uPlot, spans: readonly (readonly [number, number])[], colour: Colour): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const step = 6 * ratio;
  ctx.save();
  ctx.strokeStyle = colour("var(--hatch)");
  ctx.lineWidth = ratio;
  for (const [from, to] of spans) {
    const [start, end] = [plot.valToPos(from, "x", true), plot.valToPos(to, "x", true)];
    const left = Math.max(bbox.left, start);
    const right = Math.min(bbox.left + bbox.width, end);
    if (right <= left) continue;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, bbox.top, right - left, bbox.height);
    ctx.clip();
    ctx.beginPath();
    // NOTE: counted from the left edge of the plot, so that neighbours meet and nothing moves while the span grows.
    for (let x = bbox.left - bbox.height; x < right; x += step) {
      ctx.moveTo(x, bbox.top + bbox.height);
      ctx.lineTo(x + bbox.height, bbox.top);
    }
    ctx.stroke();
    ctx.restore();
  }
  ctx.restore();
}

/** A dashed line at each mark, its label at the top; what merely informs is a line alone, and says what it is at the crosshair. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[], colour: Colour): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.setLineDash([3 * ratio, 3 * ratio]);
  ctx.font = AXIS_FONT.replace("11px", `${11 * ratio}px`);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  const right = bbox.left + bbox.width;
  /** Where on the line of labels there is none yet. */
  let free = bbox.left;
  for (const { at, to = at, label, level } of marks.toSorted((a, b) => a.at - b.at)) {
    const [left, end] = [at, to].map(time => plot.valToPos(time / SECOND, "x", true)) as [number, number];
    if (end < bbox.left || left > right) continue;
    const from = Math.max(left, bbox.left);
    const isInfo = level === "info";
    ctx.strokeStyle = colour(isInfo ? "var(--accent)" : `var(--${level}-fill)`);
    ctx.fillStyle = ctx.strokeStyle;
    ctx.globalAlpha = 0.16;
    ctx.fillRect(from, bbox.top, Math.min(end, right) - from, bbox.height);
    ctx.globalAlpha = 1;
    if (left >= bbox.left) drawLine(ctx, left, bbox);
    if (isInfo) continue;
    const { width } = ctx.measureText(label);
    const isRight = from + width + 8 * ratio > right;
    const start = Math.max(bbox.left, isRight ? from - width - 4 * ratio : from + 4 * ratio);
    if (start < free) continue;
    free = start + width + 8 * ratio;
    ctx.fillStyle = colour(`var(--${level})`);
    ctx.fillText(label, start, bbox.top);
  }
  ctx.restore();
}

function drawLine(ctx: CanvasRenderingContext2D, x: number, { top, height }: uPlot.BBox): void {
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, top + height);
  ctx.stroke();
}

/** A finger moves the crosshair, as the mouse does. */
function followTouch(plot: uPlot): void {
  const follow = (event: PointerEvent) => {
    if (event.pointerType === "mouse") return;
    const { left, top } = plot.over.getBoundingClientRect();
    plot.setCursor({ left: event.clientX - left, top: event.clientY - top });
  };
  // What stands above may have moved the chart since.
  const place = () => plot.syncRect();
  plot.over.addEventListener("pointerenter", place);
  plot.over.addEventListener("pointerdown", place);
  plot.over.addEventListener("pointermove", follow);
  plot.over.addEventListener("pointerdown", follow);
}
