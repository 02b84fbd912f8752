import { createSignal, For, type JSX, Show } from "solid-js";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { Field, TextField } from "../ui/field.tsx";
import { FormEnd, Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { saveFile } from "../ui/save-file.ts";
import { t, told } from "../words/words.ts";
import { exportConfig, type Imported, importConfig } from "./backup-api.ts";
import { passphraseAdvice, SHORTEST, tallyText } from "./transfer-words.ts";

/** The configuration as one sealed file. */
export function ExportPanel(): JSX.Element {
  const live = useLive();
  const [passphrase, setPassphrase] = createSignal("");
  const [again, setAgain] = createSignal("");
  const [busy, setBusy] = createSignal(false);
  const [said, say] = createSignal<{ good?: string; problem?: string } | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (passphrase() !== again()) return void say({ problem: t("The passphrases are not alike.") });
    setBusy(true);
    const answer = await exportConfig(passphrase());
    setBusy(false);
    if (isRefused(answer)) return void say({ problem: answer.error });
    const name = `pulse-export-${new Date().toISOString().slice(0, 10)}.json`;
    saveFile(name, JSON.stringify({ status: "success", data: answer.data }), "application/json");
    setPassphrase("");
    setAgain("");
    say({
      good: t("Exported as {name}. Without the passphrase nobody can read it, you neither.", { name }),
    });
  };
  return (
    <Panel
      id="export"
      help={t(
        "For another machine, or to keep what was entered. A backup has users and history as well, but needs the key of this server; an export needs its passphrase only.",
      )}
      docs="api#export-and-import"
      title={t("Export")}
    >
      <form class="form" aria-label={t("Export")} onSubmit={event => void send(event)}>
        <p class="muted">
          {live.session()?.several
            ? t(
                "The configuration alone, sealed: thresholds, channels with their secrets, system settings, notes. Never who gets in, and no history; nor instances, whose secrets only edges can open.",
              )
            : t(
                "The configuration alone, sealed: instances with their passwords and tokens, thresholds, channels, system settings, notes. Never who gets in, and no history.",
              )}
        </p>
        <TextField
          label={t("Passphrase")}
          value={passphrase()}
          onValue={setPassphrase}
          hint={passphraseAdvice(passphrase())}
          secret
          required
        />
        <TextField label={t("The same again")} value={again()} onValue={setAgain} secret required />
        <FormEnd
          problem={said()?.problem}
          good={said()?.good}
          send={t("Export")}
          busy={busy() && t("Exporting…")}
          disabled={passphrase().length < SHORTEST}
        />
      </form>
    </Panel>
  );
}

/** Takes an export over: first it is told what that would come to. */
export function ImportPanel(): JSX.Element {
  const [data, setData] = createSignal<string | null>(null);
  const [passphrase, setPassphrase] = createSignal("");
  const [told, setTold] = createSignal<Imported | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const choose = async (file: File | undefined) => {
    setTold(null);
    setData(file ? await file.text() : null);
  };
  const run = async (dryRun: boolean) => {
    setBusy(true);
    const answer = await importConfig(data() ?? "", passphrase(), dryRun);
    setBusy(false);
    setProblem(isRefused(answer) ? answer.error : null);
    setTold(isRefused(answer) ? null : answer);
  };
  return (
    <Panel
      id="import"
      help={t(
        "First you are told what would change; nothing is done before you agree. Users and their passwords stay as they are.",
      )}
      docs="migration#the-way"
      title={t("Import")}
    >
      <form
        class="form"
        aria-label={t("Import")}
        onSubmit={event => {
          event.preventDefault();
          void run(true);
        }}
      >
        <p class="muted">
          {t(
            "An export of this Pulse or of another one, also of version 4. Nothing is taken away: what it does not name stays.",
          )}
        </p>
        <Field label={t("File")}>
          {id => <input id={id} type="file" required onChange={event => void choose(event.currentTarget.files?.[0])} />}
        </Field>
        <TextField
          label={t("Its passphrase")}
          value={passphrase()}
          onValue={value => {
            setPassphrase(value);
            setTold(null);
          }}
          secret
          required
        />
        <Problem why={problem()} />
        <Show when={told()}>{answer => <Told told={answer()} />}</Show>
        <div class="form-buttons">
          <button type="submit" class="button" disabled={busy() || data() === null || passphrase().length < SHORTEST}>
            {t("See what would change")}
          </button>
          <Show when={told()?.dryRun && told()?.changes.length}>
            <button type="button" class="button primary" disabled={busy()} onClick={() => void run(false)}>
              {busy() ? t("Importing…") : t("Import it")}
            </button>
          </Show>
        </div>
      </form>
    </Panel>
  );
}

function Told(props: { told: Imported }): JSX.Element {
  const title = () => {
    if (props.told.changes.length === 0) return t("Everything is so already.");
    return props.told.dryRun ? t("An import would do this:") : t("Imported; pages connect again in a moment.");
  };
  return (
    <section class="told" aria-label={t("What the import comes to")}>
      <p role="status">
        <strong>{title()}</strong>
      </p>
      <ul class="plain">
        <For each={props.told.parts.filter(({ added, changed, unchanged }) => added + changed + unchanged > 0)}>
          {part => <li>{tallyText(part)}</li>}
        </For>
      </ul>
      <Show when={props.told.changes.length > 0}>
        <details class="form-more" open={props.told.changes.length <= 20}>
          <summary>{t("One by one")}</summary>
          <ul class="plain">
            <For each={props.told.changes}>{change => <li>{told(change)}</li>}</For>
          </ul>
        </details>
      </Show>
      <Show when={props.told.notes.length > 0}>
        <p>{t("Not carried over:")}</p>
        <ul class="plain muted">
          <For each={props.told.notes}>{note => <li>{told(note)}</li>}</For>
        </ul>
      </Show>
    </section>
  );
}
