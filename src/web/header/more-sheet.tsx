import "./more-sheet.css";
import { For, type JSX, Show } from "solid-js";
import { THEMES } from "../../model/user-settings.ts";
import { useLive } from "../live/live.ts";
import { prefer } from "../live/preferences.ts";
import type { PageKey } from "../pages.ts";
import { sectionsFor } from "../settings/sections.ts";
import { Dialog } from "../ui/dialog.tsx";
import { DocsLink } from "../ui/docs-link.tsx";
import { Icon } from "../ui/icon.tsx";
import { THEME_NAMES, theme } from "../ui/theme.ts";
import { createUrlState, goTo } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { signOutUnlessUnsaved } from "./sign-out.ts";

/** On a phone: every page, every part of the settings, and what the header has no room for there. */
export default function MoreSheet(props: {
  page: PageKey;
  pages: readonly { key: PageKey; name: string }[];
  onClose: () => void;
}): JSX.Element {
  const live = useLive();
  const [section] = createUrlState("section");
  const go = (search: string) => {
    // First, so that the focus is not taken back from where it goes.
    props.onClose();
    goTo(search);
  };
  const Way = (way: { search: string; name: string; current: boolean }) => (
    <li>
      <a
        href={`./${way.search}`}
        aria-current={way.current ? "page" : undefined}
        onClick={event => {
          event.preventDefault();
          go(way.search);
        }}
      >
        {way.name}
      </a>
    </li>
  );
  return (
    <Dialog label={t("All pages")} class="sheet" onClose={props.onClose}>
      <header class="dialog-head">
        <h2 tabindex="-1" autofocus>
          {t("All pages")}
        </h2>
        <button type="button" class="icon-button" aria-label={t("Close")} onClick={() => props.onClose()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="sheet-body">
        <nav aria-label={t("All pages")}>
          <ul class="ways">
            <For each={props.pages.filter(({ key }) => key !== "settings")}>
              {({ key, name }) => (
                <Way search={key === "" ? "" : `?page=${key}`} name={name} current={props.page === key} />
              )}
            </For>
          </ul>
          <h3>{t("Settings")}</h3>
          <ul class="ways">
            <For each={sectionsFor(live.session())}>
              {({ key, name }) => (
                <Way
                  search={`?page=settings${key === "" ? "" : `&section=${key}`}`}
                  name={name}
                  current={props.page === "settings" && section() === key}
                />
              )}
            </For>
          </ul>
        </nav>
        <p class="docs-way">
          <DocsLink place="index" says={t("Documentation")} />
        </p>
        <label class="sheet-choice">
          {t("Colours")}
          <select
            value={theme()}
            onChange={event => {
              const chosen = THEMES.find(one => one === event.currentTarget.value);
              if (chosen) void prefer({ theme: chosen });
            }}
          >
            <For each={THEMES}>{one => <option value={one}>{THEME_NAMES[one]}</option>}</For>
          </select>
        </label>
        <Show when={live.session()?.signIn === "password" && live.session()?.name}>
          {name => (
            <button
              type="button"
              class="button"
              onClick={() => {
                props.onClose();
                void signOutUnlessUnsaved(live);
              }}
            >
              {t("Sign out {name}", { name: name() })}
            </button>
          )}
        </Show>
      </div>
    </Dialog>
  );
}
