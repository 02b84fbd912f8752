import { type Accessor, type JSX, Match, Switch } from "solid-js";
import { ColumnHeads, type Sort } from "../ui/column-heads.tsx";
import type { KeyName } from "../ui/keys.ts";
import { type RowPlace, VirtualRows } from "../ui/virtual-rows.tsx";
import { COLUMNS } from "./columns.ts";
import { GroupRow, GuestRow } from "./guest-row.tsx";
import type { Row, SortKey } from "./rows.ts";

/** The guests, or what is left of them. */
export function GuestTable(props: {
  rows: readonly Row[];
  grouped: boolean;
  sort: Sort<SortKey>;
  onSort: (sort: Sort<SortKey>) => void;
  folded: ReadonlySet<string>;
  onFold: (id: string) => void;
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  const toElement = (row: Accessor<Row>, place: RowPlace) => {
    const group = () => (row().kind === "node" ? (row() as Extract<Row, { kind: "node" }>) : undefined);
    const guest = () => (row().kind === "guest" ? (row() as Extract<Row, { kind: "guest" }>).guest : undefined);
    return (
      <Switch>
        <Match when={group()}>
          {group => (
            <GroupRow
              group={group()}
              place={place}
              shown={props.shown === group().id}
              folded={props.folded.has(group().id)}
              onFold={() => props.onFold(group().id)}
              onShow={() => props.onShow(group().id)}
            />
          )}
        </Match>
        <Match when={guest()}>
          {guest => (
            <GuestRow
              guest={guest()}
              place={place}
              shown={props.shown === guest().id}
              onShow={() => props.onShow(guest().id)}
            />
          )}
        </Match>
      </Switch>
    );
  };
  const onKey = (row: Row, key: KeyName) => {
    if (row.kind !== "node" || key !== (props.folded.has(row.id) ? "unfold" : "fold")) return false;
    props.onFold(row.id);
    return true;
  };
  return (
    <VirtualRows
      rows={props.rows}
      class={props.grouped ? "guests" : "guests flat"}
      labelledBy="guests-title"
      heads={<ColumnHeads columns={COLUMNS} sort={props.sort} onSort={props.onSort} />}
      onOpen={row => props.onShow(row.id)}
      onKey={onKey}
    >
      {toElement}
    </VirtualRows>
  );
}
