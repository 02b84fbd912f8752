import { Show } from "solid-js";
import type { ScopeReport } from "../../model/source-report.ts";
import { formatAgo, formatDuration, formatNumber } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { Column } from "../ui/column.ts";
import { plural, t, told } from "../words/words.ts";

/** One thing that is looked at again and again, of an instance. */
export interface LookRow extends ScopeReport {
  id: string;
  stale: false;
  instance: string;
}

function faultText({ fault, failing }: ScopeReport): string {
  if (!fault) return "";
  return `${failing > 1 ? `${plural(failing, "part")}: ` : ""}${told(fault.message)}`;
}

function Last(props: { at: number }) {
  const live = useLive();
  return <span class="number">{formatAgo(props.at, live.now())}</span>;
}

const text = { numeric: false, hint: null } as const;
const figure = { numeric: true, hint: null } as const;

export const LOOKS: readonly Column<LookRow>[] = [
  {
    ...text,
    key: "what",
    name: t("What"),
    width: "minmax(9rem, 1fr)",
    onPhone: "title",
    sortBy: ({ scope }) => scope,
    cell: row => <span class="name">{row().scope}</span>,
  },
  {
    ...text,
    key: "instance",
    name: t("Instance"),
    width: "minmax(7rem, 1fr)",
    saidBy: "instance",
    sortBy: ({ instance }) => instance,
    cell: row => row().instance,
  },
  {
    ...figure,
    key: "parts",
    name: t("Parts"),
    width: "4.5rem",
    sortBy: ({ parts }) => parts,
    cell: row => <span class="number">{row().parts}</span>,
  },
  {
    ...figure,
    key: "every",
    name: t("Every"),
    width: "5.5rem",
    onPhone: "fact",
    sortBy: ({ interval }) => interval,
    cell: row => <span class="number">{formatDuration(row().interval)}</span>,
  },
  {
    ...figure,
    key: "last",
    name: t("Last"),
    width: "7rem",
    onPhone: "fact",
    sortBy: ({ startedAt }) => startedAt,
    cell: row => <Last at={row().startedAt} />,
  },
  {
    ...figure,
    key: "took",
    name: t("Took"),
    width: "5.5rem",
    onPhone: "corner",
    sortBy: ({ took }) => took,
    cell: row => <span class="number">{t("{count} ms", { count: formatNumber(Math.round(row().took)) })}</span>,
  },
  {
    ...text,
    key: "fault",
    name: t("Fault"),
    width: "minmax(10rem, 3fr)",
    onPhone: "fact",
    sortBy: row => faultText(row) || null,
    cell: row => (
      <Show when={faultText(row())}>
        {why => (
          <span class="status-word warning" title={why()}>
            {why()}
          </span>
        )}
      </Show>
    ),
  },
];
