import { type Accessor, type JSX, Show } from "solid-js";
import type { Reading } from "../live/reading.ts";
import { ErrorState, Skeleton, StaleNote } from "./states.tsx";

/**
 * What was asked of the server, once it is there; until then what holds its place, and when it cannot be had, why, and a button that asks
 * again. What was read stays when it cannot be read anew, with how old it is. `what`: a sentence, "The rules cannot be read now".
 */
export function Loaded<T>(props: {
  reading: Omit<Reading<T>, "put">;
  what: string;
  /** About as many lines as there will be. */
  lines?: number;
  kind?: "lines" | "table";
  children: (value: Accessor<T>) => JSX.Element;
}): JSX.Element {
  return (
    <Show
      when={props.reading.told()}
      fallback={
        <Show
          when={props.reading.problem()}
          fallback={<Skeleton lines={props.lines ?? 5} kind={props.kind ?? "lines"} />}
        >
          {why => <ErrorState what={props.what} why={why()} onAgain={props.reading.again} />}
        </Show>
      }
    >
      {value => (
        <>
          <StaleNote reading={props.reading} />
          {props.children(value as Accessor<T>)}
        </>
      )}
    </Show>
  );
}
