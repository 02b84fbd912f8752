import { createSignal, type JSX, Show } from "solid-js";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { signIn } from "../live/session.ts";
import { TextField } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";
import { Secret } from "./secret.tsx";
import { readStatus, setUp } from "./security-api.ts";

/** The first user of a server that nobody has set up; from another machine only with the code that its log shows. */
export function SetupWizard(): JSX.Element {
  const live = useLive();
  const status = createReading(readStatus);
  const [name, setName] = createSignal("admin");
  const [password, setPassword] = createSignal("");
  const [again, setAgain] = createSignal("");
  const [code, setCode] = createSignal("");
  const [wantsToken, setWantsToken] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [token, setToken] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const enter = async () => {
    await signIn({ username: name(), password: password() });
    await live.signedInOrOut();
  };
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    if (password() !== again()) return void setProblem(t("The passwords are not alike"));
    setBusy(true);
    const said = await setUp({
      username: name(),
      password: password(),
      generateApiToken: wantsToken(),
      ...(code() === "" ? {} : { setupCode: code() }),
    });
    setBusy(false);
    if (isRefused(said)) return void setProblem(said.error);
    setProblem(null);
    if (said.apiToken) setToken(said.apiToken);
    else await enter();
  };
  return (
    <Show
      when={token() === null}
      fallback={
        <div class="card">
          <h1>{t("Set up")}</h1>
          <Secret label={t("Your API token")} text={token() ?? ""} />
          <button type="button" class="button primary" onClick={() => void enter()}>
            {t("I have kept it: go on")}
          </button>
        </div>
      }
    >
      <form class="card" onSubmit={event => void send(event)} aria-label={t("Set up sign-in")}>
        <h1>{t("Set Pulse up")}</h1>
        <p class="muted">{t("Choose who may sign in. Until then only the machine that Pulse runs on gets in.")}</p>
        <TextField label={t("User")} value={name()} onValue={setName} required />
        <TextField
          label={t("Password")}
          value={password()}
          onValue={setPassword}
          hint={t("At least 8 characters.")}
          secret
          required
        />
        <TextField label={t("Password again")} value={again()} onValue={setAgain} secret required />
        <Show when={status.told()?.setupCodeRequired}>
          <TextField
            label={t("Setup code")}
            value={code()}
            onValue={setCode}
            hint={
              <Said
                text={t("Pulse wrote it into its log, and into the file {file} of its data folder.")}
                parts={{ file: <code>setup-code</code> }}
              />
            }
            required
          />
        </Show>
        <label class="check">
          <input
            type="checkbox"
            checked={wantsToken()}
            onChange={event => setWantsToken(event.currentTarget.checked)}
          />
          {t("Make an API token, too")}
        </label>
        <FormEnd problem={problem()} send={t("Set up")} busy={busy() && t("Setting up…")} />
      </form>
    </Show>
  );
}
