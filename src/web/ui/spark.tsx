import type { JSX } from "solid-js";

/** A small line without words, beside a number that says how it ends; its path is made by `toPath`. */
export function Spark(props: { path: string }): JSX.Element {
  return (
    <svg class="spark" viewBox="0 0 60 16" preserveAspectRatio="none" aria-hidden="true">
      <path d={props.path} />
    </svg>
  );
}
