import { createEffect, createSignal, type JSX, onCleanup, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import { alertId, SELF_ID } from "../../model/ids.ts";
import { formatAgo, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Icon } from "../ui/icon.tsx";
import { t, told } from "../words/words.ts";

/** Says that the page is not live, since when, and when it tries again. */
export function AwayBanner(): JSX.Element {
  const live = useLive();
  const away = () => {
    const line = live.line();
    return line.kind === "away" ? line : null;
  };
  /** The last that was heard is that another version takes this one's place. */
  const isInstalling = () => live.update()?.status === "installing";
  const [clock, setClock] = createSignal(Date.now());
  createEffect(() => {
    if (!away()) return;
    setClock(Date.now());
    const timer = setInterval(() => setClock(Date.now()), SECOND);
    onCleanup(() => clearInterval(timer));
  });
  const retry = (at: number | null) => {
    const seconds = at === null ? 0 : Math.ceil((at - clock()) / SECOND);
    return seconds > 0 ? t("Next attempt in {seconds} s.", { seconds }) : t("Trying again…");
  };
  return (
    <Show when={away()}>
      {line => (
        <div class="banner critical" role="alert">
          <Icon name="warning" />
          <p>
            <strong>
              {isInstalling() ? t("Pulse is being updated, and will be back in a moment.") : `${line().reason}.`}
            </strong>{" "}
            <Show when={live.isKept()}>
              {t("What you see was kept on this device: it is from {time}, {ago}.", {
                time: formatTime(live.picture().lastUpdate),
                ago: formatAgo(live.picture().lastUpdate, clock()),
              })}{" "}
            </Show>
            <Show when={live.hasPicture() && !live.isKept()}>
              {t("What you see is from {time}; the line broke {ago}.", {
                time: formatTime(live.picture().lastUpdate),
                ago: formatAgo(line().since, clock()),
              })}{" "}
            </Show>
            <span aria-hidden="true">{retry(line().retryAt)}</span>
          </p>
          <button type="button" class="button" onClick={() => live.tryNow()}>
            {t("Try now")}
          </button>
        </div>
      )}
    </Show>
  );
}

/** Another version of Pulse answers than the one this page came from. */
export function OutdatedBanner(): JSX.Element {
  const live = useLive();
  return (
    <Show when={live.outdated()}>
      <div class="banner" role="status">
        <p>{t("Pulse was updated. Load the page again to get its new version.")}</p>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t("Load again")}
        </button>
      </div>
    </Show>
  );
}

/** The server cannot write its database: what people change now is refused. */
export function UnwrittenBanner(): JSX.Element {
  const live = useLive();
  const alert = () => live.picture().activeAlerts[alertId(SELF_ID, "unwritten")] ?? null;
  return (
    <Show when={alert()}>
      {found => (
        <div class="banner critical" role="alert">
          <Icon name="warning" />
          <p>
            <strong>{told(found().message)}.</strong>{" "}
            {t("Since {time}; watching and alerting go on.", { time: formatTime(Date.parse(found().startTime)) })}
          </p>
        </div>
      )}
    </Show>
  );
}
