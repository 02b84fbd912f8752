import { type JSX, onCleanup, onMount } from "solid-js";

/**
 * Something that stands before the page until it is closed: the page behind it can neither be clicked on nor tabbed into. Escape and a
 * click beside it close it, and the focus goes back to where it was. Without `onClose` the reader cannot close it.
 */
export function Dialog(props: {
  label: string;
  class?: string;
  onClose?: () => void;
  children: JSX.Element;
}): JSX.Element {
  let dialog: HTMLDialogElement | undefined;
  const before = document.activeElement;
  onMount(() => dialog?.showModal());
  onCleanup(() => {
    dialog?.close();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the key for it is Escape, which the browser tells as `cancel`.
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ""}`}
      aria-label={props.label}
      onCancel={event => {
        event.preventDefault();
        props.onClose?.();
      }}
      onClick={event => {
        if (event.target === dialog) props.onClose?.();
      }}
      on:keydown={event => {
        // NOTE: at the dialog itself: what is behind has keys of its own, and hears them at the document.
        if (event.key === "Escape" || !props.onClose) event.stopPropagation();
        // Some browsers close a dialog on the second press, whatever is made of the first.
        if (event.key === "Escape" && !props.onClose) event.preventDefault();
      }}
    >
      <div class="dialog-box">{props.children}</div>
    </dialog>
  );
}
