import { createSignal, type JSX, Show } from "solid-js";
import { type InstanceType, PRODUCTS } from "../../model/instance-settings.ts";
import { formatDuration } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Field, TextField } from "../ui/field.tsx";
import { Problem } from "../ui/form-end.tsx";
import { t } from "../words/words.ts";
import { issueSetupCode, type SetupCommandAnswer } from "./instances-api.ts";
import { SiteChoice, type Sites, usualSite } from "./site-choice.tsx";

/** Lets a server register itself: a command for its shell, and the code that the command asks for. */
export function SetupCommand(props: {
  /** Where edges watch; null: this Pulse watches itself. */
  sites: Sites | null;
  onClose: () => void;
}): JSX.Element {
  const live = useLive();
  const [type, setType] = createSignal<InstanceType>("pve");
  const [host, setHost] = createSignal("");
  const [chosen, choose] = createSignal("");
  const site = () => chosen() || usualSite(props.sites ?? []);
  const [backupPerms, setBackupPerms] = createSignal(false);
  const [issued, setIssued] = createSignal<SetupCommandAnswer | null>(null);
  const [problem, setProblem] = createSignal<string | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const answer = await issueSetupCode({ type: type(), host: host(), site: site(), backupPerms: backupPerms() });
    setProblem("error" in answer ? answer.error : null);
    setIssued("error" in answer ? null : answer);
  };
  const left = () => Math.max(0, (issued()?.expires ?? 0) * 1000 - live.now());
  return (
    <form class="form" onSubmit={event => void send(event)} aria-label={t("Let a server register itself")}>
      <Field label={t("Product")}>
        {id => (
          <select id={id} value={type()} onChange={event => setType(event.currentTarget.value as InstanceType)}>
            <option value="pve">{PRODUCTS.pve.title}</option>
            <option value="pbs">{PRODUCTS.pbs.title}</option>
            <option value="pmg">{PRODUCTS.pmg.title}</option>
          </select>
        )}
      </Field>
      <Show when={props.sites}>{sites => <SiteChoice sites={sites()} site={site()} onSite={choose} />}</Show>
      <TextField
        label={t("Address")}
        value={host()}
        onValue={setHost}
        placeholder={t("As Pulse reaches it: 192.168.1.10")}
        required
      />
      <Show when={type() === "pve"}>
        <label class="check">
          <input
            type="checkbox"
            checked={backupPerms()}
            onChange={event => setBackupPerms(event.currentTarget.checked)}
          />
          {t("May list the backups on its storages (needs a role that may also change them)")}
        </label>
      </Show>
      <Problem why={problem()} />
      <Show when={issued()}>
        {answer => (
          <div class="notice" role="status">
            <p>{t("Type this on the server, as root:")}</p>
            <pre>{answer().command}</pre>
            <p>
              {left() > 0
                ? t(
                    "It makes a user that may look and nothing else, then asks for this code, which is good once, for {duration}:",
                    { duration: formatDuration(left()) },
                  )
                : t(
                    "It makes a user that may look and nothing else, then asks for this code, which is good once, and is too old by now:",
                  )}
            </p>
            <pre class="code">{answer().setupCode}</pre>
          </div>
        )}
      </Show>
      <div class="form-buttons">
        <button type="submit" class="button primary">
          {issued() ? t("Get a new code") : t("Get the command")}
        </button>
        <button type="button" class="button quiet" onClick={() => props.onClose()}>
          {t("Close")}
        </button>
      </div>
    </form>
  );
}
