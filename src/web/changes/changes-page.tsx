import "./changes.css";
import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { DAY, type Millis } from "../../kit/units.ts";
import { formatNumber, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { fits } from "../storage/storage-rows.ts";
import { FilterField } from "../ui/filter-field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { PageLink } from "../ui/page-link.tsx";
import { Panel } from "../ui/panel.tsx";
import { EmptyState } from "../ui/states.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { locale, plural, t } from "../words/words.ts";
import { type ChangeLine, isThere, toChangeLines } from "./change-lines.ts";
import { missedText, saysOf, saysOfMany } from "./change-words.ts";
import { createChanges } from "./changes-api.ts";

const LENGTHS: readonly { key: string; name: string; length: Millis }[] = [
  { key: "1", name: t("24 hours"), length: DAY },
  { key: "7", name: t("7 days"), length: 7 * DAY },
  { key: "30", name: t("30 days"), length: 30 * DAY },
];
/** The server gives no more at once. */
const MOST = 1000;

/** Everything that became different in what Pulse watches, by day, the newest first. */
export default function ChangesPage(props: { onShow: (id: string) => void }): JSX.Element {
  const [text, setText] = createUrlState("q");
  const [key, setKey] = createUrlState("days", "1");
  const length = () => LENGTHS.find(one => one.key === key())?.length ?? DAY;
  const reading = createChanges(() => ({ length: length(), limit: MOST, resource: null }));
  const found = createMemo(() =>
    (reading.told()?.changes ?? []).filter(one =>
      fits(text(), one.name, one.instance, one.node, one.type, saysOf(one)),
    ),
  );
  const days = createMemo(() => [
    ...Map.groupBy(toChangeLines(found()), ({ at }) =>
      new Date(at).toLocaleDateString(locale(), { weekday: "long", day: "numeric", month: "long" }),
    ),
  ]);
  const total = () => reading.told()?.total ?? 0;
  return (
    <div class="overview narrow">
      <h1 class="visually-hidden">{t("Changes")}</h1>
      <div class="page-tools">
        <FilterField
          text={text()}
          onText={setText}
          label={t("Search changes")}
          placeholder={t("Search: web, moved, pve1…")}
        />
        <fieldset class="segments">
          <legend class="visually-hidden">{t("Since when")}</legend>
          <For each={LENGTHS}>
            {one => (
              <button type="button" aria-pressed={key() === one.key} onClick={() => setKey(one.key)}>
                {one.name}
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <Panel
        id="changes"
        title={t("What changed")}
        count={reading.told() ? plural(found().length, "change") : ""}
        help={t(
          "Guests, nodes, storages, Docker hosts and containers that are made, removed, moved, started, stopped, resized, renamed or updated; the state, errors and scrubs of ZFS pools; health, OSDs, flags and pools of Ceph. Several changes of one thing within an hour are one line. What happened while Pulse was off is found at its next start. Changes are kept for 30 days.",
        )}
      >
        <Loaded reading={reading} what={t("What changed cannot be read now")} lines={8}>
          {told => (
            <>
              <Show when={found().length === 0}>
                <EmptyState
                  icon="history"
                  title={text() === "" ? t("Nothing changed in this time") : t("No change is like that")}
                  text={
                    text() === ""
                      ? t("What is made, removed, moved, started, stopped or resized stands here.")
                      : undefined
                  }
                >
                  <Show when={text() !== ""}>
                    <button type="button" class="button" onClick={() => setText("")}>
                      {t("Show all {total}", { total: formatNumber(reading.told()?.changes.length ?? 0) })}
                    </button>
                  </Show>
                  <Show when={text() === "" && key() !== "30"}>
                    <button type="button" class="button" onClick={() => setKey("30")}>
                      {t("Look at 30 days")}
                    </button>
                  </Show>
                </EmptyState>
              </Show>
              <For each={days()}>
                {([day, lines]) => (
                  <>
                    <h3 class="change-day">{day}</h3>
                    <ol class="change-list">
                      <For each={lines}>{line => <Line line={line} onShow={props.onShow} />}</For>
                    </ol>
                  </>
                )}
              </For>
              <Show when={total() > MOST}>
                <p class="panel-note muted">
                  {t("These are the newest {most} of {total}.", {
                    most: formatNumber(MOST),
                    total: formatNumber(total()),
                  })}
                </p>
              </Show>
              <p class="panel-note muted">
                <PageLink href="?page=alerts&tab=history">
                  {t("{fired} fired, {resolved} resolved", {
                    fired: plural(told().alerts.fired, "alert"),
                    resolved: told().alerts.resolved,
                  })}
                </PageLink>
              </p>
            </>
          )}
        </Loaded>
      </Panel>
    </div>
  );
}

function Line(props: { line: ChangeLine; onShow: (id: string) => void }): JSX.Element {
  const [isOpen, setOpen] = createSignal(false);
  const first = () => props.line.changes[0];
  const isOne = () => props.line.changes.length === 1;
  const place = () => [first().instance, first().node].filter(one => one && one !== first().name).join(": ");
  return (
    <li class="change-line" title={formatTime(props.line.at)}>
      <time dateTime={new Date(props.line.at).toISOString()}>
        {new Date(props.line.at).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" })}
      </time>
      <div class="change-text">
        <Show
          when={isOne()}
          fallback={
            <button type="button" class="link" aria-expanded={isOpen()} onClick={() => setOpen(!isOpen())}>
              {saysOfMany(first(), props.line.changes.length)}
            </button>
          }
        >
          <Subject id={first().resource} name={first().name} onShow={props.onShow} /> {saysOf(first())}
        </Show>
        <Show when={place()}>{where => <span class="change-place">{where()}</span>}</Show>
        <Show when={missedText(first())}>{missed => <span class="change-missed">{missed()}</span>}</Show>
        <Show when={isOpen()}>
          <ul class="change-names">
            <For each={props.line.changes}>
              {change => (
                <li>
                  <Subject id={change.resource} name={change.name} onShow={props.onShow} />
                </li>
              )}
            </For>
          </ul>
        </Show>
      </div>
    </li>
  );
}

/** What it happened to; what is gone cannot be shown. */
function Subject(props: { id: string; name: string; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  return (
    <Show when={isThere(props.id, live.picture())} fallback={<strong>{props.name}</strong>}>
      <button type="button" class="link" onClick={() => props.onShow(props.id)}>
        {props.name}
      </button>
    </Show>
  );
}
