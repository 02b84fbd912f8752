import { For, type JSX, Show } from "solid-js";
import { DAY, type Instant } from "../../kit/units.ts";
import { formatPercent } from "../format/format.ts";
import { dueText } from "../storage/due-text.ts";
import { t } from "../words/words.ts";
import type { Fullness } from "./estate.ts";
import { createRoom } from "./room.ts";

/** Of one with its gap, in times of the size of the text. */
const LEAST = { width: 16, height: 2.9 };
/** What fills up later is nothing for a wall. */
const HORIZON = 92 * DAY;
/** The rest is not about to be full. */
const MOST = 12;

/** What is fullest; as many as there is room for. */
export function CapacityList(props: { all: readonly Fullness[]; now: Instant }): JSX.Element {
  const [room, measure] = createRoom();
  const columns = () => Math.max(1, Math.floor(room().width / LEAST.width));
  const most = () => Math.min(MOST, columns() * Math.max(1, Math.floor(room().height / LEAST.height)));
  return (
    <section class="wall-capacity" aria-label={t("Fullest storages")}>
      <ul ref={measure} style={{ "grid-template-columns": `repeat(${columns()}, minmax(0, 1fr))` }}>
        <For each={props.all.slice(0, most())}>
          {one => (
            <li class={`wall-full ${one.look}`}>
              <p>
                <strong>{one.name}</strong> <span class="wall-where">{one.where}</span>
                <Show when={one.full !== null && one.full - props.now < HORIZON ? one.full : null}>
                  {at => <span class="wall-days">{t("full {when}", { when: dueText(at(), props.now) })}</span>}
                </Show>
                <span class="wall-bar-value">{formatPercent(Math.round(one.usage))}</span>
              </p>
              <span class="wall-bar-track">
                <i style={{ width: `${Math.min(100, one.usage)}%` }} />
              </span>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}
