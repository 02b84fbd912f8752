import { createMemo, type JSX, Show } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { useLive } from "../live/live.ts";
import { type Examples, TableSearch } from "../ui/filter-field.tsx";
import { type QuickFilter, QuickFilters } from "../ui/quick-filters.tsx";
import { GroupChoice, TableMenu } from "../ui/table-menu.tsx";
import type { TableState } from "../ui/table-state.ts";
import { goTo } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { guestsOf } from "./rows.ts";

/** Search, quick filters and how the guests are listed. */
export function GuestTools(props: {
  text: string;
  onText: (text: string) => void;
  error: string | null;
  /** How many guests the search finds, and of how many. */
  found: number;
  total: number;
  table: TableState<Guest>;
  /** Whether rows have small lines of the last hour; null: there is no room for them. */
  trends: boolean | null;
  onTrends: (isOn: boolean) => void;
}): JSX.Element {
  const live = useLive();
  const filters = createMemo(() => toFilters(live.picture()));
  return (
    <div class="panel-head tools">
      <h2 id="guests-title">{t("Guests")}</h2>
      <span class="count" role="status">
        {props.found === props.total
          ? props.total.toLocaleString(locale())
          : t("{found} of {all}", {
              found: props.found.toLocaleString(locale()),
              all: props.total.toLocaleString(locale()),
            })}
      </span>
      <TableSearch
        text={props.text}
        onText={props.onText}
        label={t("Search guests")}
        placeholder={t("Search: web, cpu>20, node:pve1…")}
        error={props.error}
        examples={HELP}
        keys={<Keys />}
      />
      <QuickFilters filters={filters()} text={props.text} onText={props.onText} />
      <Show when={props.trends !== null}>
        <button
          type="button"
          class="chip push"
          aria-pressed={props.trends === true}
          title={t("CPU and memory of the last hour, in nodes and guests")}
          onClick={() => props.onTrends(props.trends !== true)}
        >
          {t("Last hour")}
        </button>
      </Show>
      <button
        type="button"
        class="chip compare-these"
        title={t("One chart with a line for each of these guests")}
        onClick={() =>
          goTo(`?${new URLSearchParams({ page: "compare", ...(props.text === "" ? {} : { q: props.text }) })}`)
        }
      >
        {t("Compare these")}
      </button>
      <GroupChoice table={props.table} />
      <TableMenu table={props.table} title={t("Guests")} />
    </div>
  );
}

const HELP: Examples = [
  ["web", t("name, VMID or a tag contains it")],
  ["node:pve1", t("also instance, status, type (vm, lxc, template), tags, pool, lock, ha")],
  ["tags:prod,dev", t("one of these; name:web* with a star for anything")],
  ["cpu>20  memory<50%", t("percent; also disk")],
  ["memory>4G  in>1M", t("bytes; also out, read, write a second")],
  ["uptime<1h", "s, m, h, d"],
  ["is:stale", t("numbers are old")],
  ["web -tags:test", t("both; a minus or NOT excludes")],
  ["(cpu>80 OR memory>90) node:pve1", t("brackets, AND, OR")],
];

function Keys(): JSX.Element {
  return (
    <>
      <kbd>/</kbd> {t("search")} · <kbd>↑</kbd> <kbd>↓</kbd> {t("or")} <kbd>k</kbd> <kbd>j</kbd> {t("move")} ·{" "}
      <kbd>{t("Enter")}</kbd> {t("details")} · <kbd>←</kbd> <kbd>→</kbd> {t("fold a node")} · <kbd>Esc</kbd>{" "}
      {t("close")}
    </>
  );
}

/** Only what divides the guests is worth a button. */
function toFilters(picture: Parameters<typeof guestsOf>[0]): QuickFilter[] {
  const guests = guestsOf(picture).filter(guest => !guest.template);
  const count = (test: (guest: (typeof guests)[number]) => boolean) => guests.filter(test).length;
  const filters = [
    { term: "status:running", name: t("Running"), count: count(guest => guest.status === "running") },
    { term: "status:stopped", name: t("Stopped"), count: count(guest => guest.status === "stopped") },
    { term: "is:stale", name: t("Stale"), count: count(guest => guest.stale) },
    { term: "type:vm", name: t("VMs"), count: count(guest => guest.type === "qemu") },
    { term: "type:lxc", name: t("LXCs"), count: count(guest => guest.type === "lxc") },
  ];
  return filters.filter(filter => filter.count > 0 && filter.count < guests.length);
}
