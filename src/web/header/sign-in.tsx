import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { useLive } from "../live/live.ts";
import { signIn } from "../live/session.ts";
import { OidcButton } from "../security/oidc-button.tsx";
import { SetupWizard } from "../security/setup-wizard.tsx";
import { TextField } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";

/** What a reader without rights can do about it. `isBeforePage`: the page is behind it, and must not be left. */
export function SignIn(props: { isBeforePage?: boolean }): JSX.Element {
  const live = useLive();
  return (
    <section class="sign-in">
      <Switch>
        <Match when={live.door()?.signIn === "password"}>
          <PasswordForm isBeforePage={props.isBeforePage ?? false} />
        </Match>
        <Match when={live.door()?.signIn === "token"}>
          <h1>{t("This server asks for an API token")}</h1>
          <p>
            <Said
              text={t(
                "Send it as the header {header}. To sign in on this page, set {user} and {pass} and start Pulse again.",
              )}
              parts={{
                header: <code>X-API-Token</code>,
                user: <code>PULSE_AUTH_USER</code>,
                pass: <code>PULSE_AUTH_PASS</code>,
              }}
            />
          </p>
        </Match>
        <Match when={true}>
          <SetupWizard />
        </Match>
      </Switch>
    </section>
  );
}

function PasswordForm(props: { isBeforePage: boolean }): JSX.Element {
  const live = useLive();
  const ended = live.ended() ?? "";
  const [username, setUsername] = createSignal(ended);
  const [password, setPassword] = createSignal("");
  const [code, setCode] = createSignal("");
  const [remember, setRemember] = createSignal(false);
  const [codeNeeded, setCodeNeeded] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const outcome = await signIn({
      username: username(),
      password: password(),
      rememberMe: remember(),
      ...(code() === "" ? {} : { code: code() }),
    });
    setBusy(false);
    setProblem(outcome.kind === "refused" ? outcome.why : null);
    setCodeNeeded(outcome.kind === "code-needed" || codeNeeded());
    if (outcome.kind === "in") await live.signedInOrOut();
  };
  return (
    <form class="card" onSubmit={event => void send(event)}>
      <h1>{t("Sign in")}</h1>
      <Show when={live.ended()}>
        {name => (
          <p class="muted" role="status">
            {t(
              "The session of {name} has ended: its time was up, or somebody ended it. Sign in to go on where you were.",
              {
                name: name(),
              },
            )}
          </p>
        )}
      </Show>
      <label>
        {t("User")}
        <input
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus={ended === ""}
          value={username()}
          onInput={event => setUsername(event.currentTarget.value)}
        />
      </label>
      <label>
        {t("Password")}
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autofocus={ended !== ""}
          value={password()}
          onInput={event => setPassword(event.currentTarget.value)}
        />
      </label>
      <Show when={codeNeeded()}>
        <TextField
          label={t("Code of your second factor")}
          value={code()}
          onValue={setCode}
          hint={t("Of your authenticator app, or a recovery code.")}
          required
        />
      </Show>
      <label class="check">
        <input type="checkbox" checked={remember()} onChange={event => setRemember(event.currentTarget.checked)} />
        {t("Stay signed in for 30 days")}
      </label>
      <FormEnd problem={problem()} send={t("Sign in")} busy={busy() && t("Signing in…")} />
      <OidcButton isBeforePage={props.isBeforePage} />
    </form>
  );
}
