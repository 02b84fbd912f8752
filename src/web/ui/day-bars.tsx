import { createMemo, Index, type JSX, Show } from "solid-js";

export interface Bar {
  /** Beneath it: the day of the month, the hour. */
  name: number;
  /** What it says, for those who point at it or do not see it. */
  sentence: string;
  /** Counts: below, in the colour of what is usual; and on top of it. */
  usual: number;
  other: number;
}

const HEIGHT = 64;

/** A bar a day or an hour, of two parts; `kinds` name them, the lower first. */
export function DayBars(props: {
  label: string;
  bars: readonly Bar[];
  kinds: readonly [usual: string, other: string];
  /** What is on top is a fault, or only of another kind. */
  isFault: boolean;
}): JSX.Element {
  const most = createMemo(() => Math.max(1, ...props.bars.map(({ usual, other }) => usual + other)));
  const height = (count: number) => `${Math.max(count > 0 ? 2 : 0, (count / most()) * HEIGHT)}px`;
  const other = () => (props.isFault ? "day-failed" : "day-spam");
  return (
    <>
      <ol class="day-chart" aria-label={props.label}>
        <Index each={props.bars}>
          {bar => (
            <li title={bar().sentence}>
              <span class="visually-hidden">{bar().sentence}</span>
              <span class={other()} style={{ height: height(bar().other) }} />
              <span class="day-made" style={{ height: height(bar().usual) }} />
              <span class="day-name" aria-hidden="true">
                {bar().name}
              </span>
            </li>
          )}
        </Index>
      </ol>
      <p class="day-legend muted">
        <i class="day-made" />
        {props.kinds[0]}
        <Show when={props.bars.some(bar => bar.other > 0)}>
          <i class={other()} />
          {props.kinds[1]}
        </Show>
      </p>
    </>
  );
}
