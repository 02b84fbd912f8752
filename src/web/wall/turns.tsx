import { type JSX, Show } from "solid-js";
import { t } from "../words/words.ts";

/** Says which of several turns is shown; nothing when all is shown at once. */
export function Turns(props: { page: number; pages: number }): JSX.Element {
  return (
    <Show when={props.pages > 1}>
      <p class="wall-turns">{t("{page} of {pages}", { page: props.page + 1, pages: props.pages })}</p>
    </Show>
  );
}
