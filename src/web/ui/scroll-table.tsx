import type { JSX } from "solid-js";

/** A table that may be wider than where it is: then it is moved from side to side, by arrow keys too. `caption`: for screen readers. */
export function ScrollTable(props: { caption: string; class?: string; children: JSX.Element }): JSX.Element {
  return (
    <section class="scroll-x" tabindex={0} aria-label={props.caption}>
      <table class={`scopes ${props.class ?? ""}`}>
        <caption class="visually-hidden">{props.caption}</caption>
        {props.children}
      </table>
    </section>
  );
}
