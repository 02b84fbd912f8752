import { createSignal, For, type JSX, lazy, Show, Suspense } from "solid-js";
import { preload } from "../later.ts";
import { useLive } from "../live/live.ts";
import { isAcknowledged, type Problem } from "../overview/problems.ts";
import { PAGES, type PageKey } from "../pages.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { goTo } from "../ui/url-state.ts";
import { t, withTexts } from "../words/words.ts";

// A desk does without it.
const MoreSheet = lazy(withTexts(() => import("./more-sheet.tsx")));

/** What a phone has room for at the bottom; the rest is behind a button beside them. */
const ON_PHONES: readonly PageKey[] = ["", "alerts", "storage", "backups"];
const ICONS: { readonly [P in PageKey]?: IconName } = {
  "": "overview",
  alerts: "bell",
  storage: "storage",
  backups: "archive",
};

/** The ways to the pages: links, so that they can be opened beside each other. On a phone a bar within reach of the thumb. */
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
  const [more, setMore] = createSignal(false);
  return (
    <>
      <nav class="pages" aria-label={t("Pages")}>
        <For each={pages()}>
          {({ key, name }) => (
            <a
              classList={{ later: !ON_PHONES.includes(key) }}
              href={`./${search(key)}`}
              aria-current={props.page === key ? "page" : undefined}
              onPointerEnter={() => preload(key)}
              onFocus={() => preload(key)}
              onClick={event => follow(event, key)}
            >
              <Icon name={ICONS[key] ?? "more"} />
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
        <button
          type="button"
          class="more-pages"
          classList={{ current: !ON_PHONES.includes(props.page) }}
          aria-haspopup="dialog"
          aria-expanded={more()}
          onClick={() => setMore(true)}
        >
          <Icon name="more" />
          {t("More")}
        </button>
      </nav>
      <Suspense>
        <Show when={more()}>
          <MoreSheet page={props.page} pages={pages()} onClose={() => setMore(false)} />
        </Show>
      </Suspense>
    </>
  );
}
