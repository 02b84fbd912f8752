import { createSignal, type JSX, Match, Show, Switch } from "solid-js";
import { useLive } from "../live/live.ts";
import { signIn } from "../live/session.ts";

/** What a reader without rights can do about it. */
export function SignIn(): JSX.Element {
  const live = useLive();
  return (
    <section class="sign-in">
      <Switch>
        <Match when={live.session()?.signIn === "password"}>
          <PasswordForm />
        </Match>
        <Match when={live.session()?.signIn === "token"}>
          <h1>This server asks for an API token</h1>
          <p>
            Send it as the header <code>X-API-Token</code>. To sign in on this page, set <code>PULSE_AUTH_USER</code>{" "}
            and <code>PULSE_AUTH_PASS</code> and start Pulse again.
          </p>
        </Match>
        <Match when={true}>
          <h1>Sign-in is not set up yet</h1>
          <p>
            Until it is, only the machine that Pulse runs on gets in. Set <code>PULSE_AUTH_USER</code> and{" "}
            <code>PULSE_AUTH_PASS</code>, or open this page on that machine.
          </p>
        </Match>
      </Switch>
    </section>
  );
}

function PasswordForm(): JSX.Element {
  const live = useLive();
  const [problem, setProblem] = createSignal<string | null>(null);
  const [busy, setBusy] = createSignal(false);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    const wrong = await signIn(String(form.get("username")), String(form.get("password")));
    setBusy(false);
    setProblem(wrong);
    if (wrong === null) await live.signedInOrOut();
  };
  return (
    <form class="card" onSubmit={event => void send(event)}>
      <h1>Sign in</h1>
      <label>
        User
        <input name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
      </label>
      <label>
        Password
        <input name="password" type="password" autocomplete="current-password" required />
      </label>
      <Show when={problem()}>
        <p class="form-problem" role="alert">
          {problem()}
        </p>
      </Show>
      <button type="submit" class="button primary" disabled={busy()}>
        {busy() ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
