import "./compare.css";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { CHARTS, toRange, USUAL_RANGE } from "../charts/chart-specs.ts";
import { createPast, type Wanted } from "../charts/past.ts";
import { PastStates } from "../charts/past-states.tsx";
import { RangeChoice } from "../charts/range-choice.tsx";
import { useLive } from "../live/live.ts";
import { guestsOf } from "../overview/rows.ts";
import { GUESTS } from "../search/fields.ts";
import { parseQuery } from "../search/query.ts";
import { Chart, Swatch } from "../ui/chart.tsx";
import { summaryOf } from "../ui/chart-data.ts";
import { DataTable } from "../ui/data-table.tsx";
import { FilterField } from "../ui/filter-field.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import type { ValueScale } from "../ui/plot.ts";
import { compareNames } from "../ui/sort.ts";
import { EmptyState } from "../ui/states.tsx";
import { createTable } from "../ui/table-state.ts";
import { createUrlState } from "../ui/url-state.ts";
import { ViewsMenu } from "../ui/views-menu.tsx";
import { t } from "../words/words.ts";
import { type ComparedRow, comparedColumns } from "./compare-columns.tsx";
import { idsText, MOST_LINES, toColours, toCompared, toIds } from "./compare-lines.ts";

/** What lines can be drawn of: each metric of guests, by its name in the address. */
const METRICS = CHARTS.guest.flatMap(({ title, scale, metrics }) =>
  metrics.map(({ metric, name, read }) => ({
    metric,
    scale,
    read,
    name: metrics.length > 1 ? `${title}: ${name}` : title,
  })),
);
const [FIRST] = METRICS;

/** One metric of several guests in one chart. All of its choice lives in the address. */
export default function ComparePage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [text, setText] = createUrlState("q");
  const [pick, setPick] = createUrlState("pick");
  const [off, setOff] = createUrlState("off");
  const [metricName, setMetric] = createUrlState("metric", "cpu");
  const [rangeText, setRange] = createUrlState("range", USUAL_RANGE);
  const range = () => toRange(rangeText());
  const spec = createMemo(() => METRICS.find(({ metric }) => metric === metricName()) ?? FIRST);
  const scale = (): ValueScale => spec()?.scale ?? { format: String, floor: 1, top: null, binary: false };
  const [crossed, setCrossed] = createSignal<ReadonlyMap<string, number | null> | null>(null);
  const query = createMemo(() => parseQuery(text(), GUESTS));
  const picked = createMemo(() => toIds(pick()));

  // NOTE: who is among the greatest changes with every look; lines that came and went would be no comparison.
  const [asked, setAsked] = createSignal(0);
  const chosen = createMemo<{ ids: string[]; found: number; key: string }>(before => {
    const key = [text(), pick(), metricName(), asked(), live.hasPicture()].join("\n\n");
    const guests = guestsOf(live.picture());
    if (before?.key === key && before.ids.length > 0) return before;
    const read = spec()?.read ?? (() => null);
    const { lines, found } = toCompared(guests, { picked: picked(), test: query().test, read });
    return { ids: lines.map(({ id }) => id), found, key };
  });
  const guestOf = (id: string) => live.picture().vms[id] ?? live.picture().containers[id];
  const nameOf = (id: string) => guestOf(id)?.name ?? id;
  const colours = createMemo<Map<string, number>>(before => toColours(chosen().ids, before), new Map());
  const hidden = createMemo(() => new Set(toIds(off())));
  const toggle = (id: string) =>
    setOff(idsText(hidden().has(id) ? [...hidden()].filter(one => one !== id) : [...hidden(), id]));

  const wanted = createMemo(() =>
    chosen().ids.map((id): Wanted => {
      const metric = spec()?.metric ?? "";
      return { key: `${id} ${metric}`, resource: id, metric, present: () => presentOf(id) };
    }),
  );
  const presentOf = (id: string) => {
    const guest = guestOf(id);
    const value = guest && !guest.stale ? (spec()?.read(guest) ?? null) : null;
    return guest && value !== null ? { at: guest.lastSeen, value } : null;
  };
  const past = createPast(wanted, range);
  const lines = createMemo(() =>
    chosen().ids.map(id => ({
      key: id,
      name: nameOf(id),
      colour: colours().get(id) ?? 0,
      points: past.points().get(`${id} ${spec()?.metric}`) ?? [],
    })),
  );
  const rows = createMemo(() =>
    lines().map(({ key, name, colour, points }) => ({
      id: key,
      name,
      colour,
      node: guestOf(key)?.node ?? "",
      stale: guestOf(key)?.stale ?? true,
      summary: summaryOf(points, past.from(), past.to()),
    })),
  );
  const columns = createMemo(() => comparedColumns(scale().format));
  const table = createTable<ComparedRow>({ name: "compared", columns, sort: "-mean" });
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Compare guests")}</h1>
      <div class="page-tools compare-tools">
        <FilterField
          text={text()}
          onText={next => {
            setText(next);
            setPick("");
          }}
          label={t("Search guests to compare")}
          placeholder={t("Search: tags:db, node:pve1, memory>80…")}
        />
        <PickField onPick={id => setPick(idsText([...(picked().length > 0 ? picked() : []), id]))} picked={picked()} />
        <label class="compare-metric">
          <span class="visually-hidden">{t("Metric")}</span>
          <select value={spec()?.metric} onChange={event => setMetric(event.currentTarget.value)}>
            <For each={METRICS}>{({ metric, name }) => <option value={metric}>{name}</option>}</For>
          </select>
        </label>
        <ViewsMenu />
        <RangeChoice range={range()} onRange={setRange} />
      </div>
      <Problem class="panel-note" why={query().error} />
      <Panel
        id="compare"
        title={t("Guests")}
        help={t(
          "Up to 12 guests, those with the greatest values now first; who is shown stays until you ask anew. Picked ones stay in any case. All of it stands in the address, so a copied link shows the same.",
        )}
        count={
          chosen().found > MOST_LINES
            ? t("{found} of {all}", { found: MOST_LINES, all: chosen().found })
            : `${chosen().found}`
        }
        tools={
          <Show when={picked().length === 0 && chosen().found > MOST_LINES}>
            <button type="button" class="chart-tool" onClick={() => setAsked(asked() + 1)}>
              {t("The {count} greatest now", { count: MOST_LINES })}
            </button>
          </Show>
        }
      >
        <Show
          when={chosen().ids.length > 0}
          fallback={
            <EmptyState title={t("No guest is like that")}>
              <button type="button" class="button" onClick={() => setText("")}>
                {t("Show all")}
              </button>
            </EmptyState>
          }
        >
          <PastStates past={past}>
            <div class="compare-chart">
              <Chart
                title={spec()?.name ?? ""}
                lines={lines().filter(({ key }) => !hidden().has(key))}
                from={past.from()}
                to={past.to()}
                scale={scale()}
                nothing={past.isLoading() ? t("Loading…") : t("Nothing is known of this time")}
                teller="Proxmox"
                tall
                onValues={setCrossed}
              />
              <ul class="compare-legend" aria-label={t("Lines")}>
                <For each={rows().map(({ id }) => id)}>
                  {id => (
                    <li>
                      <button type="button" class="chip" aria-pressed={!hidden().has(id)} onClick={() => toggle(id)}>
                        <Swatch colour={colours().get(id) ?? 0} />
                        {nameOf(id)}
                        <Show when={crossed()}>
                          {values => <b class="number">{scale().format(values().get(id) ?? null)}</b>}
                        </Show>
                      </button>
                      <Show when={picked().includes(id)}>
                        <button
                          type="button"
                          class="chart-tool"
                          aria-label={t("Leave out {name}", { name: nameOf(id) })}
                          onClick={() => setPick(idsText(picked().filter(one => one !== id)))}
                        >
                          ×
                        </button>
                      </Show>
                    </li>
                  )}
                </For>
              </ul>
            </div>
          </PastStates>
          <h2 id="compared-title" class="visually-hidden">
            {t("The values of each guest")}
          </h2>
          <DataTable
            table={table}
            rows={rows()}
            labelledBy="compared-title"
            shown={props.shown}
            onShow={props.onShow}
            asked={`${chosen().key} ${past.isLoading()}`}
          />
        </Show>
      </Panel>
    </div>
  );
}

/** Adds one guest by its name. */
function PickField(props: { picked: readonly string[]; onPick: (id: string) => void }): JSX.Element {
  const live = useLive();
  const guests = createMemo(() =>
    guestsOf(live.picture())
      .filter(({ id, template }) => !template && !props.picked.includes(id))
      .sort((a, b) => compareNames(a.name, b.name)),
  );
  const labelOf = ({ name, vmid, instance }: { name: string; vmid: number; instance: string }) =>
    `${name} (${vmid}, ${instance})`;
  const take = (field: HTMLInputElement) => {
    const guest = guests().find(one => labelOf(one) === field.value);
    if (!guest) return;
    field.value = "";
    props.onPick(guest.id);
  };
  return (
    <div class="search compare-pick">
      <input
        type="text"
        list="compare-guests"
        aria-label={t("Pick a guest")}
        placeholder={t("Pick a guest…")}
        autocomplete="off"
        disabled={props.picked.length >= MOST_LINES}
        onInput={event => take(event.currentTarget)}
      />
      <datalist id="compare-guests">
        <For each={guests().slice(0, 500)}>{guest => <option value={labelOf(guest)} />}</For>
      </datalist>
    </div>
  );
}
