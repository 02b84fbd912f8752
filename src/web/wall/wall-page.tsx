import "./wall.css";
import { createEffect, createMemo, type JSX, onCleanup, onMount, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import { readCapacity } from "../live/capacity.ts";
import { kioskToken } from "../live/kiosk.ts";
import { useLive } from "../live/live.ts";
import { isQuiet } from "../live/quiet.ts";
import { type Problem, toCounts, type Verdict } from "../overview/problems.ts";
import { isKey } from "../ui/keys.ts";
import { goTo } from "../ui/url-state.ts";
import { locale, t } from "../words/words.ts";
import { CapacityList } from "./capacity-list.tsx";
import { toFullest, toTiles } from "./estate.ts";
import { toHeadline } from "./headline.ts";
import { IncidentList } from "./incident-list.tsx";
import { NodeGrid } from "./node-grid.tsx";
import { keepAwake } from "./wake-lock.ts";

/** What does not fit at once is shown by turns of that length. */
const TURN = 12 * SECOND;
/** After an update of Pulse not all screens load the page in the same instant. */
const SPREAD = 20 * SECOND;

/** For a screen on the wall: the verdict, what is wrong, what fills up, all nodes. Nobody touches it, so there is nothing to be touched. */
export default function WallPage(props: { verdict: Verdict; problems: readonly Problem[] }): JSX.Element {
  const live = useLive();
  const isKiosk = kioskToken() !== null;
  const turn = createMemo(() => Math.floor(live.now() / TURN));
  const headline = () =>
    toHeadline({
      line: live.line(),
      hasPicture: live.hasPicture(),
      quiet: live.hasPicture() && isQuiet(live.picture(), live.now()),
      verdict: props.verdict,
      lastUpdate: live.picture().lastUpdate,
      write: writeTime,
    });
  const tiles = createMemo(() => toTiles(live.picture()));
  const capacity = readCapacity();
  const fullest = createMemo(() => toFullest(live.picture(), capacity.told() ?? []));
  onMount(() => {
    onCleanup(keepAwake());
    const leave = (event: KeyboardEvent) => {
      if (!isKiosk && isKey(event, "close") && !event.defaultPrevented) goTo("");
    };
    document.addEventListener("keydown", leave);
    onCleanup(() => document.removeEventListener("keydown", leave));
  });
  createEffect(() => {
    if (!live.outdated()) return;
    const timer = setTimeout(() => location.reload(), SPREAD * Math.random());
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <div class={`wall ${headline().level} ${props.problems.length > 0 ? "with-problems" : ""}`}>
      <header class="wall-head">
        <div class="wall-headline" role="status">
          <h1>{headline().text}</h1>
          <p>
            <Show when={headline().detail} fallback={live.hasPicture() ? toCounts(live.picture()) : ""}>
              {headline().detail}
            </Show>
          </p>
        </div>
        <div class="wall-time">
          <time class="wall-clock">{writeClock(live.now())}</time>
          <p>
            <Show when={live.hasPicture()}>{t("As of {time}", { time: writeTime(live.picture().lastUpdate) })}</Show>
          </p>
        </div>
      </header>
      <Show when={live.hasPicture() && live.line().kind !== "signed-out"}>
        <div class="wall-body">
          <Show when={props.problems.length > 0}>
            <IncidentList problems={props.problems} turn={turn()} />
          </Show>
          <NodeGrid tiles={tiles()} turn={turn()} />
          <Show when={fullest().length > 0}>
            <CapacityList all={fullest()} now={live.picture().lastUpdate} />
          </Show>
        </div>
      </Show>
    </div>
  );
}

const clock = new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" });
const time = new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit", second: "2-digit" });

function writeClock(at: number): string {
  return clock.format(at);
}

function writeTime(at: number): string {
  return at === 0 ? "–" : time.format(at);
}
