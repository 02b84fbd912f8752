import { For, type JSX, Show } from "solid-js";
import { formatAgo } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { isAcknowledged, type Problem } from "../overview/problems.ts";
import { Icon } from "../ui/icon.tsx";
import { t } from "../words/words.ts";
import { createRoom } from "./room.ts";
import { pinnedPageOf } from "./tiling.ts";
import { Turns } from "./turns.tsx";

/** The least height of a line with the gap below it, in times of the size of the text. */
const LINE = 3.6;

/** What is wrong, the worst first. Where not all of it fits, what is critical stays in sight, and the rest shows by turns. */
export function IncidentList(props: { problems: readonly Problem[]; turn: number }): JSX.Element {
  const live = useLive();
  const [room, measure] = createRoom();
  const most = () => Math.max(1, Math.floor(room().height / LINE));
  const page = () => pinnedPageOf(props.problems, isPinned, most(), props.turn);
  return (
    <section class="wall-incidents" aria-label={t("Problems")}>
      <ul
        ref={measure}
        style={{ "grid-auto-rows": props.problems.length < most() ? `${LINE}em` : `minmax(0, ${100 / most()}%)` }}
      >
        <For each={page().shown}>
          {problem => (
            <li class={`wall-incident ${problem.level}`} classList={{ acknowledged: isAcknowledged(problem) }}>
              <Icon name={isAcknowledged(problem) ? "check" : "warning"} />
              <p>
                <strong>{problem.subject}</strong> {problem.says}
              </p>
              <Show when={problem.alerts?.[0]}>
                {alert => <span class="wall-since">{formatAgo(Date.parse(alert().startTime), live.now())}</span>}
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Turns page={page().page} pages={page().pages} />
    </section>
  );
}

function isPinned(problem: Problem): boolean {
  return problem.level === "critical" && !isAcknowledged(problem);
}
