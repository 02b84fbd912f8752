import { type JSX, Show } from "solid-js";
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
const NEVER: Limits = { warning: Number.POSITIVE_INFINITY, critical: Number.POSITIVE_INFINITY };

/**
 * A share as a number and a bar. null: unknown. `full`: the number that fills the bar; 100 by default. `text`: what is told in the place of
 * the number. `level`: how bad it is, where that is known otherwise than by limits. `mark`: what is marked on the bar.
 */
export function Meter(props: {
  percent: Percent | null;
  limits?: Limits;
  level?: "warning" | "critical" | "";
  mark?: Percent;
  title?: string | undefined;
  full?: number;
  text?: string;
}): JSX.Element {
  const filled = () => ((props.percent ?? 0) / (props.full ?? 100)) * 100;
  const level = () => {
    const percent = filled();
    const { warning, critical } = props.limits ?? NEVER;
    return props.level ?? (percent >= critical ? "critical" : percent >= warning ? "warning" : "");
  };
  return (
    <span class={`meter ${level()}`} classList={{ wordy: props.text !== undefined }} title={props.title}>
      <span class="meter-text">{props.text ?? formatPercent(props.percent)}</span>
      <span class="meter-track" classList={{ unknown: props.percent === null }} aria-hidden="true">
        <span class="meter-fill" style={{ width: `${Math.min(100, Math.max(0, filled()))}%` }} />
        <Show when={props.mark !== undefined}>
          <span class="meter-mark" style={{ left: `${props.mark}%` }} />
        </Show>
      </span>
    </span>
  );
}
