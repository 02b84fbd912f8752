import { type JSX, Show } from "solid-js";
import { ErrorState, StaleNote } from "../ui/states.tsx";
import { t } from "../words/words.ts";
import { PartialNote } from "./partial-note.tsx";
import type { Past } from "./past.ts";

/** Charts of what was; in their place why that cannot be had, and above them how old they are, or what they lack. */
export function PastStates(props: { past: Past; children: JSX.Element }): JSX.Element {
  const why = () => (props.past.at() === null ? props.past.problem() : null);
  return (
    <Show
      when={why() === null}
      fallback={
        <ErrorState what={t("The history cannot be read now")} why={why() ?? ""} onAgain={() => props.past.again()} />
      }
    >
      <StaleNote reading={props.past} />
      <PartialNote past={props.past} />
      {props.children}
    </Show>
  );
}
