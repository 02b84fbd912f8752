import type { Problem } from "../overview/problems.ts";
import { plural, t } from "../words/words.ts";

/** More at once are counted. */
const MOST_NAMED = 3;

/**
 * Tells of critical problems that nobody has been told of: each once, as long as it lasts. Those of the first picture are on the page already.
 * Empty: none of what was told is so any more; null: there is nothing to be said.
 */
export function createNews(): (problems: readonly Problem[]) => string | null {
  let told: readonly Problem[] = [];
  let known: ReadonlySet<string> | null = null;
  return problems => {
    const critical = problems.filter(({ level }) => level === "critical");
    const before = known;
    known = new Set(critical.map(({ id }) => id));
    const added = before === null ? [] : critical.filter(({ id }) => !before.has(id));
    if (added.length === 0) return told.some(({ id }) => known?.has(id)) ? null : "";
    told = added;
    if (added.length > MOST_NAMED) return plural(added.length, "new critical problem");
    return added
      .map(({ subject, says }) => t("Critical: {what}", { what: `${subject} ${says.replace(/^· /, "")}` }))
      .join(". ");
  };
}
