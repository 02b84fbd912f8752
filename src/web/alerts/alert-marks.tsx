import { type Accessor, createContext, createMemo, type JSX, Show, useContext } from "solid-js";
import type { Alert, AlertLevel } from "../../model/alert.ts";

import { useLive } from "../live/live.ts";
import { Icon } from "../ui/icon.tsx";
import { plural, told } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { levelName } from "./words.ts";

/** What fires of one resource. */
interface Mark {
  level: AlertLevel;
  count: number;
  says: string;
}

const MarksContext = createContext<Accessor<ReadonlyMap<string, Mark>>>(() => new Map());

/** Tells all rows below what fires of their resources; it is found out once for all. */
export function AlertMarks(props: { children: JSX.Element }): JSX.Element {
  const live = useLive();
  const marks = createMemo(() => {
    const byResource = Map.groupBy(alertsOf(live.picture()), ({ resourceId }) => resourceId);
    return new Map([...byResource].map(([id, alerts]) => [id, toMark(alerts)]));
  });
  return <MarksContext.Provider value={marks}>{props.children}</MarksContext.Provider>;
}

function toMark(alerts: readonly Alert[]): Mark {
  const level = alerts.some(alert => alert.level === "critical") ? "critical" : "warning";
  return { level, count: alerts.length, says: alerts.map(({ message }) => told(message)).join("\n") };
}

/** A small mark beside a resource of which something fires; the tooltip says what. */
export function AlertBadge(props: { id: string }): JSX.Element {
  const marks = useContext(MarksContext);
  return (
    <Show when={marks().get(props.id)}>
      {mark => (
        <span class={`alert-badge ${mark().level}`} title={mark().says}>
          <Icon name="bell" />
          <span class="visually-hidden">
            {plural(mark().count, "alert")}, {levelName(mark().level)}
          </span>
          <span aria-hidden="true">{mark().count > 1 ? mark().count : ""}</span>
        </span>
      )}
    </Show>
  );
}
