import { createEffect, type JSX, on, onCleanup, onMount } from "solid-js";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";
import { isKey } from "./keys.ts";
import { createMedia, PHONE } from "./media.ts";

/**
 * Details beside the page, which stays usable but on a phone, where nothing of it is seen. Escape closes it, and the focus goes back to where
 * it was.
 * `shows` names what is shown: when it changes, the drawer begins at its top.
 */
export function Drawer(props: {
  shows: string;
  title: JSX.Element;
  onClose: () => void;
  children: JSX.Element;
}): JSX.Element {
  let drawer: HTMLElement | undefined;
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
  const isPhone = createMedia(PHONE);
  onMount(() => createEffect(() => isPhone() && onCleanup(shutOff(behind(drawer)))));
  onCleanup(() => {
    document.removeEventListener("keydown", onKey);
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  });
  return (
    <aside ref={drawer} class="drawer" aria-labelledby="drawer-title">
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

/** What stands beside an element, and beside all that it lies in. */
function behind(element: Element | undefined): HTMLElement[] {
  const parent = element?.parentElement;
  if (!element || !parent) return [];
  const beside = [...parent.children].filter(one => one !== element && one instanceof HTMLElement);
  return [...(beside as HTMLElement[]), ...(parent === document.body ? [] : behind(parent))];
}

/** Can neither be reached by Tab nor read any more; answers how to end that. */
function shutOff(elements: readonly HTMLElement[]): () => void {
  const shut = elements.filter(({ inert }) => !inert);
  for (const element of shut) element.inert = true;
  return () => {
    for (const element of shut) element.inert = false;
  };
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
