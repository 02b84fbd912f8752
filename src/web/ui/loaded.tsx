import { type Accessor, type JSX, Match, type Resource, Show, Switch } from "solid-js";
import { isRefused, type Refused } from "../live/ask.ts";
import { t } from "../words/words.ts";
import { ErrorState, Skeleton } from "./states.tsx";

/**
 * What was asked of the server, once it is there; until then what holds its place, and when it cannot be had, why, and a button that asks
 * again. What was read stays while it is asked for anew. `what`: a sentence, "The rules cannot be read now".
 */
export function Loaded<T extends object>(props: {
  read: Resource<T | Refused | null>;
  what: string;
  onAgain: () => void;
  /** About as many lines as there will be. */
  lines?: number;
  children: (value: Accessor<T>) => JSX.Element;
}): JSX.Element {
  // NOTE: not read before it is there: that would hold up the whole page.
  const said = () =>
    props.read.state === "ready" || props.read.state === "refreshing" ? props.read.latest : undefined;
  const value = () => {
    const answer = said();
    return answer === undefined || answer === null || isRefused(answer) ? undefined : (answer as T);
  };
  const why = () => {
    const answer = said();
    if (answer === null || props.read.state === "errored") return t("The server cannot be reached, or does not tell.");
    return isRefused(answer) ? answer.error : undefined;
  };
  return (
    <Switch fallback={<Skeleton lines={props.lines ?? 5} />}>
      <Match when={why()}>{text => <ErrorState what={props.what} why={text()} onAgain={props.onAgain} />}</Match>
      <Match when={value()}>{known => <Show when={known()}>{props.children(known)}</Show>}</Match>
    </Switch>
  );
}
