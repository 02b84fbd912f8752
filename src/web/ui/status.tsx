import { type JSX, Show } from "solid-js";
import type { Instant } from "../../kit/units.ts";
import { formatAgo } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { stateName } from "../words/states.ts";
import { t, told } from "../words/words.ts";
import { Icon } from "./icon.tsx";

const LOOK: Readonly<Record<string, string>> = {
  running: "good",
  online: "good",
  stopped: "off",
  offline: "critical",
  paused: "warning",
  exited: "off",
  created: "off",
  restarting: "critical",
  dead: "critical",
  suspended: "warning",
  template: "off",
  PASSED: "good",
  FAILED: "critical",
  UNKNOWN: "off",
  HEALTH_OK: "good",
  HEALTH_WARN: "warning",
  HEALTH_ERR: "critical",
  degraded: "warning",
  ONLINE: "good",
  DEGRADED: "critical",
  FAULTED: "critical",
  SUSPENDED: "critical",
  UNAVAIL: "critical",
};

/** A dot in the colour of a status; the word stands beside it or is said to screen readers. */
export function StatusDot(props: { status: string }): JSX.Element {
  return (
    <span class={`dot ${LOOK[props.status] ?? "unknown"}`} title={stateName(props.status)}>
      <span class="visually-hidden">{stateName(props.status)}</span>
    </span>
  );
}

/** Says that an entity's numbers are old, how old, and why. */
export function StaleMark(props: { entity: { stale: boolean; lastSeen: Instant; fault: string | null } }): JSX.Element {
  const live = useLive();
  const age = () =>
    props.entity.lastSeen === 0
      ? t("never seen")
      : t("from {ago}", { ago: formatAgo(props.entity.lastSeen, live.now()) });
  return (
    <Show when={props.entity.stale}>
      <span class="stale-mark" title={props.entity.fault ? told(props.entity.fault) : undefined}>
        <Icon name="clock" />
        {age()}
      </span>
    </Show>
  );
}
