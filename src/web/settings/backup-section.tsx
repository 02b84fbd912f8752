import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { formatAgo, formatBytes, formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { AskingButton } from "../security/asking.tsx";
import { Problem } from "../ui/form-end.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { EmptyState } from "../ui/states.tsx";
import { Said } from "../words/said.tsx";
import { t, told } from "../words/words.ts";
import { type BackupState, backupUrl, makeBackup, readBackups, removeBackup } from "./backup-api.ts";
import { BACKUP_GROUP } from "./system-fields.ts";
import { SystemForm } from "./system-section.tsx";
import { ExportPanel, ImportPanel } from "./transfer-panels.tsx";

/** What can be kept elsewhere: the whole database, and the configuration alone. */
export function BackupSection(): JSX.Element {
  const state = createReading(readBackups);
  return (
    <>
      <Loaded reading={state} what={t("The backups of Pulse cannot be listed now")}>
        {known => <Backups state={known()} onChanged={state.again} />}
      </Loaded>
      <SystemForm groups={[BACKUP_GROUP]} label={t("Schedule of backups")} onSaved={state.again} />
      <ExportPanel />
      <ImportPanel />
    </>
  );
}

function Backups(props: { state: BackupState; onChanged: () => void }): JSX.Element {
  const live = useLive();
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const isBusy = () => busy() || props.state.running;
  const make = async () => {
    setBusy(true);
    const said = await makeBackup();
    setBusy(false);
    setProblem(isRefused(said) ? said.error : null);
    props.onChanged();
  };
  return (
    <Panel
      id="own-backups"
      title={t("Backups of Pulse")}
      help={t(
        "A copy of Pulse's own database, with history and settings, beside it on the same disk: it helps after a mistake. Against the loss of the disk, copy the folder elsewhere.",
      )}
      docs="configuration#backups"
      count={String(props.state.backups.length)}
      tools={
        <button type="button" class="button push" disabled={isBusy()} onClick={() => void make()}>
          {isBusy() ? t("Backing up…") : t("Back up now")}
        </button>
      }
    >
      <div class="form wide">
        <p class="muted">
          {t("The whole database as it is at one moment: configuration, users, alerts, history.")}{" "}
          {nextText(props.state)} {roomText(props.state)}
        </p>
        <Show when={props.state.failure}>
          {failure => (
            <p class="form-problem">
              {t("The last one that was due could not be made ({ago}): {message}.", {
                ago: formatAgo(failure().at, live.now()),
                message: told(failure().message),
              })}
            </p>
          )}
        </Show>
        <Problem why={problem()} />
      </div>
      <ul class="instances">
        <For each={props.state.backups}>
          {backup => (
            <li class="instance">
              <div class="instance-text">
                <strong>{formatTime(backup.at)}</strong>{" "}
                <span class="tag">{backup.kind === "manual" ? t("made by hand") : t("by the clock")}</span>{" "}
                <span class="tag">{t("found sound")}</span>
                <p class="muted">
                  {formatBytes(backup.size)}, {formatAgo(backup.at, live.now())} · {backup.name}
                </p>
              </div>
              <a class="button" href={backupUrl(backup.name)} download={backup.name}>
                {t("Download")}
              </a>
              <AskingButton
                label={t("Remove")}
                question={t("It cannot be had back.")}
                confirm={t("Remove")}
                does={() => removeBackup(backup.name)}
                onDone={props.onChanged}
              />
            </li>
          )}
        </For>
      </ul>
      <Show when={props.state.backups.length === 0}>
        <EmptyState
          icon="storage"
          title={t("There is no backup yet")}
          text={t("The first is made by the schedule below, or when you press the button above.")}
        />
      </Show>
      <div class="form wide">
        <details class="form-more">
          <summary>{t("How to restore one")}</summary>
          <Restoring state={props.state} />
        </details>
      </div>
    </Panel>
  );
}

function nextText({ next }: BackupState): string {
  return next === null ? t("None is made by itself.") : t("The next is made {time}.", { time: formatTime(next) });
}

function roomText({ needed, free }: BackupState): string {
  return free === null
    ? t("It takes about {needed}.", { needed: formatBytes(needed) })
    : t("It takes about {needed}; there is room for {free}.", { needed: formatBytes(needed), free: formatBytes(free) });
}

function Restoring(props: { state: BackupState }): JSX.Element {
  return (
    <>
      <ol>
        <li>{t("Stop Pulse on its machine.")}</li>
        <li>
          <Said
            text={t(
              "{command}, or the name or file of a backup in its place; from the sources {fromSources}. What was there before is set aside.",
            )}
            parts={{
              command: <code>pulse restore latest</code>,
              fromSources: <code>npm start -- restore latest</code>,
            }}
          />
        </li>
        <li>{t("Start Pulse again.")}</li>
      </ol>
      <p class="muted">
        <Said
          text={t("Backups lie in {folder}, on the same disk as the database: copy them elsewhere now and then.")}
          parts={{ folder: <code>{props.state.folder}</code> }}
        />{" "}
        <Switch>
          <Match when={props.state.keyFile}>
            {file => (
              <Said
                text={t(
                  "The key of kept passwords and tokens is in none of them. On another machine they can be read only with {file}: keep a copy of that, too, but not beside the backups.",
                )}
                parts={{ file: <code>{file()}</code> }}
              />
            )}
          </Match>
          <Match when={props.state.keyFile === null}>
            {t(
              "The key of kept passwords and tokens, PULSE_ENCRYPTION_KEY, is in none of them: on another machine they can be read only with it.",
            )}
          </Match>
        </Switch>
      </p>
    </>
  );
}
