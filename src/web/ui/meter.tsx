import type { JSX } from "solid-js";
import type { Percent } from "../../kit/units.ts";
import { formatPercent } from "../format/format.ts";

/** From when on a share is worth a look, and when it is a problem; percent. */
export interface Limits {
  warning: Percent;
  critical: Percent;
}
export const CPU_LIMITS: Limits = { warning: 80, critical: 95 };
export const MEMORY_LIMITS: Limits = { warning: 85, critical: 95 };
export const DISK_LIMITS: Limits = { warning: 80, critical: 90 };

/**
 * A share as a number and a bar. null: unknown. `full`: the number that fills the bar; 100 by default. `text`: what is told in the place of
 * the number.
 */
export function Meter(props: {
  percent: Percent | null;
  limits: Limits;
  title?: string | undefined;
  full?: number;
  text?: string;
}): JSX.Element {
  const filled = () => ((props.percent ?? 0) / (props.full ?? 100)) * 100;
  const level = () => {
    const percent = filled();
    if (percent >= props.limits.critical) return "critical";
    return percent >= props.limits.warning ? "warning" : "";
  };
  return (
    <span class={`meter ${level()}`} classList={{ wordy: props.text !== undefined }} title={props.title}>
      <span class="meter-text">{props.text ?? formatPercent(props.percent)}</span>
      <span class="meter-track" classList={{ unknown: props.percent === null }} aria-hidden="true">
        <span class="meter-fill" style={{ width: `${Math.min(100, Math.max(0, filled()))}%` }} />
      </span>
    </span>
  );
}
