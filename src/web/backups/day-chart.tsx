import { For, type JSX } from "solid-js";

import { locale, plural, t } from "../words/words.ts";
import type { BackupDay } from "./backup-rows.ts";

const HEIGHT = 64;

/** A bar a day: backups that were made, and, on top, runs that failed. */
export function DayChart(props: { days: readonly BackupDay[] }): JSX.Element {
  const most = () => Math.max(1, ...props.days.map(({ made, failed }) => made + failed));
  const height = (count: number) => Math.max(count > 0 ? 2 : 0, (count / most()) * HEIGHT);
  return (
    <ol class="day-chart" aria-label={t("Backups a day")}>
      <For each={props.days}>
        {day => (
          <li title={sentence(day)}>
            <span class="visually-hidden">{sentence(day)}</span>
            <span class="day-failed" style={{ height: `${height(day.failed)}px` }} />
            <span class="day-made" style={{ height: `${height(day.made)}px` }} />
            <span class="day-name" aria-hidden="true">
              {new Date(day.start).getDate()}
            </span>
          </li>
        )}
      </For>
    </ol>
  );
}

function sentence({ start, made, failed }: BackupDay): string {
  const date = new Date(start).toLocaleDateString(locale(), { weekday: "short", day: "numeric", month: "short" });
  const backups = plural(made, "backup");
  return `${date}: ${failed > 0 ? t("{backups}, {failed} failed", { backups, failed }) : backups}`;
}
