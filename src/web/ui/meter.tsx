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

/** A share as a number and a bar. null: unknown. */
export function Meter(props: { percent: Percent | null; limits: Limits; title?: string | undefined }): JSX.Element {
  const level = () => {
    const percent = props.percent ?? 0;
    if (percent >= props.limits.critical) return "critical";
    return percent >= props.limits.warning ? "warning" : "";
  };
  return (
    <span class={`meter ${level()}`} title={props.title}>
      <span class="meter-text">{formatPercent(props.percent)}</span>
      <span class="meter-track" classList={{ unknown: props.percent === null }} aria-hidden="true">
        <span class="meter-fill" style={{ width: `${Math.min(100, Math.max(0, props.percent ?? 0))}%` }} />
      </span>
    </span>
  );
}
