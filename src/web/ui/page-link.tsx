import type { JSX } from "solid-js";
import { goTo } from "./url-state.ts";

/** A link to another page of the UI: `href` is its search, "?page=storage". Opens in another tab like any link when it is asked to. */
export function PageLink(props: { href: string; class?: string; children: JSX.Element }): JSX.Element {
  return (
    <a
      class={props.class ?? "page-link"}
      href={`./${props.href}`}
      onClick={event => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        goTo(props.href);
      }}
    >
      {props.children}
    </a>
  );
}
