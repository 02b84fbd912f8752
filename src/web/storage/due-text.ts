import { DAY, type Instant } from "../../kit/units.ts";
import { locale, t } from "../words/words.ts";

/** Whole days until then; 0: it is over, or today. */
export function daysTo(at: Instant, now: Instant): number {
  return Math.max(0, Math.floor((at - now) / DAY));
}

/** "now", "in 12 days", "Mar 2028": as exactly as anybody can tell. */
export function dueText(at: Instant, now: Instant): string {
  const days = daysTo(at, now);
  if (at <= now) return t("now");
  if (days < 1) return t("within a day");
  if (days < 120) return days === 1 ? t("in 1 day") : t("in {count} days", { count: days });
  return new Date(at).toLocaleDateString(locale(), { month: "short", year: "numeric" });
}
