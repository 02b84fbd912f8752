import { createMemo, type JSX } from "solid-js";
import { createChangeMarks } from "../changes/change-marks.ts";
import type { Charted, ChartedKind } from "../charts/chart-specs.ts";
import { EntityCharts } from "../charts/entity-charts.tsx";
import type { ChartMark } from "../ui/chart-data.ts";

/** The charts of an entity, with what changed about it, and with `marks`. */
export default function MarkedCharts<K extends ChartedKind>(props: {
  kind: K;
  entity: Charted[K];
  marks: readonly ChartMark[];
}): JSX.Element {
  const changes = createChangeMarks(() => props.entity.id);
  const marks = createMemo(() => [...props.marks, ...changes()]);
  return <EntityCharts kind={props.kind} entity={props.entity} marks={marks()} />;
}
