import { createSignal, For, type JSX, Show } from "solid-js";
import { acknowledge, unacknowledge } from "../alerts/alert-api.ts";
import { acknowledgedText, levelName } from "../alerts/words.ts";
import { formatAgo, formatTime, unbroken } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Icon } from "../ui/icon.tsx";
import { createMedia } from "../ui/media.ts";
import { plural, t } from "../words/words.ts";
import { isAcknowledged, type Problem, type Verdict } from "./problems.ts";

const AT_FIRST = 5;
const AT_FIRST_ON_PHONE = 3;

/** What is not well, the worst first. Nothing when all is. */
export function ProblemList(props: { problems: readonly Problem[]; onShow: (id: string) => void }): JSX.Element {
  const [all, setAll] = createSignal(false);
  const isPhone = createMedia("(max-width: 640px)");
  const atFirst = () => (isPhone() ? AT_FIRST_ON_PHONE : AT_FIRST);
  const listed = () => (all() ? props.problems : props.problems.slice(0, atFirst()));
  return (
    <Show when={props.problems.length > 0}>
      <section class="problems" aria-label={t("Problems")}>
        <ul>
          <For each={listed().map(problem => problem.id)}>
            {id => (
              <Show when={props.problems.find(problem => problem.id === id)}>
                {problem => <ProblemLine problem={problem()} onShow={props.onShow} />}
              </Show>
            )}
          </For>
        </ul>
        <Show when={props.problems.length > atFirst()}>
          <button type="button" class="button quiet" aria-expanded={all()} onClick={() => setAll(!all())}>
            {all() ? t("Show fewer") : `${plural(props.problems.length - atFirst(), "more problem")}`}
          </button>
        </Show>
      </section>
    </Show>
  );
}

/** In place of problems, where there are none. */
export function NoProblems(props: { verdict: Verdict }): JSX.Element {
  const isWell = () => props.verdict.level === "well";
  return (
    <p class="no-problems" classList={{ well: isWell() }}>
      <Icon name={isWell() ? "check" : "history"} />
      {isWell() ? t("Nothing is wrong: every server answers, and no alert fires.") : props.verdict.text}
    </p>
  );
}

function ProblemLine(props: { problem: Problem; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [refused, setRefused] = createSignal<string | null>(null);
  const alerts = () => props.problem.alerts;
  const may = () => live.session()?.may.includes("write") ?? false;
  const turn = async () => {
    const ids = (alerts() ?? []).map(({ id }) => id);
    setRefused(await (isAcknowledged(props.problem) ? unacknowledge : acknowledge)(ids));
  };
  return (
    <li class={`trouble problem ${props.problem.level}`} classList={{ acknowledged: isAcknowledged(props.problem) }}>
      <Icon name={isAcknowledged(props.problem) ? "check" : "warning"} />
      <span class="visually-hidden">{levelName(props.problem.level)}:</span>
      <span class="problem-text">
        <Show when={props.problem.shows} fallback={<strong>{props.problem.subject}</strong>}>
          {id => (
            <button type="button" class="link" onClick={() => props.onShow(id())}>
              {props.problem.subject}
            </button>
          )}
        </Show>{" "}
        {unbroken(props.problem.says)}
        <Show when={props.problem.detail}>{detail => <span class="problem-detail">{unbroken(detail())}</span>}</Show>
        <Show when={alerts()?.[0]}>
          {alert => (
            <span class="problem-detail" title={formatTime(Date.parse(alert().startTime))}>
              {formatAgo(Date.parse(alert().startTime), live.now())}
              {alert().acknowledged ? `, ${acknowledgedText(alert())}` : ""}
            </span>
          )}
        </Show>
        <Show when={refused()}>{why => <span class="form-problem"> {why()}</span>}</Show>
      </span>
      <Show when={alerts() && may()}>
        <button
          type="button"
          class="button quiet problem-button"
          aria-label={`${isAcknowledged(props.problem) ? t("Take back") : t("Acknowledge")}: ${props.problem.subject} ${props.problem.says}`}
          onClick={() => void turn()}
        >
          {isAcknowledged(props.problem) ? t("Take back") : t("Acknowledge")}
        </button>
      </Show>
    </li>
  );
}
