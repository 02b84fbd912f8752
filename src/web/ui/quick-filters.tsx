import { For, type JSX, Show } from "solid-js";
import { hasTerm, toggleTerm } from "../search/query.ts";
import { locale, t } from "../words/words.ts";

/** A term of a search that a button adds and takes away. */
export interface QuickFilter {
  term: string;
  name: string;
  /** How many it finds. */
  count: number;
}

/** Buttons for what is often searched for. */
export function QuickFilters(props: {
  filters: readonly QuickFilter[];
  text: string;
  onText: (text: string) => void;
}): JSX.Element {
  return (
    <fieldset class="chips">
      <legend class="visually-hidden">{t("Quick filters")}</legend>
      {/* By their terms: a button must not become another while it is pressed. */}
      <For each={props.filters.map(({ term }) => term)}>
        {term => (
          <Show when={props.filters.find(filter => filter.term === term)}>
            {filter => (
              <button
                type="button"
                class="chip"
                aria-pressed={hasTerm(props.text, term)}
                onClick={() => props.onText(toggleTerm(props.text, term))}
              >
                {filter().name} <span class="muted">{filter().count.toLocaleString(locale())}</span>
              </button>
            )}
          </Show>
        )}
      </For>
    </fieldset>
  );
}
