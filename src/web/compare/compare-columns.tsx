import { Swatch } from "../ui/chart.tsx";
import type { Column } from "../ui/column.ts";
import { t } from "../words/words.ts";

/** What a line comes to over the range. */
export interface ComparedRow {
  id: string;
  name: string;
  colour: number;
  node: string;
  stale: boolean;
  /** null: nothing is known of the range. */
  summary: Readonly<Record<Figure, number>> | null;
}
type Figure = "min" | "mean" | "max" | "last";

/** The columns of the table below the chart. */
export function comparedColumns(format: (value: number | null) => string): readonly Column<ComparedRow>[] {
  const figure = (key: Figure, name: string, onPhone?: "fact" | "corner"): Column<ComparedRow> => ({
    key,
    name,
    numeric: true,
    hint: null,
    width: "minmax(5rem, 8rem)",
    ...(onPhone ? { onPhone } : {}),
    sortBy: row => row.summary?.[key] ?? null,
    cell: row => <span class="number">{format(row().summary?.[key] ?? null)}</span>,
  });
  return [
    {
      key: "name",
      name: t("Guest"),
      numeric: false,
      hint: null,
      width: "minmax(9rem, 1fr)",
      onPhone: "title",
      sortBy: row => row.name,
      cell: row => (
        <span class="cell-line">
          <Swatch colour={row().colour} />
          <span class="name">{row().name}</span>
          <span class="muted">{row().node}</span>
        </span>
      ),
    },
    figure("min", t("Least"), "fact"),
    figure("mean", t("Mean"), "fact"),
    figure("max", t("Greatest"), "fact"),
    figure("last", t("Last"), "corner"),
  ];
}
