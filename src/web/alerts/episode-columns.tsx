import type { JSX } from "solid-js";
import { formatDuration } from "../format/format.ts";
import type { Column } from "../ui/column.ts";
import { t, told } from "../words/words.ts";
import type { Episode } from "./alert-api.ts";
import { When } from "./delivery-columns.tsx";
import { ResourceLink } from "./incident-line.tsx";
import { levelName, resourceName, signalName } from "./words.ts";

/** An alert that fired, as a row. */
export interface EpisodeRow {
  id: string;
  stale: false;
  of: Episode;
}

const ENDS: Readonly<Record<string, string>> = {
  resolved: t("resolved"),
  withdrawn: t("withdrawn"),
  cleared: t("cleared"),
};

export function endText({ ended, endTime }: Episode): string {
  return endTime === null ? t("fires") : (ENDS[ended ?? ""] ?? t("over"));
}

const text = { numeric: false, hint: null } as const;

/** `onShow` shows the details of a resource. */
export function episodeColumns(onShow: (id: string) => void): readonly Column<EpisodeRow>[] {
  return [
    {
      ...text,
      key: "began",
      name: t("Began"),
      numeric: true,
      width: "8.5rem",
      onPhone: "corner",
      sortBy: ({ of }) => Date.parse(of.startTime),
      cell: row => <When at={Date.parse(row().of.startTime)} />,
    },
    {
      ...text,
      key: "level",
      name: t("Level"),
      numeric: true,
      width: "5.5rem",
      sortBy: ({ of }) => (of.worst === "critical" ? 1 : 0),
      cell: row => <span class={`status-word ${row().of.worst}`}>{levelName(row().of.worst)}</span>,
    },
    {
      ...text,
      key: "resource",
      name: t("Resource"),
      width: "minmax(8rem, 1fr)",
      onPhone: "title",
      sortBy: ({ of }) => resourceName(of),
      cell: row => (
        <span class="cell-line">
          <Apart>
            <ResourceLink alert={row().of} onShow={onShow} />
          </Apart>
        </span>
      ),
    },
    {
      ...text,
      key: "signal",
      name: t("Signal"),
      width: "8rem",
      sortBy: ({ of }) => signalName(of.type),
      cell: row => signalName(row().of.type),
    },
    {
      ...text,
      key: "said",
      name: t("What it said"),
      width: "minmax(14rem, 3fr)",
      onPhone: "line",
      sortBy: ({ of }) => told(of.message),
      cell: row => <span title={told(row().of.message)}>{told(row().of.message)}</span>,
    },
    {
      ...text,
      key: "lasted",
      name: t("Lasted"),
      numeric: true,
      width: "6.5rem",
      sortBy: ({ of }) => of.duration,
      cell: row => <span class="number">{formatDuration(row().of.duration * 1000)}</span>,
    },
    {
      ...text,
      key: "ended",
      name: t("Ended"),
      width: "6.5rem",
      sortBy: ({ of }) => endText(of),
      cell: row => <span classList={{ "status-word warning": row().of.endTime === null }}>{endText(row().of)}</span>,
    },
    {
      ...text,
      key: "acknowledged",
      name: t("Acknowledged"),
      width: "7.5rem",
      sortBy: ({ of }) => (of.acknowledged ? of.ackUser || t("yes") : null),
      cell: row => (row().of.acknowledged ? row().of.ackUser || t("yes") : ""),
    },
  ];
}

/** What is pressed in here does not open its row. */
function Apart(props: { children: JSX.Element }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is no control, but what lies in it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys of what lies in it go no further than that.
    <span onClick={event => event.stopPropagation()}>{props.children}</span>
  );
}
