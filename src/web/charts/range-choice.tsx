import { For, type JSX } from "solid-js";
import { t } from "../words/words.ts";
import { RANGES, type RangeName } from "./chart-specs.ts";

const NAMES: { readonly [R in RangeName]?: string } = {
  "5m": t("5m"),
  "1h": t("1h"),
  "4h": t("4h"),
  "24h": t("24h"),
  "7d": t("7d"),
  "30d": t("30d"),
  "90d": t("90d"),
  "1y": t("1y"),
  "2y": t("2y"),
  "5y": t("5y"),
};

/** How far back charts reach. */
export function RangeChoice(props: { range: RangeName; onRange: (range: RangeName) => void }): JSX.Element {
  return (
    <fieldset class="ranges">
      <legend class="visually-hidden">{t("How far back")}</legend>
      <For each={RANGES}>
        {range => (
          <button type="button" aria-pressed={props.range === range} onClick={() => props.onRange(range)}>
            {NAMES[range] ?? range}
          </button>
        )}
      </For>
    </fieldset>
  );
}
