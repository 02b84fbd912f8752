import { t } from "../words/words.ts";
import type { Grouping } from "./column.ts";

/** No group is called so. */
const UNNAMED = " ";

/** Rows of the same text are a group; those without one come last, below `unnamed`. `head`: as that of a `Grouping`. */
export function byText<T>(
  key: string,
  name: string,
  of: (row: T) => readonly string[] | string | null,
  more: { unnamed?: string; head?: Grouping<T>["head"] } = {},
): Grouping<T> {
  const { unnamed = t("Not known"), head } = more;
  return {
    key,
    name,
    of: row => {
      const texts = [of(row) ?? []].flat().filter(text => text !== "");
      return texts.length > 0 ? texts.map(text => ({ id: text, name: text })) : [{ id: UNNAMED, name: unnamed }];
    },
    rank: (_, id) => (id === UNNAMED ? 1 : 0),
    ...(head ? { head } : {}),
  };
}
