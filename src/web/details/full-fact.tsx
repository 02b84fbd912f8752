import { createMemo, type JSX, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import { readCapacity } from "../live/capacity.ts";
import { useLive } from "../live/live.ts";
import { dueText } from "../storage/due-text.ts";
import { Fact } from "../ui/drawer.tsx";
import { t } from "../words/words.ts";

/** When something will be full, where that is within a year. */
export function FullFact(props: { resource: string }): JSX.Element {
  const live = useLive();
  const capacity = readCapacity();
  const full = createMemo(() => {
    const found = capacity.told()?.find(({ resource }) => resource === props.resource);
    return found?.full ?? null;
  });
  // Minutes change nothing of days.
  const now = createMemo(() => Math.floor(live.now() / MINUTE) * MINUTE);
  return (
    <Show when={full()}>
      {at => (
        <Fact name={t("Full")}>
          {dueText(at(), now())} <span class="muted">{t("if it grows on as in the last 30 days")}</span>
        </Fact>
      )}
    </Show>
  );
}
