import { type JSX, Show } from "solid-js";

import { plural, t } from "../words/words.ts";
import { type Draft, useDraft } from "./draft-context.tsx";
import { LockMark } from "./lock-mark.tsx";

/** A yes or no of the configuration. */
export function Toggle(props: { path: readonly string[]; label: string }): JSX.Element {
  const draft = useDraft();
  return (
    <label class="check" classList={{ changed: draft.isChanged(props.path) }}>
      <input
        type="checkbox"
        disabled={!draft.mayEdit(props.path)}
        checked={draft.get(props.path) === true}
        onChange={event => draft.set(props.path, event.currentTarget.checked)}
      />
      {props.label} <LockMark path={props.path} />
    </label>
  );
}

/** Says how much is not saved, and saves it or takes it back. It stays in sight while there is anything. */
export function SaveBar(props: { draft: Draft }): JSX.Element {
  return (
    <Show when={props.draft.changed() > 0 || props.draft.problem()}>
      <section class="save-bar" aria-label={t("Unsaved changes")}>
        <p role="status">
          <Show
            when={props.draft.problem()}
            fallback={
              <strong>{t("{changed} not saved.", { changed: plural(props.draft.changed(), "change") })}</strong>
            }
          >
            {why => <span class="form-problem">{why()}</span>}
          </Show>
        </p>
        <button type="button" class="button quiet" disabled={props.draft.busy()} onClick={() => props.draft.revert()}>
          {t("Revert")}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={props.draft.busy()}
          onClick={() => void props.draft.save()}
        >
          {props.draft.busy() ? t("Saving…") : t("Save")}
        </button>
      </section>
    </Show>
  );
}
