import "./palette.css";
import { createMemo, createSignal, createUniqueId, For, type JSX, on, Show, untrack } from "solid-js";
import { useLive } from "../live/live.ts";
import { preferences } from "../live/preferences.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { goTo, goToShown } from "../ui/url-state.ts";
import { plural, t } from "../words/words.ts";
import { actionsFor } from "./actions.ts";
import { type Entry, entitiesOf, pagesFor, viewsOf } from "./entries.ts";
import { rank } from "./rank.ts";
import { recentlyFound, rememberFound } from "./recent.ts";

/** As many as anybody looks through; who wants another types a letter more. */
const MOST = 40;
const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/**
 * Finds anything by a few letters, and goes there or does it. What there is to be found is gathered once, when it opens: nothing moves
 * under the finger.
 */
export default function Palette(props: { onClose: () => void; onKeys: () => void }): JSX.Element {
  const live = useLive();
  const id = createUniqueId();
  const recent = recentlyFound();
  // Who has just opened the page may not know yet what there is, nor who they are.
  const entities = createMemo(on(live.hasPicture, () => entitiesOf(untrack(live.picture))));
  const gathered = createMemo(
    on([live.session, entities], () => {
      const { pages, parts } = pagesFor(live.session());
      const still = [...pages, ...actionsFor(live, props.onKeys)];
      const all = [...still, ...viewsOf(untrack(preferences).views), ...parts, ...entities()];
      return { still, all, search: narrowing(all, recent) };
    }),
  );
  const [typed, setTyped] = createSignal("");
  const [chosen, setChosen] = createSignal(0);
  const [said, setSaid] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const found = createMemo(() => {
    const { still, all, search } = gathered();
    return typed().trim() === "" ? atFirst(all, still, recent) : search(typed());
  });
  const listed = () => found().best;
  const optionId = (at: number) => `${id}-option-${at}`;
  let list: HTMLDivElement | undefined;

  const choose = (at: number) => {
    setChosen(Math.max(0, Math.min(listed().length - 1, at)));
    list?.children[chosen()]?.scrollIntoView({ block: "nearest" });
  };
  const take = async (entry: Entry | undefined) => {
    if (!entry || busy()) return;
    rememberFound(entry.id);
    const { deed } = entry;
    if (deed.kind === "do") {
      setBusy(true);
      const outcome = await deed.run();
      setBusy(false);
      setSaid(outcome);
      if (outcome === null) props.onClose();
      return;
    }
    // First, so that the focus is not taken back from where it goes.
    props.onClose();
    if (deed.kind === "go") goTo(deed.search);
    else goToShown(deed.page, deed.id);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      const next = chosen() + step;
      const isOver = Math.abs(step) === 1 && (next < 0 || next >= listed().length);
      choose(isOver ? (step > 0 ? 0 : listed().length - 1) : next);
    } else if (event.key === "Enter" && !event.isComposing) void take(listed()[chosen()]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label={t("Find anything")} class="palette" onClose={props.onClose}>
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label={t("Find anything")}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={listed().length > 0 ? optionId(chosen()) : undefined}
          placeholder={t("A guest, a VMID, a page, or what to do…")}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          autofocus
          enterkeyhint="go"
          value={typed()}
          onInput={event => {
            setTyped(event.currentTarget.value);
            setSaid(null);
            setChosen(0);
            if (list) list.scrollTop = 0;
          }}
          onKeyDown={onKey}
        />
        <button type="button" class="icon-button" aria-label={t("Close")} onClick={() => props.onClose()}>
          <Icon name="close" />
        </button>
      </div>
      <div class="palette-list" id={`${id}-list`} role="listbox" aria-label={t("Found")} ref={list}>
        <For each={listed()}>
          {(entry, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus, and its keys choose.
            // biome-ignore lint/a11y/useFocusableInteractive: likewise: `aria-activedescendant` says which is chosen.
            <div
              id={optionId(at())}
              role="option"
              aria-selected={chosen() === at()}
              onPointerMove={() => setChosen(at())}
              onClick={() => void take(entry)}
            >
              <Icon name={entry.icon} class="kind" />
              <span class="palette-name">{entry.name}</span>
              <span class="palette-hint">{entry.hint}</span>
            </div>
          )}
        </For>
      </div>
      <p class="palette-foot" role="status">
        <Show when={!busy()} fallback={t("One moment…")}>
          {said() ?? footText(found().found.length, typed())}
        </Show>
      </p>
    </Dialog>
  );
}

interface Found {
  best: readonly Entry[];
  found: readonly Entry[];
}

/** Who types on looks only through what was found by less. */
function narrowing(all: readonly Entry[], recent: readonly string[]): (typed: string) => Found {
  let before = { typed: "", found: all };
  return typed => {
    const from = before.typed !== "" && typed.startsWith(before.typed) ? before.found : all;
    const result = rank(from, typed, recent, MOST);
    before = { typed, found: result.found };
    return result;
  };
}

/** Before anything is typed: what was chosen lately, then pages and actions. */
function atFirst(all: readonly Entry[], still: readonly Entry[], recent: readonly string[]): Found {
  const byId = new Map(all.map(entry => [entry.id, entry]));
  const lately = recent.slice(0, 6).flatMap(one => byId.get(one) ?? []);
  const best = [...lately, ...still.filter(entry => !lately.includes(entry))];
  return { best, found: best };
}

function footText(count: number, typed: string): string {
  if (count === 0) return t('Nothing is called like "{typed}".', { typed: typed.trim() });
  if (typed.trim() === "") return t("Type to find; arrows choose, Enter goes there.");
  return count > MOST
    ? t("{found}, the best {most}", { found: plural(count, "match", "matches"), most: MOST })
    : plural(count, "match", "matches");
}
