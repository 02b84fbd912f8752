import { createMemo, type JSX, Match, Show, Switch } from "solid-js";
import { AwayBanner, OutdatedBanner } from "./header/banners.tsx";
import { Header } from "./header/header.tsx";
import { SignIn } from "./header/sign-in.tsx";
import { LiveProvider, openLive } from "./live/live.ts";
import { EmptyEstate } from "./overview/empty-estate.tsx";
import { Overview } from "./overview/overview.tsx";
import { toProblems, toVerdict } from "./overview/problems.ts";

export function App(): JSX.Element {
  const live = openLive();
  const problems = createMemo(() => toProblems(live.picture()));
  const verdict = createMemo(() => toVerdict(live.picture(), problems()));
  return (
    <LiveProvider value={live}>
      <Header verdict={verdict()} />
      <AwayBanner />
      <OutdatedBanner />
      <main classList={{ "out-of-date": live.line().kind === "away" }}>
        <Switch>
          <Match when={live.line().kind === "signed-out"}>
            <SignIn />
          </Match>
          <Match when={!live.hasPicture()}>
            <Show when={live.line().kind === "connecting"}>
              <p class="waiting" role="status">
                Loading…
              </p>
            </Show>
          </Match>
          <Match when={verdict().level === "empty"}>
            <EmptyEstate />
          </Match>
          <Match when={true}>
            <Overview problems={problems()} />
          </Match>
        </Switch>
      </main>
    </LiveProvider>
  );
}
