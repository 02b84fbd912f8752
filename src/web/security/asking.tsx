import { createSignal, type JSX, Show } from "solid-js";
import { isRefused } from "../live/ask.ts";
import { t } from "../words/words.ts";

/** A button that asks once more before it does what cannot be undone, and says what went wrong. */
export function AskingButton(props: {
  label: string;
  question: string;
  confirm: string;
  does: () => Promise<unknown>;
  onDone: () => void;
}): JSX.Element {
  const [asked, setAsked] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const go = async () => {
    const said = await props.does();
    setAsked(false);
    setProblem(isRefused(said) ? said.error : null);
    if (!isRefused(said)) props.onDone();
  };
  return (
    <span class="asking">
      <Show
        when={asked()}
        fallback={
          <button type="button" class="button quiet" onClick={() => setAsked(true)}>
            {props.label}
          </button>
        }
      >
        <span>{props.question}</span>
        <button type="button" class="button danger" onClick={() => void go()}>
          {props.confirm}
        </button>
        <button type="button" class="button quiet" onClick={() => setAsked(false)}>
          {t("Keep")}
        </button>
      </Show>
      <Show when={problem()}>{why => <span class="form-problem">{why()}</span>}</Show>
    </span>
  );
}
