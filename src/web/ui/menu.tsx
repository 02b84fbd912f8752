import { createSignal, createUniqueId, type JSX, onCleanup, Show } from "solid-js";
import { Icon, type IconName } from "./icon.tsx";

/** Between a button and what it opens, and between that and the edge of the window; px. */
const GAP = 4;
const EDGE = 8;

/** A button that opens a small panel below it. A press elsewhere, or Escape, closes it, and the focus goes back to the button. */
export function Menu(props: {
  label: string;
  icon: IconName;
  /** Beside the icon; without it the label is a tooltip. */
  text?: string | undefined;
  /** Something in it is not as usual. */
  isMarked?: boolean;
  /** Gets what closes it. */
  children: (close: () => void) => JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  let button: HTMLButtonElement | undefined;
  let panel: HTMLElement | undefined;
  const [isOpen, setOpen] = createSignal(false);
  const place = () => {
    if (button && panel) panelPlace(button.getBoundingClientRect(), panel.style);
  };
  const onToggle = (event: ToggleEvent) => {
    setOpen(event.newState === "open");
    place();
    if (isOpen()) addEventListener("scroll", place, { passive: true });
    else removeEventListener("scroll", place);
  };
  onCleanup(() => removeEventListener("scroll", place));
  const close = () => {
    panel?.hidePopover();
    button?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.text === undefined ? "icon-button" : "chip"}
        classList={{ marked: props.isMarked ?? false }}
        aria-label={props.text === undefined ? props.label : undefined}
        aria-expanded={isOpen()}
        title={props.label}
        popovertarget={id}
      >
        <Icon name={props.icon} />
        {props.text}
      </button>
      <section
        ref={panel}
        id={id}
        class="popover menu"
        popover="auto"
        aria-label={props.label}
        onBeforeToggle={onToggle}
        onKeyDown={event => {
          if (event.key !== "Escape") return;
          // Not also what is behind it.
          event.preventDefault();
          event.stopPropagation();
          close();
        }}
      >
        <Show when={isOpen()}>{props.children(close)}</Show>
      </section>
    </>
  );
}

/** Below the button and as far to the right as it, where there is room; else above. */
function panelPlace(at: DOMRect, style: CSSStyleDeclaration): void {
  const below = innerHeight - at.bottom;
  const isBelow = below > 320 || below > at.top;
  style.top = isBelow ? `${at.bottom + GAP}px` : "auto";
  style.bottom = isBelow ? "auto" : `${innerHeight - at.top + GAP}px`;
  style.maxHeight = `${(isBelow ? below : at.top) - GAP - EDGE}px`;
  const width = document.documentElement.clientWidth;
  style.right = `${Math.max(EDGE, Math.min(width - at.right, width - 336 - EDGE))}px`;
}
