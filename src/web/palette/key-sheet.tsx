import "./palette.css";
import { For, type JSX } from "solid-js";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { KEYS, type KeyName, type KeyPlace, keyNames } from "../ui/keys.ts";
import { isMac } from "../ui/mac.ts";
import { t } from "../words/words.ts";

const PLACES: { readonly [P in KeyPlace]: string } = { page: t("Everywhere"), row: t("In a table, on a row") };

/** All keys of the page and what they do: the very list that its handlers go by. */
export default function KeySheet(props: { onClose: () => void }): JSX.Element {
  const names = Object.keys(KEYS) as KeyName[];
  return (
    <Dialog label={t("Keys")} class="key-sheet" onClose={props.onClose}>
      <header class="dialog-head">
        <h2 tabindex="-1" autofocus>
          {t("Keys")}
        </h2>
        <button type="button" class="icon-button" aria-label={t("Close")} onClick={() => props.onClose()}>
          <Icon name="close" />
        </button>
      </header>
      <For each={Object.entries(PLACES)}>
        {([place, title]) => (
          <section>
            <h3>{title}</h3>
            <dl>
              <For each={names.filter(name => KEYS[name].place === place)}>
                {name => (
                  <div>
                    <dt>
                      <For each={KEYS[name].combos}>
                        {(combo, at) => (
                          <>
                            {at() > 0 ? <span class="muted"> {t("or")} </span> : null}
                            <For each={keyNames(combo, isMac())}>{key => <kbd>{key}</kbd>}</For>
                          </>
                        )}
                      </For>
                    </dt>
                    <dd>{KEYS[name].says}</dd>
                  </div>
                )}
              </For>
            </dl>
          </section>
        )}
      </For>
    </Dialog>
  );
}
