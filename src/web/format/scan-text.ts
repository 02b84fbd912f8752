import { locale, plural, t } from "../words/words.ts";
import { UNKNOWN } from "./format.ts";

const ENDED = /^(scrub|resilver)\S* .*with (\d+) errors on (.+)$/s;
const RUNS = /^(scrub|resilver)\S* in progress since ([^\n]+)/;

/** What ZFS says of a scrub or resilver, in short: what, what it found, the day; as it came where it is worded otherwise. */
export function scanText(scan: string | null): string {
  const [, ended, errors, end] = ENDED.exec(scan ?? "") ?? [];
  const [, running, start] = RUNS.exec(scan ?? "") ?? [];
  const at = Date.parse(end ?? start ?? "");
  if (Number.isNaN(at)) return scan ?? UNKNOWN;
  const what = (ended ?? running) === "scrub" ? t("Scrub") : t("Resilver");
  const day = new Date(at).toLocaleDateString(locale(), { dateStyle: "medium" });
  return end === undefined
    ? t("{what}, running since {day}", { what, day })
    : `${what}, ${plural(Number(errors), "error")}, ${day}`;
}
