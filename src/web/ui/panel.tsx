import { type JSX, Show } from "solid-js";
import { Help } from "./states.tsx";

/** A part of a page with a heading and the number of what is in it. */
export function Panel(props: {
  id: string;
  title: string;
  count?: string;
  /** A sentence or two where somebody may stop to think; behind a question mark. */
  help?: string | undefined;
  /** Where the documentation says more than `help`: "alerts#signals". */
  docs?: string | undefined;
  tools?: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <section class="panel" aria-labelledby={`${props.id}-title`}>
      <header class="panel-head">
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        <span class="count">{props.count}</span>
        <Show when={props.help}>
          {text => (
            <Help about={props.title} docs={props.docs}>
              {text()}
            </Help>
          )}
        </Show>
        <Show when={props.tools}>
          <div class="panel-tools">{props.tools}</div>
        </Show>
      </header>
      {props.children}
    </section>
  );
}
