import "./alerts.css";
import { createEffect, For, type JSX, Match, on, Switch } from "solid-js";
import { useLive } from "../live/live.ts";
import { NoRight } from "../ui/states.tsx";
import { createUrlState, mayLeave } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { ALERT_TABS } from "./alert-tabs.ts";
import { DeliveryLog } from "./delivery-log.tsx";
import { DestinationsTab } from "./destinations-tab.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { IncidentsTab } from "./incidents-tab.tsx";
import { ScheduleTab } from "./schedule-tab.tsx";
import { ThresholdsTab } from "./thresholds-tab.tsx";

/** What fires, what did, what it takes to fire, and who is told of it. */
export default function AlertsPage(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  let bar: HTMLElement | undefined;
  const live = useLive();
  const [tab, setTab] = createUrlState("tab");
  const shown = () => ALERT_TABS.filter(({ needs }) => live.session()?.may.includes(needs) ?? true);
  const isHidden = () => ALERT_TABS.some(({ key }) => key === tab()) && !shown().some(({ key }) => key === tab());
  const go = (key: string) => {
    if (key !== tab() && mayLeave()) setTab(key, "push");
  };
  createEffect(
    on(tab, () => bar?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })),
  );
  return (
    <div class="overview alerts">
      <h1 class="visually-hidden">{t("Alerts")}</h1>
      <nav ref={bar} class="tabs" aria-label={t("Alerts")}>
        <For each={shown()}>
          {({ key, name }) => (
            <button type="button" aria-current={tab() === key ? "page" : undefined} onClick={() => go(key)}>
              {name}
            </button>
          )}
        </For>
      </nav>
      <Switch fallback={<IncidentsTab onShow={props.onShow} />}>
        <Match when={isHidden()}>
          <section class="panel">
            <NoRight what={t("Only an administrator can see who is told, and how")} />
          </section>
        </Match>
        <Match when={tab() === "history"}>
          <HistoryTab onShow={props.onShow} />
        </Match>
        <Match when={tab() === "thresholds"}>
          <ThresholdsTab />
        </Match>
        <Match when={tab() === "destinations"}>
          <DestinationsTab />
        </Match>
        <Match when={tab() === "schedule"}>
          <ScheduleTab />
        </Match>
        <Match when={tab() === "deliveries"}>
          <DeliveryLog />
        </Match>
      </Switch>
    </div>
  );
}
