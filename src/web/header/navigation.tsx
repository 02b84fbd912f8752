import { createEffect, For, type JSX, on, Show } from "solid-js";
import { preload } from "../later.ts";
import { useLive } from "../live/live.ts";
import { isAcknowledged, type Problem } from "../overview/problems.ts";
import { PAGES, type PageKey } from "../pages.ts";
import { goTo } from "../ui/url-state.ts";
import { t } from "../words/words.ts";

/** The ways to the pages: links, so that they can be opened beside each other. */
export function Navigation(props: { page: PageKey; problems: readonly Problem[] }): JSX.Element {
  const { picture } = useLive();
  // A page about something that is not watched is no use, but stays while one is on it.
  const pages = () =>
    PAGES.filter(({ key }) => {
      if (key === props.page) return true;
      if (key === "docker") return Object.keys(picture().dockerHosts).length > 0;
      return key !== "mail" || Object.keys(picture().pmg).length > 0;
    });
  const search = (key: string) => (key === "" ? "" : `?page=${key}`);
  const follow = (event: MouseEvent, key: string) => {
    if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(search(key));
  };
  /** Alerts that nobody has acknowledged. */
  const open = () => props.problems.filter(problem => problem.alerts !== null && !isAcknowledged(problem));
  let nav: HTMLElement | undefined;
  // On a phone there may be more pages than fit.
  createEffect(
    on(
      () => props.page,
      () => nav?.querySelector("[aria-current]")?.scrollIntoView({ inline: "nearest", block: "nearest" }),
    ),
  );
  return (
    <nav class="pages" aria-label={t("Pages")} ref={nav}>
      <For each={pages()}>
        {({ key, name }) => (
          <a
            href={`./${search(key)}`}
            aria-current={props.page === key ? "page" : undefined}
            onPointerEnter={() => preload(key)}
            onFocus={() => preload(key)}
            onClick={event => follow(event, key)}
          >
            {name}
            <Show when={key === "alerts" && open().length > 0}>
              <span class="badge" classList={{ critical: open().some(({ level }) => level === "critical") }}>
                {open().length}
                <span class="visually-hidden"> {t("open")}</span>
              </span>
            </Show>
          </a>
        )}
      </For>
    </nav>
  );
}
