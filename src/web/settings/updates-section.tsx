import { createEffect, createMemo, createSignal, For, type JSX, Match, on, onCleanup, Show, Switch } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { DeploymentType, UpdateChannel, UpdateEvent, UpdateStatus } from "../../model/update.ts";
import { formatBytes, formatDuration, formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Problem } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { EmptyState, OnlyFor } from "../ui/states.tsx";
import { Said } from "../words/said.tsx";
import { locale, t, told } from "../words/words.ts";
import {
  applyUpdate,
  checkUpdates,
  readHistory,
  readPlan,
  readStatus,
  readVersion,
  type UpdateCheck,
} from "./updates-api.ts";

const CHANNELS: readonly (readonly [UpdateChannel, string])[] = [
  ["stable", t("Released")],
  ["rc", t("Tried out, too")],
];
const RUNS: { readonly [D in DeploymentType]: string } = {
  systemd: t("as a service"),
  docker: t("in a container"),
  npx: t("as a package"),
  manual: t("started by hand"),
  development: t("from its sources"),
};
const isUnderWay = (status: UpdateStatus | null) =>
  status !== null && (status.status === "downloading" || status.status === "installing");

/** Which version runs, what is newer, how far an update is, and what came of earlier ones. */
export function UpdatesSection(): JSX.Element {
  const live = useLive();
  // Read again when the line is back: the server may be another version by then.
  const isLive = createMemo(() => live.line().kind === "live");
  const read = createReading(readStatus, { whenever: [isLive] });
  const version = createReading(readVersion, { whenever: [isLive] });
  const status = () => {
    const [told, asked] = [live.update(), read.told()?.status ?? null];
    return told && (!asked || told.updatedAt >= asked.updatedAt) ? told : asked;
  };
  // The stream tells everything, but a server that is being replaced may be gone before it has.
  createEffect(() => {
    if (!isUnderWay(status())) return;
    const timer = setInterval(read.again, 5 * SECOND);
    onCleanup(() => clearInterval(timer));
  });
  const history = createReading(readHistory, { whenever: [createMemo(() => `${isLive()} ${status()?.status}`)] });
  return (
    <>
      <Newer version={version.told()?.version ?? null} usual={version.told()?.channel ?? "stable"} status={status()} />
      <Show when={read.told()?.status.note}>{note => <Units note={note()} />}</Show>
      <Progress status={status()} />
      <Panel id="update-history" title={t("History")} count={String(history.told()?.length ?? "")}>
        <Loaded reading={history} what={t("What was installed before cannot be read now")} lines={3} kind="table">
          {events => (
            <Show
              when={events().length > 0}
              fallback={
                <EmptyState
                  icon="history"
                  title={t("Only one version has run here.")}
                  text={t("Each update stands here, who began it, and what came of it.")}
                />
              }
            >
              <History events={events()} />
            </Show>
          )}
        </Loaded>
      </Panel>
    </>
  );
}

/** An update leaves the units of systemd as they are: what is different, and the command that takes those of the version that runs. */
function Units(props: { note: string }): JSX.Element {
  const parts = () => props.note.split(": as root, ");
  return (
    <Panel id="update-units" title={t("Units of systemd")}>
      <div class="notice">
        <p>
          <span class="status-word warning">{told(parts()[0] ?? "")}.</span> {t("As root:")}
        </p>
        <pre>{parts()[1]}</pre>
      </div>
    </Panel>
  );
}

/** The version that runs, and a look for a newer one. Nobody is asked before a button is pressed. */
function Newer(props: { version: string | null; usual: UpdateChannel; status: UpdateStatus | null }): JSX.Element {
  const [chosen, choose] = createSignal<UpdateChannel | null>(null);
  const [found, setFound] = createSignal<UpdateCheck | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [isLooking, setLooking] = createSignal(false);
  const channel = () => chosen() ?? props.usual;
  createEffect(on([channel, () => props.version], () => setFound(null)));
  const look = async () => {
    setLooking(true);
    const answer = await checkUpdates(channel());
    setLooking(false);
    setProblem(
      isRefused(answer) ? answer.error : answer.checkedAt === null ? told(answer.warning ?? "") || null : null,
    );
    setFound(isRefused(answer) || answer.checkedAt === null ? null : answer);
  };
  return (
    <Panel
      id="updates"
      help={t(
        "Finished versions are what most want; candidates come earlier, to be tried out. An update copies the database first, and goes back by itself when the new version is not well within two minutes. Nobody is asked before the button is pressed, unless System says so.",
      )}
      docs="updates#what-happens-then"
      title={t("Updates")}
      tools={
        <fieldset class="segments push">
          <legend class="visually-hidden">{t("Which releases")}</legend>
          <For each={CHANNELS}>
            {([key, name]) => (
              <button type="button" aria-pressed={channel() === key} onClick={() => choose(key)}>
                {name}
              </button>
            )}
          </For>
        </fieldset>
      }
    >
      <div class="update">
        <p>
          <Said
            text={found() ? t("{version} runs {how}.") : t("{version} runs.")}
            parts={{
              version: <strong>{props.version ?? "Pulse"}</strong>,
              how: RUNS[found()?.deploymentType ?? "manual"],
            }}
          />
        </p>
        <div class="form-buttons">
          <button
            type="button"
            class="button"
            disabled={isLooking() || isUnderWay(props.status)}
            onClick={() => void look()}
          >
            {isLooking() ? t("Looking…") : t("Look for a newer version")}
          </button>
        </div>
        <div role="status">
          <Problem why={problem() && `${problem()}.`} />
          <Show when={found()?.available === false}>
            <p class="form-good">{t("Nothing newer is to be had.")}</p>
          </Show>
        </div>
        <Show when={found()?.available ? found() : null}>
          {check => <Offer check={check()} status={props.status} />}
        </Show>
      </div>
    </Panel>
  );
}

/** A newer version: what it is, and how to get it. */
function Offer(props: { check: UpdateCheck; status: UpdateStatus | null }): JSX.Element {
  const live = useLive();
  const [isAsked, setAsked] = createSignal(false);
  const [accepts, setAccepts] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const may = () => live.session()?.may.includes("admin") ?? false;
  const plan = createReading(async () =>
    props.check.canAutoUpdate ? null : readPlan(props.check.latestVersion ?? ""),
  );
  const apply = async () => {
    const answer = await applyUpdate(props.check, accepts());
    setProblem(isRefused(answer) ? answer.error : null);
    setAsked(false);
  };
  const facts = () => {
    const { releaseDate, downloadSize } = props.check;
    const day = releaseDate && new Date(releaseDate).toLocaleDateString(locale(), { dateStyle: "medium" });
    return [day, downloadSize === null ? null : formatBytes(downloadSize)].filter(Boolean).join(", ");
  };
  return (
    <article class="offer" aria-label={t("A newer version")}>
      <h3>
        {props.check.latestVersion} <span class="muted">{facts()}</span>
      </h3>
      <Show when={props.check.warning}>{warning => <p class="status-word warning">{told(warning())}.</p>}</Show>
      <Show when={props.check.releaseNotes}>
        {notes => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
          <section class="release-notes" aria-label={t("Release notes")} tabIndex={0}>
            {notes()}
          </section>
        )}
      </Show>
      <Switch>
        <Match when={!props.check.canAutoUpdate}>
          <Show
            when={plan.told()}
            fallback={<p class="nothing">{t("A Pulse like this is updated where it comes from.")}</p>}
          >
            {known => (
              <>
                <p>{t("This Pulse does not replace itself. What to do:")}</p>
                <ol class="plan">
                  <For each={known().steps}>{step => <li>{told(step)}</li>}</For>
                </ol>
              </>
            )}
          </Show>
        </Match>
        <Match when={!may()}>
          <OnlyFor right="admin" text={t("Only an administrator can update Pulse.")} />
        </Match>
        <Match when={isUnderWay(props.status)}>{null}</Match>
        <Match when={isAsked()}>
          <p>
            {t(
              "Pulse is away for some seconds while it is replaced. The version before is kept, and comes back by itself when the new one is not well.",
            )}
          </p>
          <Show when={props.check.isMajor}>
            <label class="check">
              <input type="checkbox" checked={accepts()} onChange={event => setAccepts(event.currentTarget.checked)} />
              {t("I have read what another major version changes")}
            </label>
          </Show>
          <div class="form-buttons">
            <button
              type="button"
              class="button primary"
              disabled={props.check.isMajor && !accepts()}
              onClick={() => void apply()}
            >
              {t("Update now")}
            </button>
            <button type="button" class="button quiet" onClick={() => setAsked(false)}>
              {t("Not now")}
            </button>
          </div>
        </Match>
        <Match when={true}>
          <div class="form-buttons">
            <button type="button" class="button primary" onClick={() => setAsked(true)}>
              {t("Update to {version}", { version: props.check.latestVersion })}
            </button>
          </div>
        </Match>
      </Switch>
      <Problem why={problem() && `${problem()}.`} />
    </article>
  );
}

/** How far an update is, or how the last one has ended. */
function Progress(props: { status: UpdateStatus | null }): JSX.Element {
  const live = useLive();
  const shown = () =>
    props.status && props.status.status !== "idle" && props.status.status !== "checking" ? props.status : null;
  return (
    <Show when={shown()}>
      {status => (
        <Panel id="update-progress" title={isUnderWay(status()) ? t("An update is going on") : t("The last update")}>
          <div class="update" role="status">
            <Show when={isUnderWay(status())}>
              <progress max="100" value={status().progress} aria-label={t("How far it is")} />
            </Show>
            <p
              class={status().status === "error" ? "form-problem" : status().status === "completed" ? "form-good" : ""}
            >
              {told(status().message)}.
            </p>
            <Show when={isUnderWay(status()) && live.line().kind !== "live"}>
              <p class="muted">{t("The server is being replaced; the page goes on when it is back.")}</p>
            </Show>
          </div>
        </Panel>
      )}
    </Show>
  );
}

const ENDS: { readonly [S in UpdateEvent["status"]]: readonly [word: string, level: "" | "warning" | "critical"] } = {
  in_progress: [t("goes on"), ""],
  completed: [t("done"), ""],
  failed: [t("failed"), "critical"],
  rolled_back: [t("went back"), "warning"],
};

function History(props: { events: readonly UpdateEvent[] }): JSX.Element {
  return (
    <ScrollTable caption={t("History")} class="wide-table">
      <thead>
        <tr>
          <th scope="col">{t("When")}</th>
          <th scope="col">{t("Before")}</th>
          <th scope="col">{t("After")}</th>
          <th scope="col">{t("By")}</th>
          <th scope="col">{t("What came of it")}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.events}>
          {event => (
            <tr>
              <th scope="row" class="number">
                {formatTime(Date.parse(event.timestamp))}
              </th>
              <td>{event.version_from}</td>
              <td>{event.version_to}</td>
              <td>
                {event.initiated_via === "outside"
                  ? t("put in place by hand")
                  : event.initiated_via === "auto"
                    ? t("by itself")
                    : (event.initiated_by ?? t("somebody"))}
              </td>
              <td>
                <span class={`status-word ${ENDS[event.status][1]}`}>{ENDS[event.status][0]}</span>
                <Show when={event.duration_ms}>
                  {took => <span class="muted"> {t("in {duration}", { duration: formatDuration(took()) })}</span>}
                </Show>
                <Show when={event.note}>{note => <p class="event-error">{told(note())}</p>}</Show>
                <Show when={event.error}>{error => <p class="event-error">{told(error().message)}.</p>}</Show>
              </td>
            </tr>
          )}
        </For>
      </tbody>
    </ScrollTable>
  );
}
