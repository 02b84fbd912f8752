import { type Accessor, createMemo, For, type JSX, Show } from "solid-js";

/**
 * A list that is read anew now and then. What stands for a row stays as long as its id is in the list, and gets the row as it has become:
 * a form that is open in it, what was typed there and the focus are not lost to an update.
 */
export function ById<T>(props: {
  each: readonly T[];
  idOf: (row: T) => string;
  fallback?: JSX.Element;
  children: (row: Accessor<T>, id: string) => JSX.Element;
}): JSX.Element {
  const rows = createMemo(() => new Map(props.each.map(row => [props.idOf(row), row])));
  return (
    <For each={[...rows().keys()]} fallback={props.fallback}>
      {id => <Show when={rows().get(id)}>{row => props.children(row as Accessor<T>, id)}</Show>}
    </For>
  );
}
