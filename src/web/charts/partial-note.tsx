import { type JSX, Show } from "solid-js";
import { t } from "../words/words.ts";
import type { Past } from "./past.ts";

/** Says that not all is shown that an archive has. */
export function PartialNote(props: { past: Past }): JSX.Element {
  return (
    <Show when={props.past.isPartial()}>
      <p class="muted">{t("The archive does not answer now: this is what Pulse itself has kept.")}</p>
    </Show>
  );
}
