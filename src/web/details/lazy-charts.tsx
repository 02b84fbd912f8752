import { type JSX, lazy, Suspense } from "solid-js";
import type { Charted, ChartedKind } from "../charts/chart-specs.ts";
import type { ChartMark } from "../ui/chart-data.ts";
import { t, withTexts } from "../words/words.ts";

// What draws charts comes when the first one is wanted, so that the first page stays small.
const MarkedCharts = lazy(withTexts(() => import("./marked-charts.tsx")));

/** What a guest, node or storage was. `marks` are drawn on every chart, beside what changed: an instant, a label and a level each. */
export function LazyCharts<K extends ChartedKind>(props: {
  kind: K;
  entity: Charted[K];
  marks?: readonly ChartMark[];
}): JSX.Element {
  return (
    <Suspense fallback={<p class="muted">{t("Loading charts…")}</p>}>
      <MarkedCharts kind={props.kind} entity={props.entity} marks={props.marks ?? []} />
    </Suspense>
  );
}
