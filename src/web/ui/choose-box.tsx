import type { JSX } from "solid-js";
import type { Selection } from "./selection.ts";

/** Chooses a row; with Shift all from the one before to it. `order` gives the rows' ids as they are listed. */
export function ChooseBox(props: {
  selection: Selection;
  id: string;
  label: string;
  order: () => readonly string[];
  disabled?: boolean;
}): JSX.Element {
  return (
    <input
      type="checkbox"
      aria-label={props.label}
      disabled={props.disabled ?? false}
      checked={props.selection.has(props.id)}
      onClick={event => {
        event.stopPropagation();
        props.selection.turn(props.id, event.shiftKey ? props.order() : []);
        event.currentTarget.checked = props.selection.has(props.id);
      }}
    />
  );
}
