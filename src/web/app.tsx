import { createEffect, createMemo, ErrorBoundary, type JSX, Match, on, Show, Suspense, Switch } from "solid-js";
import { Dynamic } from "solid-js/web";
import { AlertMarks } from "./alerts/alert-marks.tsx";
import { AwayBanner, OutdatedBanner, UnwrittenBanner } from "./header/banners.tsx";
import { Header } from "./header/header.tsx";
import { LostPage } from "./header/lost-page.tsx";
import { SignIn } from "./header/sign-in.tsx";
import { SignInAgain } from "./header/sign-in-again.tsx";
import { markOf, showInTab, titleOf } from "./header/title.ts";
import { Details, LATER, preloadAll, WallPage } from "./later.ts";
import "./live/install.ts";
import { kioskToken } from "./live/kiosk.ts";
import { LiveProvider, openLive } from "./live/live.ts";
import { preferences, readPreferences } from "./live/preferences.ts";
import { EmptyEstate } from "./overview/empty-estate.tsx";
import { Overview } from "./overview/overview.tsx";
import { toProblems, toVerdict } from "./overview/problems.ts";
import { toPage } from "./pages.ts";
import { PageSkeleton } from "./ui/states.tsx";
import { applyTheme } from "./ui/theme.ts";
import { createUrlState, DRAWER, isAnyUnsaved, mayLeave } from "./ui/url-state.ts";
import { t } from "./words/words.ts";

export function App(): JSX.Element {
  const live = openLive();
  const [pageKey] = createUrlState("page");
  const isKiosk = kioskToken() !== null;
  const page = () => (isKiosk ? "wall" : toPage(pageKey()));
  const isSignedOut = () => live.line().kind === "signed-out";
  const isWall = () => page() === "wall" && (isKiosk || !isSignedOut());
  /** The session has ended while something was not saved: the page waits behind the sign-in. Else nothing is left of it. */
  const isWaiting = createMemo(on(live.ended, name => name !== null && isAnyUnsaved()));
  const isClosed = () => isSignedOut() && !isWaiting();
  createEffect(() => {
    if (live.ended() !== null && !isWaiting() && live.door()?.may.includes("read")) live.goOn();
  });
  const [shown, setShownNow] = createUrlState("show");
  const setShown = (id: string) => {
    if (id !== shown() && mayLeave(DRAWER)) setShownNow(id, "push");
  };
  /** Shows the details of an entity; once more: no longer. */
  const show = (id: string) => setShown(shown() === id ? "" : id);
  createEffect(() => applyTheme(preferences().theme));
  createEffect(
    on(
      [() => live.session()?.may.includes("read"), () => live.session()?.name, live.themeChanges],
      ([mayRead, name]) => {
        if (mayRead) void readPreferences(name ?? null);
      },
    ),
  );
  const problems = createMemo(() => toProblems(live.picture()));
  const verdict = createMemo(() => toVerdict(live.picture(), problems()));
  /** Whoever has signed out leaves nothing in header and tab. */
  const known = () => (isSignedOut() ? [] : problems());
  createEffect(() => showInTab(titleOf(page(), known()), markOf(live.line(), known())));
  /** The first page does without the archives of backups, which come last. */
  const hasEnough = () => live.isWhole() || (live.hasPicture() && page() === "");
  const hasDetails = () =>
    shown() !== "" && live.isWhole() && !isClosed() && page() !== "settings" && verdict().level !== "empty";
  createEffect(() => {
    if (live.isWhole() && !isWall()) void preloadAll();
  });
  return (
    <LiveProvider value={live}>
      <Show
        when={!isWall()}
        fallback={
          <Suspense>
            <WallPage verdict={verdict()} problems={problems()} />
          </Suspense>
        }
      >
        <a class="skip" href="#main">
          {t("Skip to the content")}
        </a>
        <Header verdict={verdict()} problems={known()} page={page()} />
        <AwayBanner />
        <OutdatedBanner />
        <UnwrittenBanner />
        <main id="main" tabindex="-1" classList={{ "out-of-date": live.line().kind === "away" }}>
          <Show when={live.person()} keyed>
            <AlertMarks>
              <Switch>
                <Match when={isClosed()}>
                  <SignIn />
                </Match>
                <Match when={!hasEnough()}>
                  <Show when={live.line().kind !== "away"}>
                    <PageSkeleton kind={page() === "" ? "overview" : "list"} />
                  </Show>
                </Match>
                <Match when={page() !== "settings" && verdict().level === "empty"}>
                  <EmptyEstate />
                </Match>
                <Match when={page() === ""}>
                  <Overview problems={problems()} shown={shown()} onShow={show} />
                </Match>
                <Match when={page() as keyof typeof LATER} keyed>
                  {page => (
                    <ErrorBoundary fallback={error => <LostPage error={error} />}>
                      <Suspense fallback={<PageSkeleton />}>
                        <Dynamic component={LATER[page]} shown={shown()} onShow={show} />
                      </Suspense>
                    </ErrorBoundary>
                  )}
                </Match>
              </Switch>
            </AlertMarks>
            <Show when={hasDetails()}>
              <Suspense>
                <Details id={shown()} onClose={() => setShown("")} onShow={setShown} />
              </Suspense>
            </Show>
          </Show>
        </main>
        <Show when={isWaiting()}>
          <SignInAgain />
        </Show>
      </Show>
    </LiveProvider>
  );
}
