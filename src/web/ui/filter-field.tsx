import { For, type JSX, onCleanup, Show } from "solid-js";
import { t } from "../words/words.ts";
import { Icon } from "./icon.tsx";
import { isKey, isWriting } from "./keys.ts";
import { ViewsMenu } from "./views-menu.tsx";

/** What may be written in a search, and what it means. */
export type Examples = readonly [example: string, meaning: string][];

/** A search above a table, and the views that are kept of the page. */
export function TableSearch(props: Parameters<typeof FilterField>[0]): JSX.Element {
  return (
    <>
      <FilterField {...props} />
      <ViewsMenu />
    </>
  );
}

/** A field for words that must occur, or for a search; "/" leads to it, Escape empties it. */
export function FilterField(props: {
  text: string;
  onText: (text: string) => void;
  label: string;
  placeholder: string;
  /** What of the search was not understood. */
  error?: string | null;
  /** Behind a button with a question mark. */
  examples?: Examples;
  /** Below the examples. */
  keys?: JSX.Element;
}): JSX.Element {
  const wrong = () => (props.error ?? null) !== null;
  let field: HTMLInputElement | undefined;
  onCleanup(
    onPageKeys({
      search: () => {
        field?.focus();
        field?.select();
      },
      // From wherever: what the search hides is shown again.
      close: () => props.onText(""),
    }),
  );
  return (
    <div class="search" classList={{ wrong: wrong() }}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={props.label}
        aria-describedby="search-problem"
        aria-invalid={wrong()}
        placeholder={props.placeholder}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        value={props.text}
        onInput={event => props.onText(event.currentTarget.value)}
        onKeyDown={event => leave(event, props.text, props.onText)}
      />
      <kbd title={t("Press / to search")}>/</kbd>
      <Show when={props.examples}>{examples => <SearchHelp examples={examples()} keys={props.keys} />}</Show>
      <p id="search-problem" class="search-problem" role="status">
        <Show when={wrong()}>{props.error}</Show>
      </p>
    </div>
  );
}

function SearchHelp(props: { examples: Examples; keys: JSX.Element }): JSX.Element {
  return (
    <>
      <button type="button" class="icon-button" aria-label={t("How to search")} popovertarget="search-help">
        <Icon name="help" />
      </button>
      <div id="search-help" class="popover" popover="auto">
        <h3>{t("How to search")}</h3>
        <dl>
          <For each={props.examples}>
            {([example, meaning]) => (
              <div>
                <dt>
                  <code>{example}</code>
                </dt>
                <dd>{meaning}</dd>
              </div>
            )}
          </For>
        </dl>
        <Show when={props.keys}>
          <h3>{t("Keys")}</h3>
          <p>{props.keys}</p>
        </Show>
      </div>
    </>
  );
}

/** Calls what a key of the page does, unless somebody is writing or something else is open. Answers how to end that. */
function onPageKeys(does: { search: () => void; close: () => void }): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (isWriting(event.target) || event.defaultPrevented) return;
    if (isKey(event, "search")) {
      event.preventDefault();
      does.search();
    } else if (isKey(event, "close") && !document.querySelector(OPEN)) does.close();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

/** What Escape closes before it empties the search. */
const OPEN = ".drawer, dialog[open], :popover-open";

/** In the field Escape empties it, then leaves it; the arrow leads down to the rows. */
function leave(event: KeyboardEvent, text: string, onText: (text: string) => void): void {
  if (event.key === "ArrowDown") document.querySelector<HTMLElement>('.virtual .row[tabindex="0"]')?.focus();
  else if (!isKey(event, "close")) return;
  else if (text === "") (event.currentTarget as HTMLElement).blur();
  else onText("");
  event.preventDefault();
}
