import { createEffect, createSignal, createUniqueId, type JSX, on, Show } from "solid-js";

/** A number with its unit. While it is being typed, nothing else changes what stands in it. */
export function NumberField(props: {
  /** Said to screen readers; shown only with `showLabel`. */
  label: string;
  showLabel?: boolean;
  value: number | null;
  /** null: it was emptied. What is no number is not told. */
  onValue: (value: number | null) => void;
  unit?: string | undefined;
  /** What holds while it is empty. */
  placeholder?: string | undefined;
  hint?: string | undefined;
  /** What is wrong with it, as a sentence. */
  problem?: string | null;
  disabled?: boolean;
}): JSX.Element {
  const id = createUniqueId();
  const [text, setText] = createSignal(toText(props.value));
  let isTyping = false;
  createEffect(
    on(
      () => props.value,
      value => {
        if (!isTyping) setText(toText(value));
      },
    ),
  );
  const type = (typed: string, isBad: boolean) => {
    setText(typed);
    if (isBad) return;
    const value = typed.trim() === "" ? null : Number(typed);
    if (value === null || Number.isFinite(value)) props.onValue(value);
  };
  const describedBy = () =>
    [props.hint && `${id}-hint`, props.problem && `${id}-problem`].filter(Boolean).join(" ") || undefined;
  return (
    <span class="number-field" classList={{ wrong: Boolean(props.problem) }}>
      <label for={id} classList={{ "visually-hidden": !props.showLabel }}>
        {props.label}
      </label>
      <span class="number-box">
        <input
          id={id}
          type="number"
          step="any"
          inputmode="decimal"
          autocomplete="off"
          disabled={props.disabled ?? false}
          placeholder={props.placeholder}
          aria-invalid={props.problem ? true : undefined}
          aria-describedby={describedBy()}
          value={text()}
          onFocus={() => {
            isTyping = true;
          }}
          onBlur={() => {
            isTyping = false;
            setText(toText(props.value));
          }}
          onInput={event => type(event.currentTarget.value, event.currentTarget.validity.badInput)}
        />
        <Show when={props.unit}>
          <span class="number-unit" aria-hidden="true">
            {props.unit}
          </span>
        </Show>
      </span>
      <Show when={props.hint}>
        <span class="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      </Show>
      <Show when={props.problem}>
        {why => (
          <span class="form-problem" id={`${id}-problem`}>
            {why()}
          </span>
        )}
      </Show>
    </span>
  );
}

function toText(value: number | null): string {
  return value === null ? "" : String(value);
}
