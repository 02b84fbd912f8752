import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { THEMES } from "../../model/user-settings.ts";
import { formatAgo, formatLargest } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { prefer } from "../live/preferences.ts";
import { isQuiet } from "../live/quiet.ts";
import { type Problem, toCounts, type Verdict } from "../overview/problems.ts";
import type { PageKey } from "../pages.ts";
import { Icon } from "../ui/icon.tsx";
import { THEME_NAMES, theme } from "../ui/theme.ts";
import { t } from "../words/words.ts";
import { Finder } from "./finder.tsx";
import { Navigation } from "./navigation.tsx";
import { createNews } from "./news.ts";
import { signOutUnlessUnsaved } from "./sign-out.ts";

/** The one line at the top: is all well, and is this page live. */
export function Header(props: { verdict: Verdict; problems: readonly Problem[]; page: PageKey }): JSX.Element {
  const live = useLive();
  return (
    <header class="top">
      <a class="brand" href="./">
        <img src="./pulse.svg" alt="" width="22" height="22" />
        Pulse
      </a>
      <Show when={live.hasPicture() && live.line().kind !== "signed-out"} fallback={<span class="verdict" />}>
        <p class={`verdict ${props.verdict.level}`}>
          <span class="verdict-text">{props.verdict.text}</span>
          <Show when={props.verdict.level !== "empty"}>
            <span class="verdict-counts">{toCounts(live.picture())}</span>
          </Show>
        </p>
      </Show>
      <News problems={props.problems} />
      <Navigation page={props.page} problems={props.problems} />
      <Finder />
      <Freshness />
      <ThemeButton />
      <Account />
    </header>
  );
}

/** For screen readers: what has become critical, in a word of its own. */
function News(props: { problems: readonly Problem[] }): JSX.Element {
  const live = useLive();
  const news = createNews();
  const [said, setSaid] = createSignal("");
  createEffect(
    on([() => live.isWhole() && live.line().kind === "live", () => props.problems], ([isKnown, problems]) => {
      const text = isKnown ? news(problems) : null;
      if (text !== null) setSaid(text);
    }),
  );
  return (
    <p class="visually-hidden" aria-live="polite">
      {said()}
    </p>
  );
}

function Freshness(): JSX.Element {
  const live = useLive();
  const state = () => {
    const { kind } = live.line();
    if (kind !== "live") return kind === "away" ? "away" : "connecting";
    return isQuiet(live.picture(), live.now()) ? "quiet" : "live";
  };
  const text = () => {
    if (state() === "quiet")
      return t("No news for {duration}", { duration: formatLargest(live.now() - live.picture().lastUpdate) });
    return { live: t("Live"), away: t("Not live"), connecting: t("Connecting") }[
      state() as "live" | "away" | "connecting"
    ];
  };
  return (
    <Show when={live.line().kind !== "signed-out"}>
      <span
        class={`freshness ${state()}`}
        title={
          live.hasPicture()
            ? t("Last news {ago}", { ago: formatAgo(live.picture().lastUpdate, live.now()) })
            : undefined
        }
      >
        {text()}
      </span>
    </Show>
  );
}

function ThemeButton(): JSX.Element {
  const next = () => THEMES[(THEMES.indexOf(theme()) + 1) % THEMES.length] ?? "system";
  const label = () => t("Colours: {now}. Change to {next}", { now: THEME_NAMES[theme()], next: THEME_NAMES[next()] });
  return (
    <button
      type="button"
      class="icon-button theme"
      aria-label={label()}
      title={label()}
      onClick={() => void prefer({ theme: next() })}
    >
      <Icon name={theme()} />
    </button>
  );
}

function Account(): JSX.Element {
  const live = useLive();
  return (
    <Show when={live.session()?.signIn === "password" && live.session()?.name}>
      {name => (
        <button
          type="button"
          class="button quiet account"
          title={t("Signed in as {name}", { name: name() })}
          onClick={() => void signOutUnlessUnsaved(live)}
        >
          {t("Sign out")}
        </button>
      )}
    </Show>
  );
}
