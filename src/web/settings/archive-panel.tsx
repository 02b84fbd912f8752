import { createEffect, createSignal, type JSX, on, Show } from "solid-js";
import { createStore } from "solid-js/store";
import type { ArchiveStatus } from "../../model/archive.ts";
import { formatAgo, formatDuration } from "../format/format.ts";
import { ask, isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { TextField } from "../ui/field.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { plural, t, told } from "../words/words.ts";

const PATH = "api/config/archive";
/** Between two looks at how far it is. */
const LOOK = 10_000;

/** The store that keeps every sample for years: which, and how far it is. */
export function ArchivePanel(): JSX.Element {
  const status = createReading<ArchiveStatus>(() => ask("GET", PATH), { every: LOOK });
  return (
    <Loaded reading={status} what={t("The archive cannot be read now")}>
      {known => <Form status={known()} onSaved={status.put} />}
    </Loaded>
  );
}

function Form(props: { status: ArchiveStatus; onSaved: (status: ArchiveStatus) => void }): JSX.Element {
  const [entered, enter] = createStore({ url: "", writeUrl: "", user: "", password: "" });
  const [problem, setProblem] = createSignal<string | null>(null);
  const isFixed = () => props.status.lockedBy !== null;
  createEffect(
    on(
      () => [props.status.url, props.status.writeUrl, props.status.user].join("\n"),
      () => enter({ url: props.status.url, writeUrl: props.status.writeUrl, user: props.status.user, password: "" }),
    ),
  );
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const { password, ...rest } = entered;
    const answer = await ask<ArchiveStatus>("PUT", PATH, { ...rest, ...(password === "" ? {} : { password }) });
    setProblem(isRefused(answer) ? answer.error : null);
    if (!isRefused(answer)) props.onSaved(answer);
  };
  const hint = (text: string) =>
    isFixed() ? t("Set by {lockedBy}, and changed there.", { lockedBy: props.status.lockedBy ?? "" }) : text;
  return (
    <Panel
      id="archive"
      title={t("Archive")}
      help={t(
        "Pulse itself keeps fine values for a short time and coarser ones for longer, and drops the oldest. An archive keeps all of them as long as you like; while it does not answer, charts show what Pulse has.",
      )}
      docs="archive#what-is-sent"
    >
      <form aria-label={t("Archive")} onSubmit={event => void save(event)}>
        <p class="panel-note muted">
          {t(
            "VictoriaMetrics, Prometheus or another store that takes remote write gets every sample, and charts ask it for what Pulse itself keeps no longer, or no longer so finely.",
          )}
        </p>
        <div class="form settings-grid">
          <TextField
            label={t("Address")}
            hint={hint(t("Such as http://victoria:8428; empty: none."))}
            value={entered.url}
            disabled={isFixed()}
            onValue={url => enter({ url })}
          />
          <TextField
            label={t("Address to write to")}
            hint={hint(t("Where that is not api/v1/write below the other."))}
            value={entered.writeUrl}
            disabled={isFixed()}
            onValue={writeUrl => enter({ writeUrl })}
          />
          <TextField
            label={t("User")}
            hint={hint(t("Empty: the password is a bearer token."))}
            value={entered.user}
            disabled={isFixed()}
            onValue={user => enter({ user })}
          />
          <TextField
            label={t("Password or token")}
            hint={props.status.hasPassword ? hint(t("Left empty, it stays as it is.")) : undefined}
            secret
            value={entered.password}
            disabled={isFixed()}
            onValue={password => enter({ password })}
          />
        </div>
        <div class="form wide">
          <Show when={props.status.url !== ""}>
            <How status={props.status} />
          </Show>
          <div class="form-buttons">
            <button type="submit" class="button primary" disabled={isFixed()}>
              {t("Save")}
            </button>
            <span role="status">
              <Show when={problem()}>{why => <span class="form-problem">{why()}</span>}</Show>
            </span>
          </div>
        </div>
      </form>
    </Panel>
  );
}

/** How far it is, and what went wrong. */
function How(props: { status: ArchiveStatus }): JSX.Element {
  const live = useLive();
  return (
    <>
      <p>
        {props.status.isSender
          ? props.status.until === null
            ? t("Nothing has been sent yet.")
            : t("All is sent up to {ago}; {samples} since the start.", {
                ago: formatAgo(props.status.until, live.now()),
                samples: plural(props.status.sent, "sample"),
              })
          : t("Another core sends, for all.")}
      </p>
      <Show when={props.status.failure}>
        {failure => (
          <p class="form-problem">
            {t("The last try failed ({ago}): {message}. What is to be sent waits here.", {
              ago: formatAgo(failure().at, live.now()),
              message: told(failure().message),
            })}
          </p>
        )}
      </Show>
      <Show when={props.status.rejected > 0}>
        <p class="form-problem">
          {t("The archive refused {samples} for good.", { samples: plural(props.status.rejected, "sample") })}
        </p>
      </Show>
      <Show when={props.status.missing > 0}>
        <p class="form-problem">
          {t("It was away for too long: {duration} are missing there.", {
            duration: formatDuration(props.status.missing),
          })}
        </p>
      </Show>
    </>
  );
}
