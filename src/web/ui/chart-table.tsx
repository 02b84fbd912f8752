import { createMemo, For, type JSX, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { ChartLine, Columns } from "./chart-data.ts";
import type { ValueScale } from "./plot.ts";

/** Everything that a chart can say of its lines. */
export interface Described {
  lines: readonly ChartLine[];
  columns: Columns;
  scale: ValueScale;
}

/** What a chart shows at a place of its times, as a sentence. */
export function valueText({ lines, columns, scale }: Described, place: number): string {
  const at = new Date((columns.times[place] ?? 0) * SECOND).toLocaleString();
  const values = lines.map(({ name }, line) => {
    const mean = columns.means[line]?.[place];
    if (mean === null || mean === undefined) return `${name} not known`;
    const [low, high] = [columns.lows[line]?.[place] ?? mean, columns.highs[line]?.[place] ?? mean];
    const between = low === high ? "" : `, between ${scale.format(low)} and ${scale.format(high)}`;
    return `${name} ${scale.format(mean)}${between}`;
  });
  return `${at}: ${values.join("; ")}`;
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
  return (
    <section class="chart-table" tabindex={0} aria-label={`${props.title} as a table`}>
      <table>
        <caption class="visually-hidden">{props.title}</caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <Show
              when={single()}
              fallback={<For each={props.described.lines}>{({ name }) => <th scope="col">{name}</th>}</For>}
            >
              <th scope="col">Least</th>
              <th scope="col">Mean</th>
              <th scope="col">Greatest</th>
            </Show>
          </tr>
        </thead>
        <tbody>
          <For each={places()}>
            {({ time, place }) => (
              <tr>
                <th scope="row">{new Date(time * SECOND).toLocaleString()}</th>
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
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </section>
  );
}
