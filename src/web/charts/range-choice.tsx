import { For, type JSX } from "solid-js";
import { t } from "../words/words.ts";
import { RANGES, type RangeName } from "./chart-specs.ts";

/** How far back charts reach. */
export function RangeChoice(props: { range: RangeName; onRange: (range: RangeName) => void }): JSX.Element {
  return (
    <fieldset class="ranges">
      <legend class="visually-hidden">{t("How far back")}</legend>
      <For each={RANGES}>
        {range => (
          <button type="button" aria-pressed={props.range === range} onClick={() => props.onRange(range)}>
            {range}
          </button>
        )}
      </For>
    </fieldset>
  );
}
