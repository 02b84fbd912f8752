import type { QuietHours } from "../../model/alert-config.ts";
import { WEEK_DAYS } from "../../model/week-days.ts";

type Window = Pick<QuietHours, "start" | "end" | "days">;

/** HH:MM as minutes of the day. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}

/** How much of each hour of the week is quiet, 0 to 1: a list a day, from Monday on. An end not after the start is on the next day. */
export function quietWeek({ start, end, days }: Window): number[][] {
  const week = WEEK_DAYS.map(() => Array.from({ length: 24 }, () => 0));
  const [from, until] = [minutesOf(start), minutesOf(end)];
  const length = until > from ? until - from : until + 1440 - from;
  WEEK_DAYS.forEach((day, at) => {
    if (days && !days[day]) return;
    for (let minute = from; minute < from + length; minute++) {
      const row = week[(at + Math.floor(minute / 1440)) % 7];
      const hour = Math.floor((minute % 1440) / 60);
      if (row) row[hour] = (row[hour] ?? 0) + 1 / 60;
    }
  });
  return week.map(row => row.map(share => Math.min(1, Math.round(share * 60) / 60)));
}

/** The window that begins with one hour and ends with another, both whole; `last` before `first`: over midnight. */
export function windowOf(first: number, last: number): { start: string; end: string } {
  const text = (hour: number) => `${String(hour % 24).padStart(2, "0")}:00`;
  return { start: text(first), end: text(last + 1) };
}

/** `days` with one turned on or off; null when it is all of them. */
export function withDay(days: QuietHours["days"], day: (typeof WEEK_DAYS)[number]): QuietHours["days"] {
  const before = days ?? (Object.fromEntries(WEEK_DAYS.map(name => [name, true])) as NonNullable<QuietHours["days"]>);
  const after = { ...before, [day]: !before[day] };
  return WEEK_DAYS.every(name => after[name]) ? null : after;
}
