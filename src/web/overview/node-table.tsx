import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { Picture } from "../../model/picture.ts";
import { useLive } from "../live/live.ts";
import { DataTable } from "../ui/data-table.tsx";
import { byText } from "../ui/grouping.ts";
import { Panel } from "../ui/panel.tsx";
import { TableMenu } from "../ui/table-menu.tsx";
import { createTable } from "../ui/table-state.ts";
import { locale, plural, t } from "../words/words.ts";
import { type NodeRow, nodeColumns } from "./node-columns.tsx";
import { guestsOf, toNodes } from "./rows.ts";

/** More nodes than that are folded at first; those in trouble come first anyhow. */
const AT_FIRST = 8;

const GROUPINGS = [byText<NodeRow>("instance", t("By instance"), ({ instance }) => instance)];

/** All nodes, a line each. */
export function NodeTable(props: { shown: string; hasTrends: boolean; onShow: (id: string) => void }): JSX.Element {
  const { picture } = useLive();
  const [isWhole, setWhole] = createSignal(false);
  const rows = createMemo(() => toNodeRows(picture()));
  const isMuch = () => rows().length > AT_FIRST + 2;
  const severalInstances = createMemo(() => Object.keys(picture().instances).length > 1);
  const columns = createMemo(() => nodeColumns(severalInstances(), props.hasTrends));
  const table = createTable<NodeRow>({ name: "nodes", columns, groupings: () => GROUPINGS });
  return (
    <Panel
      id="nodes"
      title={t("Nodes")}
      count={rows().length.toLocaleString(locale())}
      tools={<TableMenu table={table} title={t("Nodes")} />}
    >
      <DataTable
        table={table}
        rows={rows()}
        labelledBy="nodes-title"
        class="nodes"
        shown={props.shown}
        onShow={props.onShow}
        most={isMuch() && !isWhole() ? AT_FIRST : undefined}
      />
      <Show when={isMuch()}>
        <button type="button" class="button quiet more" aria-expanded={isWhole()} onClick={() => setWhole(!isWhole())}>
          {isWhole() ? t("Show fewer") : t("Show all {count}", { count: plural(rows().length, "node") })}
        </button>
      </Show>
    </Panel>
  );
}

/** Nodes in trouble first, each with how many guests it has; templates do not count. */
function toNodeRows(picture: Picture): NodeRow[] {
  const rows = toNodes(picture).map(node => ({ ...node, guests: { running: 0, total: 0 } }));
  const byName = new Map(rows.map(row => [`${row.instance} ${row.node}`, row]));
  for (const guest of guestsOf(picture)) {
    const count = byName.get(`${guest.instance} ${guest.node}`)?.guests;
    if (!count || guest.template) continue;
    count.total += 1;
    if (guest.status === "running") count.running += 1;
  }
  return rows;
}
