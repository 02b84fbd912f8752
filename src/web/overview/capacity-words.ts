import type { Picture } from "../../model/picture.ts";
import { t } from "../words/words.ts";

/** What is old is left out of what fills up: nobody knows how full that is now. */
export function wellText({ storage, pbs, nodes }: Pick<Picture, "storage" | "pbs" | "nodes">): string {
  const isAllSeen = [storage, pbs, nodes].every(records => Object.values(records).every(({ stale }) => !stale));
  return isAllSeen
    ? t("Nothing is nearly full, or will be within 90 days")
    : t("Of what is seen now, nothing is nearly full, or will be within 90 days");
}
