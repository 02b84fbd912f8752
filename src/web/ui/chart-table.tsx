import { createMemo, For, type JSX, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import { locale, t } from "../words/words.ts";
import { type ChartLine, type ChartMark, type Columns, marksAt } from "./chart-data.ts";
import type { ValueScale } from "./plot.ts";

/** Everything that a chart can say of its lines. */
export interface Described {
  lines: readonly ChartLine[];
  columns: Columns;
  scale: ValueScale;
  marks: readonly ChartMark[];
  /** Who told what Pulse did not see itself. */
  teller: string;
}

/** What is marked at a place of the times, as text; empty: nothing. */
export function markText({ columns: { times }, marks }: Described, place: number): string {
  const time = times[place];
  if (time === undefined) return "";
  const next = times[place + 1] ?? 2 * time - (times[place - 1] ?? time);
  return [...new Set(marksAt(marks, time * SECOND, (next - time) * SECOND).map(({ label }) => label))].join(", ");
}

/** What a chart shows at a place of its times, as a sentence. */
export function valueText(described: Described, place: number): string {
  const { lines, columns, scale, teller } = described;
  const at = new Date((columns.times[place] ?? 0) * SECOND).toLocaleString(locale());
  const values = lines.map(({ name }, line) => {
    const mean = columns.means[line]?.[place];
    if (mean === null || mean === undefined) return t("{name} not known", { name });
    const [low, high] = [columns.lows[line]?.[place] ?? mean, columns.highs[line]?.[place] ?? mean];
    const said = `${name} ${scale.format(mean)}`;
    if (low === high) return said;
    return `${said}, ${t("between {low} and {high}", { low: scale.format(low), high: scale.format(high) })}`;
  });
  const source = columns.imported[place] ? [t("from {teller}", { teller })] : [];
  const marked = markText(described, place);
  return `${at}: ${[...values, ...source, ...(marked === "" ? [] : [marked])].join("; ")}`;
}

/** The values behind a chart, between `from` and `to` (seconds), the newest first. */
export function ChartTable(props: { title: string; described: Described; from: number; to: number }): JSX.Element {
  const places = createMemo(() =>
    props.described.columns.times
      .map((time, place) => ({ time, place }))
      .filter(({ time }) => time >= props.from && time <= props.to)
      .reverse(),
  );
  const text = (values: (number | null | undefined)[][], line: number, place: number) =>
    props.described.scale.format(values[line]?.[place] ?? null);
  const single = () => props.described.lines.length === 1;
  const hasImported = () => props.described.columns.imported.includes(true);
  const hasMarks = () => props.described.marks.length > 0;
  return (
    <section class="chart-table" tabindex={0} aria-label={t("{title} as a table", { title: props.title })}>
      <table>
        <caption class="visually-hidden">{props.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("Time")}</th>
            <Show
              when={single()}
              fallback={<For each={props.described.lines}>{({ name }) => <th scope="col">{name}</th>}</For>}
            >
              <th scope="col">{t("Least")}</th>
              <th scope="col">{t("Mean")}</th>
              <th scope="col">{t("Greatest")}</th>
            </Show>
            <Show when={hasImported()}>
              <th scope="col">{t("From")}</th>
            </Show>
            <Show when={hasMarks()}>
              <th scope="col">{t("Marked")}</th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={places()}>
            {({ time, place }) => (
              <tr>
                <th scope="row">{new Date(time * SECOND).toLocaleString(locale())}</th>
                <Show
                  when={single()}
                  fallback={
                    <For each={props.described.lines}>
                      {(_, line) => <td>{text(props.described.columns.means, line(), place)}</td>}
                    </For>
                  }
                >
                  <td>{text(props.described.columns.lows, 0, place)}</td>
                  <td>{text(props.described.columns.means, 0, place)}</td>
                  <td>{text(props.described.columns.highs, 0, place)}</td>
                </Show>
                <Show when={hasImported()}>
                  <td>{props.described.columns.imported[place] ? props.described.teller : "Pulse"}</td>
                </Show>
                <Show when={hasMarks()}>
                  <td>{markText(props.described, place)}</td>
                </Show>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}
