import "./alerts.css";
import { createEffect, For, type JSX, Match, on, Switch } from "solid-js";
import { createUrlState, mayLeave } from "../ui/url-state.ts";

import { HistoryTab } from "./history-tab.tsx";
import { IncidentsTab } from "./incidents-tab.tsx";
import { ThresholdsTab } from "./thresholds-tab.tsx";

const TABS = [
  { key: "", name: "Now" },
  { key: "history", name: "History" },
  { key: "thresholds", name: "Thresholds" },
] as const;

/** What fires, what did, what it takes to fire, and who is told of it. */
export default function AlertsPage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  let bar: HTMLElement | undefined;
  const [tab, setTab] = createUrlState("tab");
  const go = (key: string) => {
    if (key !== tab() && mayLeave()) setTab(key, "push");
  };
  createEffect(
    on(tab, () => bar?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })),
  );
  return (
    <div class="overview alerts">
      <h1 class="visually-hidden">Alerts</h1>
      <nav ref={bar} class="tabs" aria-label="Alerts">
        <For each={TABS}>
          {({ key, name }) => (
            <button type="button" aria-current={tab() === key ? "page" : undefined} onClick={() => go(key)}>
              {name}
            </button>
          )}
        </For>
      </nav>
      <Switch fallback={<IncidentsTab onShow={props.onShow} />}>
        <Match when={tab() === "history"}>
          <HistoryTab onShow={props.onShow} />
        </Match>
        <Match when={tab() === "thresholds"}>
          <ThresholdsTab />
        </Match>
      </Switch>
    </div>
  );
}
