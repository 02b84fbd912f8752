import { createMemo, type JSX, Show } from "solid-js";
import { DAY } from "../../kit/units.ts";
import type { Picture } from "../../model/picture.ts";
import { type ChangeLine, isThere, toChangeLines } from "../changes/change-lines.ts";
import { missedText, saysOf, saysOfMany } from "../changes/change-words.ts";
import { createChanges, type Told } from "../changes/changes-api.ts";
import { formatAgo, formatMoment, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { PageLink } from "../ui/page-link.tsx";
import { plural, t } from "../words/words.ts";
import { Glance, type GlanceLine, namesOf } from "./glance.tsx";

/** As many as make the lines there is room for, also where a node took a hundred guests along. */
const LIMIT = 300;

/** What became different since yesterday. */
export function ChangesPanel(props: { onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const reading = createChanges(() => ({ length: DAY, limit: LIMIT, resource: null }));
  const lines = createMemo(() => {
    const told = reading.told();
    return told && toChangeLines(told.changes).map(line => toGlanceLine(line, live.picture(), live.now()));
  });
  return (
    <Glance
      id="changes"
      title={t("What changed")}
      href="?page=changes"
      note={t("in the last 24 hours")}
      lines={lines()}
      problem={reading.problem()}
      onAgain={reading.again}
      well={wellText(reading.told()?.watchedSince ?? null, live.now())}
      foot={<Show when={reading.told()}>{told => <Counts told={told()} />}</Show>}
      onShow={props.onShow}
    />
  );
}

/** What was before Pulse first looked, nobody knows. */
function wellText(watchedSince: number | null, now: number): string {
  if (watchedSince === null) return t("Nothing has changed so far");
  return now - watchedSince < DAY
    ? t("Nothing changed since Pulse first looked, {ago}", { ago: formatAgo(watchedSince, now) })
    : t("Nothing in the estate changed since yesterday");
}

/** Alerts that came and went, and for administrators what people did. */
function Counts(props: { told: Told }): JSX.Element {
  return (
    <p class="glance-foot">
      <PageLink href="?page=alerts&tab=history">
        {t("{fired} fired, {resolved} resolved", {
          fired: plural(props.told.alerts.fired, "alert"),
          resolved: props.told.alerts.resolved,
        })}
      </PageLink>
      <Show when={props.told.actions}>
        {count => (
          <>
            {" · "}
            <PageLink href="?page=settings&section=security">
              {plural(count(), "action of a person", "actions of people")}
            </PageLink>
          </>
        )}
      </Show>
    </p>
  );
}

/** A line of changes as it stands in a panel. What is gone cannot be shown. */
function toGlanceLine({ id, at, changes }: ChangeLine, picture: Picture, now: number): GlanceLine {
  const [first, ...rest] = changes;
  const isOne = rest.length === 0;
  const missed = missedText(first);
  const says = isOne ? saysOf(first) : namesOf(changes.map(({ name }) => name));
  return {
    ...{ id, tone: "plain" },
    subject: isOne ? first.name : saysOfMany(first, changes.length),
    shows: isOne && isThere(first.resource, picture) ? first.resource : null,
    says: missed === null ? says : t("{says}, {missed}", { says, missed }),
    value: formatMoment(at, now),
    title:
      missed === null || first.after === null
        ? formatTime(at)
        : t("Between {after} and {at}", { after: formatTime(first.after), at: formatTime(at) }),
  };
}
