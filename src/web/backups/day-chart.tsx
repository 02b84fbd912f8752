import { createMemo, type JSX } from "solid-js";
import { DayBars } from "../ui/day-bars.tsx";
import { locale, plural, t } from "../words/words.ts";
import type { BackupDay } from "./backup-rows.ts";

/** A bar a day: backups that were made, and, on top, runs that failed. */
export function DayChart(props: { days: readonly BackupDay[] }): JSX.Element {
  const bars = createMemo(() =>
    props.days.map(day => ({
      name: new Date(day.start).getDate(),
      sentence: sentence(day),
      usual: day.made,
      other: day.failed,
    })),
  );
  return <DayBars label={t("Backups a day")} bars={bars()} kinds={[t("made"), t("failed")]} isFault={true} />;
}

const weekday = new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short" });

function sentence({ start, made, failed }: BackupDay): string {
  const date = weekday.format(start);
  const backups = plural(made, "backup");
  return `${date}: ${failed > 0 ? t("{backups}, {failed} failed", { backups, failed }) : backups}`;
}
