import { type JSX, lazy, Suspense } from "solid-js";
import type { Charted, ChartedKind } from "../charts/chart-specs.ts";

// What draws charts comes when the first one is wanted, so that the first page stays small.
const EntityCharts = lazy(() => import("../charts/entity-charts.tsx"));

/** What a guest, node or storage was. */
export function LazyCharts<K extends ChartedKind>(props: { kind: K; entity: Charted[K] }): JSX.Element {
  return (
    <Suspense fallback={<p class="muted">Loading charts…</p>}>
      <EntityCharts kind={props.kind} entity={props.entity} />
    </Suspense>
  );
}
