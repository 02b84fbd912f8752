import { createSignal, type JSX, onMount, Show } from "solid-js";
import { t } from "../words/words.ts";
import { guardUnsaved } from "./url-state.ts";

/** What went wrong, as a sentence; nothing where nothing did. Screen readers are told at once. */
export function Problem(props: { why: string | null | false | undefined; class?: string }): JSX.Element {
  return (
    <Show when={props.why}>
      {why => (
        <p class={`form-problem ${props.class ?? ""}`} role="alert">
          {why()}
        </p>
      )}
    </Show>
  );
}

/**
 * What a form ends with: what went wrong or well, the button that sends it, others beside that, and one that closes it. What was entered into
 * a form that can be closed is lost by nothing else without asking.
 */
export function FormEnd(props: {
  problem?: string | null | undefined;
  good?: string | null | undefined;
  /** What is on the button that sends it. */
  send?: string;
  /** Said in place of `send` as long as it is under way; nothing can be pressed then. */
  busy?: string | false | undefined;
  isDanger?: boolean;
  disabled?: boolean;
  onCancel?: (() => void) | undefined;
  children?: JSX.Element;
}): JSX.Element {
  let end: HTMLDivElement | undefined;
  const [isEntered, setEntered] = createSignal(false);
  onMount(() => end?.closest("form")?.addEventListener("input", () => setEntered(true)));
  guardUnsaved(
    () => props.onCancel !== undefined && isEntered(),
    () => end ?? null,
  );
  return (
    <>
      <Problem why={props.problem} />
      <Show when={props.good}>
        <p class="form-good" role="status">
          {props.good}
        </p>
      </Show>
      <div class="form-buttons" ref={end}>
        <Show when={props.send}>
          <button
            type="submit"
            class={`button ${props.isDanger ? "danger" : "primary"}`}
            disabled={Boolean(props.busy) || (props.disabled ?? false)}
          >
            {props.busy || props.send}
          </button>
        </Show>
        {props.children}
        <Show when={props.onCancel}>
          {cancel => (
            <button type="button" class="button quiet" onClick={() => cancel()()}>
              {t("Cancel")}
            </button>
          )}
        </Show>
      </div>
    </>
  );
}
