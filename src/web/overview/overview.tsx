import { createMemo, createSignal, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { preferences } from "../live/preferences.ts";
import { GUESTS } from "../search/fields.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { TrendsProvider } from "../trends/trends.tsx";
import { sortText, toSort } from "../ui/column-heads.tsx";
import { createMedia } from "../ui/media.ts";
import { createUrlState } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { BackupsPanel } from "./backups-panel.tsx";
import { CapacityPanel } from "./capacity-panel.tsx";
import { ChangesPanel } from "./changes-panel.tsx";
import { COLUMNS } from "./columns.ts";
import { GuestTable } from "./guest-table.tsx";
import { GuestTools } from "./guest-tools.tsx";
import { NodeTable } from "./node-table.tsx";
import { ProblemList } from "./problem-list.tsx";
import type { Problem } from "./problems.ts";
import { guestsOf, toRows } from "./rows.ts";

/** The main page: what is wrong, the nodes, the guests. */
export function Overview(props: {
  problems: readonly Problem[];
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  const [text, setText] = createUrlState("q");
  const [order, setOrder] = createUrlState("sort", "name");
  // What the address does not say, the reader has chosen once.
  const [asked, setView] = createUrlState("view");
  const view = () => asked() || preferences().layout.guests;
  const [folded, setFolded] = createSignal<ReadonlySet<string>>(new Set());

  const known = createMemo(() => vocabularyOf(guestsOf(live.picture()), GUESTS));
  const query = createMemo(() => parseQuery(text(), GUESTS, (field, value) => known()(field, value)));
  const sort = createMemo(() => toSort(order(), COLUMNS, { key: "name", descending: false }));
  const found = createMemo(() =>
    toRows(live.picture(), { query: query(), sort: sort(), grouped: view() === "nodes", folded: folded() }),
  );
  const fold = (id: string) => setFolded(before => (before.has(id) ? without(before, id) : new Set([...before, id])));

  const [askedTrends, setTrends] = createUrlState("trends");
  const trends = () => askedTrends() || (preferences().display.trends ? "on" : "off");
  const hasRoom = createMedia("(min-width: 1400px)");
  const hasTrends = () => hasRoom() && trends() !== "off";

  return (
    <TrendsProvider isOn={hasTrends()}>
      <div class="overview estate" classList={{ "with-trends": hasTrends() }}>
        <h1 class="visually-hidden">{t("Overview")}</h1>
        <ProblemList problems={props.problems} onShow={props.onShow} />
        <div class="glances">
          <CapacityPanel onShow={props.onShow} />
          <BackupsPanel onShow={props.onShow} />
          <ChangesPanel onShow={props.onShow} />
        </div>
        <NodeTable shown={props.shown} onShow={props.onShow} />
        <section class="panel" aria-labelledby="guests-title">
          <GuestTools
            text={text()}
            onText={setText}
            error={query().error}
            rows={found()}
            grouped={view() === "nodes"}
            onGrouped={grouped => setView(unlessUsual(grouped ? "nodes" : "flat", preferences().layout.guests))}
            sort={sort()}
            onSort={next => setOrder(sortText(next))}
            trends={hasRoom() ? hasTrends() : null}
            onTrends={isOn => setTrends(unlessUsual(isOn ? "on" : "off", preferences().display.trends ? "on" : "off"))}
          />
          <GuestTable
            rows={found().rows}
            grouped={view() === "nodes"}
            sort={sort()}
            onSort={next => setOrder(sortText(next))}
            folded={folded()}
            onFold={fold}
            shown={props.shown}
            onShow={props.onShow}
          />
          <Show when={found().found === 0}>
            <p class="nothing">
              {found().total === 0 ? t("There are no guests yet.") : t("No guest is like that.")}{" "}
              <Show when={text() !== ""}>
                <button type="button" class="button" onClick={() => setText("")}>
                  {t("Show all {count}", { count: found().total.toLocaleString(locale()) })}
                </button>
              </Show>
            </p>
          </Show>
        </section>
      </div>
    </TrendsProvider>
  );
}

function without(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const rest = new Set(set);
  rest.delete(id);
  return rest;
}

/** What the reader has chosen for good is left out of the address. */
function unlessUsual(value: string, usual: string): string {
  return value === usual ? "" : value;
}
