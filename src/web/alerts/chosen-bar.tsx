import { createSignal, type JSX, Show } from "solid-js";
import { idsText, MOST_LINES } from "../compare/compare-lines.ts";
import { useLive } from "../live/live.ts";
import { Icon } from "../ui/icon.tsx";
import { saveFile } from "../ui/save-file.ts";
import { goTo } from "../ui/url-state.ts";
import { t } from "../words/words.ts";
import { alertsOf } from "./active.ts";
import { acknowledge } from "./alert-api.ts";
import { SilenceForm } from "./silence-form.tsx";

/** What can be done with the rows that are chosen: of guests, or of whatever something fires of. */
export default function ChosenBar(props: {
  count: number;
  resources: readonly { id: string; name: string }[];
  /** What can be compared of them, by their ids. */
  guests: readonly string[];
  csv: () => string;
  onClear: () => void;
}): JSX.Element {
  const live = useLive();
  const [isSilencing, setSilencing] = createSignal(false);
  const [said, setSaid] = createSignal<string | null>(null);
  const may = () => live.session()?.may.includes("write") ?? false;
  const ids = () => new Set(props.resources.map(({ id }) => id));
  const open = () =>
    alertsOf(live.picture()).filter(({ resourceId, acknowledged }) => !acknowledged && ids().has(resourceId));
  const confirm = async () => setSaid(await acknowledge(open().map(({ id }) => id)));
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.resources.map(({ name }) => name).join("\n"));
      setSaid(t("Copied"));
    } catch {
      setSaid(t("Without HTTPS a page may not copy: save them as CSV instead."));
    }
  };
  return (
    <section class="save-bar chosen-bar" aria-label={t("What is chosen")}>
      <p role="status">
        <strong>{t("{count} chosen", { count: props.count })}</strong> <span class="muted">{said()}</span>
      </p>
      <Show when={may() && open().length > 0}>
        <button type="button" class="button" onClick={() => void confirm()}>
          <Icon name="check" /> {t("Acknowledge {count}", { count: open().length })}
        </button>
      </Show>
      <Show when={may()}>
        <button type="button" class="button" aria-expanded={isSilencing()} onClick={() => setSilencing(!isSilencing())}>
          {t("Silence…")}
        </button>
      </Show>
      <Show when={props.guests.length > 0}>
        <button
          type="button"
          class="button"
          disabled={props.guests.length > MOST_LINES}
          title={
            props.guests.length > MOST_LINES ? t("At most {most} can be compared", { most: MOST_LINES }) : undefined
          }
          onClick={() => goTo(`?${new URLSearchParams({ page: "compare", pick: idsText(props.guests) })}`)}
        >
          {t("Compare")}
        </button>
      </Show>
      <button type="button" class="button" onClick={() => void copy()}>
        {t("Copy the names")}
      </button>
      <button type="button" class="button" onClick={() => saveFile("pulse.csv", props.csv(), "text/csv")}>
        {t("Export as CSV")}
      </button>
      <button type="button" class="button quiet" onClick={() => props.onClear()}>
        {t("Choose none")}
      </button>
      <Show when={isSilencing()}>
        <SilenceForm
          resources={props.resources.map(({ id }) => id)}
          onDone={() => {
            setSilencing(false);
            setSaid(t("Silenced"));
          }}
          onCancel={() => setSilencing(false)}
        />
      </Show>
    </section>
  );
}
