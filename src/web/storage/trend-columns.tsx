import { type Accessor, type JSX, Show } from "solid-js";
import type { Forecast } from "../../kit/forecast.ts";
import type { Instant } from "../../kit/units.ts";
import { UNKNOWN } from "../format/format.ts";
import type { Column } from "../ui/column.ts";
import { Spark } from "../ui/spark.tsx";
import { locale, t } from "../words/words.ts";
import { daysTo, dueText } from "./due-text.ts";
import type { Space, StorageTrend } from "./storage-trends.ts";

/** Columns of what storages and their like were in the last thirty days and when they will be full. */
export function trendColumns<T>(
  trendOf: Accessor<(space: Space) => StorageTrend | null>,
  now: Accessor<Instant>,
  spaceOf: (row: T) => Space,
): readonly Column<T>[] {
  const forecastOf = (row: T) => trendOf()(spaceOf(row))?.forecast;
  return [
    {
      key: "trend",
      name: t("30 days"),
      hint: t("How full it was in the last 30 days"),
      numeric: false,
      width: "5.5rem",
      from: 1050,
      sortBy: () => null,
      cell: row => <Spark path={trendOf()(spaceOf(row()))?.path ?? ""} />,
    },
    {
      key: "full",
      name: t("Full"),
      hint: t("If it grows on as in the last 30 days"),
      numeric: false,
      width: "8rem",
      onPhone: "fact",
      sortBy: row => {
        const made = forecastOf(row);
        return made?.kind === "full" ? made.at : null;
      },
      cell: row => <ForecastText forecast={forecastOf(row())} now={now()} />,
    },
  ];
}

function ForecastText(props: { forecast: Forecast | undefined; now: Instant }): JSX.Element {
  const at = () => (props.forecast?.kind === "full" ? props.forecast.at : null);
  const isEarly = () => props.forecast?.kind === "too-little-history";
  return (
    <Show
      when={at()}
      fallback={
        <span class="muted" title={isEarly() ? t("Less than three days are known") : undefined}>
          {!props.forecast ? UNKNOWN : isEarly() ? t("too early") : t("not growing")}
        </span>
      }
    >
      {full => (
        <span
          class="status-word number"
          classList={{ critical: daysTo(full(), props.now) <= 7, warning: daysTo(full(), props.now) <= 30 }}
          title={new Date(full()).toLocaleDateString(locale(), { dateStyle: "full" })}
        >
          {dueText(full(), props.now)}
        </span>
      )}
    </Show>
  );
}
