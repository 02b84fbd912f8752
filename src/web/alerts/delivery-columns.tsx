import { Show } from "solid-js";
import type { Delivery } from "../../model/notification.ts";
import { formatDuration, formatMoment, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import type { Column } from "../ui/column.ts";
import { plural, t, told } from "../words/words.ts";

export const STATUSES: { readonly [S in Delivery["status"]]: readonly [word: string, look: string] } = {
  waiting: [t("waiting"), ""],
  sending: [t("sending"), ""],
  delivered: [t("delivered"), "good"],
  failed: [t("failed"), "critical"],
  cancelled: [t("cancelled"), ""],
};
export const REASONS: { readonly [R in Delivery["reason"]]: string } = {
  firing: t("fires"),
  resolved: t("all is well"),
  reminder: t("reminder"),
  escalation: t("escalation"),
  test: t("test"),
  canary: t("sign of life"),
};

/** Services that are called as their channel. */
const OWN_NAMES: ReadonlySet<string> = new Set(["email", "apprise", "push"]);

/** A delivery as a row. */
export interface DeliveryRow {
  id: string;
  stale: false;
  of: Delivery;
}

export function StatusWord(props: { of: Delivery }) {
  return <span class={`status-word ${STATUSES[props.of.status][1]}`}>{STATUSES[props.of.status][0]}</span>;
}

export function channelText({ channelName, service }: Delivery): string {
  return OWN_NAMES.has(service) ? channelName : `${channelName} (${service})`;
}

/** How often it was tried and what the server at the other end said, and when it is tried again. */
export function Tries(props: { of: Delivery }) {
  const live = useLive();
  const next = () => {
    const at = props.of.nextTry;
    if (at === null) return "";
    return at <= live.now() ? t("next now") : t("next in {at}", { at: formatDuration(at - live.now()) });
  };
  return (
    <span class="number">
      {props.of.attempts}
      <Show when={props.of.statusCode}>{code => <span class="muted"> ({code()})</span>}</Show>
      <span class="muted"> {next()}</span>
    </span>
  );
}

const text = { numeric: false, hint: null } as const;

export const DELIVERIES: readonly Column<DeliveryRow>[] = [
  {
    ...text,
    key: "at",
    name: t("When"),
    numeric: true,
    width: "8.5rem",
    onPhone: "corner",
    sortBy: ({ of }) => of.queuedAt,
    cell: row => <When at={row().of.queuedAt} />,
  },
  {
    ...text,
    key: "status",
    name: t("Status"),
    width: "6.5rem",
    onPhone: "fact",
    sortBy: ({ of }) => STATUSES[of.status][0],
    cell: row => <StatusWord of={row().of} />,
  },
  {
    ...text,
    key: "channel",
    name: t("Channel"),
    width: "minmax(8rem, 1fr)",
    onPhone: "fact",
    sortBy: ({ of }) => of.channelName,
    cell: row => channelText(row().of),
  },
  {
    ...text,
    key: "why",
    name: t("Why"),
    width: "6.5rem",
    onPhone: "fact",
    sortBy: ({ of }) => REASONS[of.reason],
    cell: row => REASONS[row().of.reason],
  },
  {
    ...text,
    key: "what",
    name: t("What"),
    width: "minmax(14rem, 3fr)",
    onPhone: "title",
    sortBy: ({ of }) => of.title,
    cell: row => (
      <span class="cell-line">
        <span class="name">{row().of.title}</span>
        <Show when={row().of.alertIds.length > 1}>
          <span class="muted">({plural(row().of.alertIds.length, "alert")})</span>
        </Show>
      </span>
    ),
  },
  {
    ...text,
    key: "error",
    name: t("What went wrong"),
    width: "minmax(10rem, 2fr)",
    sortBy: ({ of }) => of.error ?? null,
    cell: row => (
      <Show when={row().of.error}>
        {why => (
          <span class={row().of.status === "failed" ? "form-problem" : "muted"} title={told(why())}>
            {told(why())}
          </span>
        )}
      </Show>
    ),
  },
  {
    ...text,
    key: "tries",
    name: t("Tries"),
    numeric: true,
    width: "7rem",
    sortBy: ({ of }) => of.attempts,
    cell: row => <Tries of={row().of} />,
  },
];

/** As briefly as it is plain; all of it in a tooltip. */
export function When(props: { at: number }) {
  const live = useLive();
  return (
    <span class="number" title={formatTime(props.at)}>
      {formatMoment(props.at, live.now())}
    </span>
  );
}
