import { createSignal, type JSX, Show } from "solid-js";
import type { AnswerOf } from "../../contract/route.ts";
import type { Routes } from "../../contract/routes.ts";
import { ask, isRefused, type Refused } from "../live/ask.ts";
import { createReading } from "../live/reading.ts";
import { Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";

type MockState = AnswerOf<Routes["mockMode"]>;

/** Whether what is shown is made up. */
export function readMock(): Promise<MockState | Refused> {
  return ask("GET", "api/system/mock-mode");
}

/** Shows a made-up estate, or the real one again. */
export function MockPanel(props: { may: boolean }): JSX.Element {
  const state = createReading(readMock);
  const [problem, setProblem] = createSignal<string | null>(null);
  const change = async (enabled: boolean) => {
    const answer = await ask<MockState>("PUT", "api/system/mock-mode", { enabled });
    setProblem(isRefused(answer) ? answer.error : null);
    if (!isRefused(answer)) state.put(answer);
  };
  return (
    <Show when={state.told()}>
      {known => (
        <Panel
          id="mock"
          title={t("Made-up estate")}
          tools={
            <Show when={props.may}>
              <button type="button" class="button push" onClick={() => void change(!known().enabled)}>
                {known().enabled ? t("Show the real one again") : t("Show it")}
              </button>
            </Show>
          }
        >
          <p class="nothing">
            {known().enabled
              ? t("What you see is made up; the real estate is not looked at meanwhile. Its data waits where it is.")
              : t(
                  "For trying things out: clusters, guests, backups, mail and Docker hosts that are not there. The real estate is not looked at meanwhile, and its data stays apart.",
                )}
          </p>
          <Problem why={problem()} />
        </Panel>
      )}
    </Show>
  );
}
