import { createMemo, type JSX, lazy, Show, Suspense } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { useLive } from "../live/live.ts";
import { preferences } from "../live/preferences.ts";
import { GUESTS } from "../search/fields.ts";
import { parseQuery, vocabularyOf } from "../search/query.ts";
import { TrendsProvider } from "../trends/trends.tsx";
import { type Column, NO_GROUP } from "../ui/column.ts";
import { toCsv } from "../ui/csv.ts";
import { DataTable } from "../ui/data-table.tsx";
import { createMedia } from "../ui/media.ts";
import { createSelection } from "../ui/selection.ts";
import { NothingFound } from "../ui/states.tsx";
import { createTable } from "../ui/table-state.ts";
import { createTurns } from "../ui/turns.ts";
import { createUrlState } from "../ui/url-state.ts";
import { t, withTexts } from "../words/words.ts";
import { BackupsPanel } from "./backups-panel.tsx";
import { CapacityPanel } from "./capacity-panel.tsx";
import { ChangesPanel } from "./changes-panel.tsx";
import { guestColumns, isResting } from "./guest-columns.tsx";
import { guestGroupings } from "./guest-groupings.tsx";
import { GuestTools } from "./guest-tools.tsx";
import { NodeTable } from "./node-table.tsx";
import { NoProblems, ProblemList } from "./problem-list.tsx";
import { type Problem, toVerdict } from "./problems.ts";
import { guestsOf, toFound } from "./rows.ts";

/** Glances, nodes, guests: pieces below the problems. */
const PIECES = 3;
/** Once all is drawn in one go, so that "back" leads to where it was scrolled to. */
let wasDrawn = false;

/** Only who chooses guests needs it. */
const ChosenBar = lazy(withTexts(() => import("../alerts/chosen-bar.tsx")));

/** The main page: what is wrong, the nodes, the guests. */
export function Overview(props: {
  problems: readonly Problem[];
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  const live = useLive();
  const [text, setText] = createUrlState("q");
  const verdict = createMemo(() => toVerdict(live.picture(), props.problems));

  const known = createMemo(() => vocabularyOf(guestsOf(live.picture()), GUESTS));
  const query = createMemo(() => parseQuery(text(), GUESTS, (field, value) => known()(field, value)));
  const found = createMemo(() => toFound(live.picture(), query()));

  const [askedTrends, setTrends] = createUrlState("trends");
  const trends = () => askedTrends() || (preferences().display.trends ? "on" : "off");
  const hasRoom = createMedia("(min-width: 1400px)");
  const hasTrends = createMemo(() => hasRoom() && trends() !== "off");
  const columns = createMemo(() => guestColumns(hasTrends()));
  const groupings = guestGroupings(props.onShow);
  const table = createTable<Guest>({
    name: "guests",
    isMain: true,
    columns,
    groupings: () => groupings,
    sort: "name",
    group: () => (preferences().layout.guests === "flat" ? NO_GROUP : "node"),
  });

  const drawn = wasDrawn ? () => PIECES : createTurns(() => PIECES, true);
  wasDrawn = true;
  const selection = createSelection(() => found().rows.map(({ id }) => id));
  const chosen = createMemo(() =>
    selection.chosen().size === 0 ? [] : found().rows.filter(({ id }) => selection.has(id)),
  );
  return (
    <TrendsProvider isOn={hasTrends()}>
      <div class="overview estate">
        <h1 class="visually-hidden">{t("Overview")}</h1>
        <Show when={props.problems.length > 0} fallback={<NoProblems verdict={verdict()} />}>
          <ProblemList problems={props.problems} onShow={props.onShow} />
        </Show>
        <Show when={drawn() >= 1}>
          <div class="glances">
            <CapacityPanel onShow={props.onShow} />
            <BackupsPanel onShow={props.onShow} />
            <ChangesPanel onShow={props.onShow} />
          </div>
        </Show>
        <Show when={drawn() >= 2}>
          <NodeTable hasTrends={hasTrends()} shown={props.shown} onShow={props.onShow} />
        </Show>
        <Show when={drawn() >= PIECES}>
          <section class="panel" aria-labelledby="guests-title">
            <GuestTools
              text={text()}
              onText={setText}
              error={query().error}
              found={found().rows.length}
              total={found().total}
              table={table}
              trends={hasRoom() ? hasTrends() : null}
              onTrends={isOn =>
                setTrends(unlessUsual(isOn ? "on" : "off", preferences().display.trends ? "on" : "off"))
              }
            />
            <DataTable
              table={table}
              rows={found().rows}
              labelledBy="guests-title"
              class="guests"
              classOf={guest => (isResting(guest) ? "guest resting" : "guest")}
              shown={props.shown}
              onShow={props.onShow}
              asked={text()}
              selection={selection}
              nameOf={nameOf}
            />
            <Show when={chosen().length > 0}>
              <Suspense>
                <ChosenBar
                  count={chosen().length}
                  resources={chosen().map(guest => ({ id: guest.id, name: nameOf(guest) }))}
                  guests={chosen().map(({ id }) => id)}
                  csv={() => guestsCsv(columns(), chosen())}
                  onClear={() => selection.set([])}
                />
              </Suspense>
            </Show>
            <Show when={found().rows.length === 0}>
              <NothingFound
                icon="vm"
                text={text()}
                onAll={() => setText("")}
                none={t("There are no guests yet")}
                like={t("No guest is like that")}
              />
            </Show>
          </section>
        </Show>
      </div>
    </TrendsProvider>
  );
}

const nameOf = ({ name, vmid }: Guest) => name || String(vmid);

/** All that columns tell of guests, shown or not. */
function guestsCsv(columns: readonly Column<Guest>[], guests: readonly Guest[]): string {
  return toCsv(
    columns.map(({ name, sortBy }) => [name, sortBy] as const),
    guests,
  );
}

/** What the reader has chosen for good is left out of the address. */
function unlessUsual(value: string, usual: string): string {
  return value === usual ? "" : value;
}
