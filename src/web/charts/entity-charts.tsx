import { createMemo, For, type JSX, Show } from "solid-js";
import { Chart } from "../ui/chart.tsx";
import type { ChartMark } from "../ui/chart-data.ts";
import { createUrlState } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { CHARTS, type Charted, type ChartedKind, type ChartSpec, toRange, USUAL_RANGE } from "./chart-specs.ts";
import { createPast, type Past, type Wanted } from "./past.ts";
import { PastStates } from "./past-states.tsx";
import { RangeChoice } from "./range-choice.tsx";

/**
 * What an entity was: a chart for each of its metrics, up to now. The range lives in the address.
 *
 * `marks` is where alerts and changes come in: an instant or a time, a label and a level each, drawn on every chart.
 */
export function EntityCharts<K extends ChartedKind>(props: {
  kind: K;
  entity: Charted[K];
  marks?: readonly ChartMark[];
}): JSX.Element {
  const [rangeText, setRange] = createUrlState("range", USUAL_RANGE);
  const range = () => toRange(rangeText());
  const specs = (): readonly ChartSpec<Charted[K]>[] => CHARTS[props.kind];
  const wanted = createMemo(() =>
    specs().flatMap(({ metrics }) =>
      metrics.map(
        ({ metric, read }): Wanted => ({
          key: `${props.entity.id} ${metric}`,
          resource: props.entity.id,
          metric,
          present: () => presentOf(props.entity, read),
        }),
      ),
    ),
  );
  const past = createPast(wanted, range);
  return (
    <section aria-label={t("Charts")}>
      <h3>{t("History")}</h3>
      <RangeChoice range={range()} onRange={setRange} />
      <PastStates past={past}>
        <div class="charts">
          <For each={specs()}>
            {spec => (
              <Show when={isKnown(spec, past, props.entity.id)}>
                <SpecChart spec={spec} past={past} resource={props.entity.id} marks={props.marks ?? []} />
              </Show>
            )}
          </For>
        </div>
      </PastStates>
    </section>
  );
}

function SpecChart<T>(props: {
  spec: ChartSpec<T>;
  past: Past;
  resource: string;
  marks: readonly ChartMark[];
}): JSX.Element {
  const lines = createMemo(() =>
    props.spec.metrics.map(({ metric, name }, colour) => ({
      key: metric,
      name,
      colour,
      points: props.past.points().get(`${props.resource} ${metric}`) ?? [],
    })),
  );
  return (
    <Chart
      title={props.spec.title}
      lines={lines()}
      from={props.past.from()}
      to={props.past.to()}
      scale={props.spec.scale}
      marks={props.marks}
      teller="Proxmox"
      nothing={props.past.isLoading() ? t("Loading…") : t("Nothing is known of this time")}
    />
  );
}

/** Most VMs do not tell how full their disks are: a chart that stays empty is left out once that is known. */
function isKnown<T>({ metrics }: ChartSpec<T>, past: Past, resource: string): boolean {
  const { size } = past.points();
  if (size === 0 || [...past.points().values()].every(points => points.length === 0)) return true;
  return metrics.some(({ metric }) => (past.points().get(`${resource} ${metric}`)?.length ?? 0) > 0);
}

/** What is stale is no present value. */
function presentOf<T extends { stale: boolean; lastSeen: number }>(entity: T, read: (entity: T) => number | null) {
  const value = entity.stale ? null : read(entity);
  return value === null ? null : { at: entity.lastSeen, value };
}
