import { type JSX, Show } from "solid-js";
import { KIB } from "../../kit/units.ts";
import { formatRate, UNKNOWN } from "../format/format.ts";

/** Two rates that belong together, each with its sign; bytes a second. */
export function Pair(props: {
  first: number | null;
  second: number | null;
  shown: boolean;
  signs: readonly [JSX.Element, JSX.Element];
}): JSX.Element {
  return (
    <Show when={props.shown && (props.first ?? props.second) !== null} fallback={<span class="none">{UNKNOWN}</span>}>
      <span classList={{ idle: (props.first ?? 0) < KIB }}>
        <i>{props.signs[0]}</i>
        {formatRate(props.first)}
      </span>
      <span classList={{ idle: (props.second ?? 0) < KIB }}>
        <i>{props.signs[1]}</i>
        {formatRate(props.second)}
      </span>
    </Show>
  );
}
