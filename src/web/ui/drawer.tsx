import { createEffect, type JSX, on, onCleanup } from "solid-js";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";
import { isKey } from "./keys.ts";

/**
 * Details beside the page, which stays usable. Escape closes it, and the focus goes back to where it was.
 * `shows` names what is shown: when it changes, the drawer begins at its top.
 */
export function Drawer(props: {
  shows: string;
  title: JSX.Element;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  let heading: HTMLHeadingElement | undefined;
  let body: HTMLDivElement | undefined;
  const before = document.activeElement;
  const onKey = (event: KeyboardEvent) => {
    // What stands before it is closed first: the browser does that.
    if (!isKey(event, "close") || event.defaultPrevented || document.querySelector(":popover-open")) return;
    event.preventDefault();
    props.onClose();
  };
  document.addEventListener("keydown", onKey);
  createEffect(
    on(
      () => props.shows,
      () => {
        if (body) body.scrollTop = 0;
        heading?.focus({ preventScroll: true });
      },
    ),
  );
  onCleanup(() => {
    document.removeEventListener("keydown", onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  });
  return (
    <aside class="drawer" aria-labelledby="drawer-title">
      <header class="drawer-head">
        <h2 id="drawer-title" tabindex="-1" ref={heading}>
          {props.title}
        </h2>
        <button type="button" class="icon-button" aria-label={t("Close details")} onClick={() => props.onClose()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="drawer-body" ref={body}>
        {props.children}
      </div>
    </aside>
  );
}

/** One line of details; nothing when there is nothing to say. */
export function Fact(props: { name: JSX.Element; children: JSX.Element }): JSX.Element {
  return (
    <div class="fact">
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
