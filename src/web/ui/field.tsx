import { createUniqueId, type JSX, Show } from "solid-js";
import { Help } from "./states.tsx";

/** A labelled field of a form, with a hint below. */
export function Field(props: {
  label: string;
  hint?: JSX.Element;
  /** What it does, what is usual, what becomes of it when it is changed; behind a question mark. */
  help?: string | undefined;
  /** Where the documentation says more than `help`: "alerts#signals". */
  docs?: string | undefined;
  /** Gets the id that ties the label to the input. */
  children: (id: string, hintId: string) => JSX.Element;
}): JSX.Element {
  const id = createUniqueId();
  return (
    <div class="field">
      <Show when={props.help} fallback={<label for={id}>{props.label}</label>}>
        {text => (
          <div class="field-head">
            <label for={id}>{props.label}</label>
            <Help about={props.label} docs={props.docs}>
              {text()}
            </Help>
          </div>
        )}
      </Show>
      {props.children(id, `${id}-hint`)}
      <Show when={props.hint}>
        <p class="hint" id={`${id}-hint`}>
          {props.hint}
        </p>
      </Show>
    </div>
  );
}

/** A line of text in a form. */
export function TextField(props: {
  label: string;
  value: string;
  help?: string | undefined;
  docs?: string | undefined;
  onValue: (value: string) => void;
  hint?: JSX.Element;
  placeholder?: string;
  secret?: boolean;
  required?: boolean;
  disabled?: boolean;
}): JSX.Element {
  return (
    <Field label={props.label} hint={props.hint} help={props.help} docs={props.docs}>
      {(id, hintId) => (
        <input
          id={id}
          type={props.secret ? "password" : "text"}
          autocomplete={props.secret ? "new-password" : "off"}
          autocapitalize="none"
          spellcheck={false}
          aria-describedby={props.hint ? hintId : undefined}
          placeholder={props.placeholder}
          required={props.required ?? false}
          disabled={props.disabled ?? false}
          value={props.value}
          onInput={event => props.onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
