import { type JSX, onCleanup } from "solid-js";
import { Icon } from "./icon.tsx";

/** A field for words that must occur; "/" leads to it, Escape empties it. */
export function FilterField(props: {
  text: string;
  onText: (text: string) => void;
  label: string;
  placeholder: string;
}): JSX.Element {
  let field: HTMLInputElement | undefined;
  onCleanup(onSlash(() => field));
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={props.label}
        placeholder={props.placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={props.text}
        onInput={event => props.onText(event.currentTarget.value)}
        onKeyDown={event => leaveOnEscape(event, props.text, props.onText)}
      />
      <kbd title="Press / to search">/</kbd>
    </div>
  );
}

/** Leads "/" to `field`, unless somebody is typing. Answers how to end that. */
export function onSlash(field: () => HTMLInputElement | undefined): () => void {
  const onKey = (event: KeyboardEvent) => {
    const typing = (event.target as HTMLElement | null)?.matches("input, select, textarea") ?? false;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    field()?.focus();
    field()?.select();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** Escape empties a field, then leaves it. */
export function leaveOnEscape(event: KeyboardEvent, text: string, onText: (text: string) => void): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  if (text === "") (event.currentTarget as HTMLElement).blur();
  else onText("");
}
