import { createSignal, type JSX, Show } from "solid-js";
import { encode } from "uqr";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { TextField } from "../ui/field.tsx";
import { FormEnd, Problem } from "../ui/form-end.tsx";
import { Panel } from "../ui/panel.tsx";
import { t, told } from "../words/words.ts";
import { changePassword, confirmSecondFactor, offerSecondFactor, removeSecondFactor } from "./security-api.ts";

/** The reader's own password and second factor. */
export function OwnAccount(props: { name: string; secondFactor: boolean | null; onChanged: () => void }): JSX.Element {
  return (
    <Panel
      id="account"
      help={t(
        "With a second factor a stolen password alone opens nothing. Keep the recovery codes where you find them without your phone. Who can sign in on the machine itself can give you a new password, which also turns the second factor off.",
      )}
      docs="configuration#forgotten-password"
      title={t("Your account: {name}", { name: props.name })}
    >
      <PasswordForm />
      <SecondFactor isOn={props.secondFactor} onChanged={props.onChanged} />
    </Panel>
  );
}

function PasswordForm(): JSX.Element {
  const live = useLive();
  const [current, setCurrent] = createSignal("");
  const [next, setNext] = createSignal("");
  const [said, setSaid] = createSignal<{ good?: string; problem?: string } | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await changePassword({ currentPassword: current(), newPassword: next() });
    if (isRefused(answer)) return void setSaid({ problem: answer.error });
    setCurrent("");
    setNext("");
    setSaid({ good: told(answer.message) });
    await live.signedInOrOut();
  };
  return (
    <form class="form" onSubmit={event => void send(event)} aria-label={t("Change your password")}>
      <TextField label={t("Present password")} value={current()} onValue={setCurrent} secret required />
      <TextField
        label={t("New password")}
        value={next()}
        onValue={setNext}
        hint={t("At least 8 characters.")}
        secret
        required
      />
      <FormEnd problem={said()?.problem} good={said()?.good} send={t("Change password")} />
    </form>
  );
}

function SecondFactor(props: { isOn: boolean | null; onChanged: () => void }): JSX.Element {
  const [offer, setOffer] = createSignal<{ secret: string; url: string } | null>(null);
  const [code, setCode] = createSignal("");
  const [password, setPassword] = createSignal("");
  const [leaving, setLeaving] = createSignal(false);
  const [problem, setProblem] = createSignal<string | null>(null);
  const [recovery, setRecovery] = createSignal<readonly string[]>([]);
  const done = () => {
    setOffer(null);
    setLeaving(false);
    setCode("");
    setPassword("");
    setProblem(null);
    props.onChanged();
  };
  const begin = async () => {
    const answer = await offerSecondFactor();
    if (isRefused(answer)) setProblem(answer.error);
    else setOffer(answer);
  };
  const confirm = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await confirmSecondFactor(code());
    if (isRefused(answer)) return void setProblem(answer.error);
    setRecovery(answer.recoveryCodes);
    done();
  };
  const leave = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await removeSecondFactor({ password: password(), code: code() });
    if (isRefused(answer)) return void setProblem(answer.error);
    done();
  };
  return (
    <div class="form second-factor">
      <p>
        <strong>{t("Second factor:")}</strong>{" "}
        {props.isOn === null
          ? t("not known")
          : props.isOn
            ? t("on. Signing in asks for a code of your app.")
            : t("off.")}
      </p>
      <Show when={recovery().length > 0}>
        <div class="notice" role="status">
          <p>
            <strong>{t("Recovery codes.")}</strong>{" "}
            {t("Each lets you in once without your phone. They are shown this once.")}
          </p>
          <pre class="secret">{recovery().join("\n")}</pre>
        </div>
      </Show>
      <Show when={!props.isOn && offer() === null}>
        <div class="form-buttons">
          <button type="button" class="button" onClick={() => void begin()}>
            {t("Turn on…")}
          </button>
        </div>
      </Show>
      <Show when={offer()}>
        {offered => (
          <form onSubmit={event => void confirm(event)} aria-label={t("Turn the second factor on")} class="form">
            <p>{t("Scan this with an authenticator app, or type the secret into it. Then enter the code it shows.")}</p>
            <QrCode text={offered().url} />
            <pre class="secret">{offered().secret}</pre>
            <TextField label={t("Code")} value={code()} onValue={setCode} placeholder="123456" required />
            <FormEnd send={t("Turn on")} onCancel={() => setOffer(null)} />
          </form>
        )}
      </Show>
      <Show when={props.isOn}>
        <Show
          when={leaving()}
          fallback={
            <div class="form-buttons">
              <button type="button" class="button quiet" onClick={() => setLeaving(true)}>
                {t("Turn off…")}
              </button>
            </div>
          }
        >
          <form onSubmit={event => void leave(event)} aria-label={t("Turn the second factor off")} class="form">
            <TextField label={t("Password")} value={password()} onValue={setPassword} secret required />
            <TextField label={t("Code, or a recovery code")} value={code()} onValue={setCode} required />
            <FormEnd send={t("Turn off")} isDanger onCancel={() => setLeaving(false)} />
          </form>
        </Show>
      </Show>
      <Problem why={problem()} />
    </div>
  );
}

/** Dark on light whatever the theme: readers of codes expect it. */
function QrCode(props: { text: string }): JSX.Element {
  const code = () => encode(props.text, { border: 2 });
  const path = () =>
    code()
      .data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])))
      .join("");
  return (
    <svg
      class="qr-code"
      viewBox={`0 0 ${code().size} ${code().size}`}
      role="img"
      aria-label={t("The secret as a QR code")}
    >
      <path class="qr-ground" d={`M0 0h${code().size}v${code().size}H0z`} />
      <path d={path()} />
    </svg>
  );
}
