import { type Accessor, createMemo } from "solid-js";
import { DAY } from "../../kit/units.ts";
import type { ChartMark } from "../ui/chart-data.ts";
import { saysOf } from "./change-words.ts";
import { createChanges } from "./changes-api.ts";

/** Changes are kept no longer. */
const LENGTH = 30 * DAY;
const MOST = 500;

/** What about a resource changed, to be drawn on its charts. */
export function createChangeMarks(resource: Accessor<string>): Accessor<readonly ChartMark[]> {
  const reading = createChanges(() => ({ length: LENGTH, limit: MOST, resource: resource() }));
  return createMemo(() =>
    (reading.told()?.changes ?? []).map(change => ({ at: change.at, label: saysOf(change), level: "info" as const })),
  );
}
