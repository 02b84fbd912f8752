import { createEffect, createMemo, type JSX, lazy, Match, on, Show, Suspense, Switch } from "solid-js";
import { AlertMarks } from "./alerts/alert-marks.tsx";
import { BackupsPage } from "./backups/backups-page.tsx";
import { Details } from "./details/details.tsx";
import { DockerPage } from "./docker/docker-page.tsx";
import { AwayBanner, OutdatedBanner, UnwrittenBanner } from "./header/banners.tsx";
import { Header } from "./header/header.tsx";
import { SignIn } from "./header/sign-in.tsx";
import { kioskToken } from "./live/kiosk.ts";
import { LiveProvider, openLive } from "./live/live.ts";
import { preferences, readPreferences } from "./live/preferences.ts";
import { MailPage } from "./mail/mail-page.tsx";
import { EmptyEstate } from "./overview/empty-estate.tsx";
import { Overview } from "./overview/overview.tsx";
import { toProblems, toVerdict } from "./overview/problems.ts";
import { toPage } from "./pages.ts";
import { SettingsPage } from "./settings/settings-page.tsx";
import { StoragePage } from "./storage/storage-page.tsx";
import { applyTheme } from "./ui/theme.ts";
import { createUrlState } from "./ui/url-state.ts";
import { t } from "./words/words.ts";

// What the first page does without: they draw charts, and there is much to be set.
const AlertsPage = lazy(() => import("./alerts/alerts-page.tsx"));
const ComparePage = lazy(() => import("./compare/compare-page.tsx"));
const WallPage = lazy(() => import("./wall/wall-page.tsx"));

export function App(): JSX.Element {
  const live = openLive();
  const [pageKey] = createUrlState("page");
  const isKiosk = kioskToken() !== null;
  const page = () => (isKiosk ? "wall" : toPage(pageKey()));
  const isWall = () => page() === "wall" && (isKiosk || live.line().kind !== "signed-out");
  const [shown, setShown] = createUrlState("show");
  /** Shows the details of an entity; once more: no longer. */
  const show = (id: string) => setShown(shown() === id ? "" : id, "push");
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
        <Header verdict={verdict()} problems={problems()} page={page()} />
        <AwayBanner />
        <OutdatedBanner />
        <UnwrittenBanner />
        <main classList={{ "out-of-date": live.line().kind === "away" }}>
          <Switch>
            <Match when={live.line().kind === "signed-out"}>
              <SignIn />
            </Match>
            <Match when={!live.hasPicture()}>
              <Show when={live.line().kind === "connecting"}>
                <p class="waiting" role="status">
                  {t("Loading…")}
                </p>
              </Show>
            </Match>
            <Match when={page() === "settings"}>
              <SettingsPage />
            </Match>
            <Match when={verdict().level === "empty"}>
              <EmptyEstate />
            </Match>
            <Match when={true}>
              <Switch>
                <Match when={page() === ""}>
                  <AlertMarks>
                    <Overview problems={problems()} shown={shown()} onShow={show} />
                  </AlertMarks>
                </Match>
                <Match when={page() === "backups"}>
                  <BackupsPage shown={shown()} onShow={show} />
                </Match>
                <Match when={page() === "docker"}>
                  <DockerPage shown={shown()} onShow={show} />
                </Match>
                <Match when={page() === "compare"}>
                  <Suspense fallback={<p class="waiting">{t("Loading…")}</p>}>
                    <ComparePage shown={shown()} onShow={show} />
                  </Suspense>
                </Match>
                <Match when={page() === "alerts"}>
                  <Suspense fallback={<p class="waiting">{t("Loading…")}</p>}>
                    <AlertsPage shown={shown()} onShow={show} />
                  </Suspense>
                </Match>
                <Match when={page() === "mail"}>
                  <MailPage />
                </Match>
                <Match when={page() === "storage"}>
                  <StoragePage shown={shown()} onShow={show} />
                </Match>
              </Switch>
              <Details id={shown()} onClose={() => setShown("", "push")} onShow={id => setShown(id, "push")} />
            </Match>
          </Switch>
        </main>
      </Show>
    </LiveProvider>
  );
}
