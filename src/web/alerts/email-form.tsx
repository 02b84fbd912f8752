import { createSignal, For, type JSX, Show } from "solid-js";
import type { EmailSettings } from "../../model/channel.ts";
import type { ChannelHealth } from "../../model/notification.ts";
import { createReading } from "../live/reading.ts";
import { Field, TextField } from "../ui/field.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { t, told } from "../words/words.ts";
import { Check, ChoiceFields, createForm, FormButtons } from "./channel-fields.tsx";
import { HealthMark, HealthText, TestResults } from "./channel-health.tsx";
import { LockedChannel } from "./locked-channel.tsx";
import {
  changeEmail,
  type EmailProvider,
  type NotificationConfig,
  readProviders,
  type TestResult,
  testChannels,
} from "./notify-api.ts";

type Safety = "tls" | "starttls" | "none";
type Entered = Omit<EmailSettings, "to"> & { to: string };

/** The e-mail channel. A password that is left empty stays as it is. */
export function EmailForm(props: {
  settings: NotificationConfig["email"];
  health: ChannelHealth | null;
  onSaved: () => void;
}): JSX.Element {
  const { settings } = props;
  if (settings.lockedBy === undefined) return <EditableEmail {...props} />;
  const { server, port, from, to, username, enabled } = settings;
  return (
    <LockedChannel
      by={settings.lockedBy}
      method="email"
      title={t("E-mail")}
      health={props.health}
      enabled={enabled}
      facts={[
        [t("Server"), `${server}:${port}`],
        [t("User"), username],
        [t("From"), from],
        [t("To"), to.join(", ")],
      ]}
    />
  );
}

function EditableEmail(props: {
  settings: EmailSettings;
  health: ChannelHealth | null;
  onSaved: () => void;
}): JSX.Element {
  const providers = createReading(readProviders);
  const [tested, setTested] = createSignal<{ results: TestResult[]; error: string | null } | null>(null);
  const [testing, setTesting] = createSignal(false);
  const draft = createForm<Entered>(
    () => ({ ...props.settings, password: "", to: props.settings.to.join("\n") }),
    fields => changeEmail(toInput(fields)),
    () => {
      draft.set("password", "");
      props.onSaved();
    },
  );
  const { fields, set } = draft;
  const listed = () => providers.told() ?? [];
  const provider = () => listed().find(({ name }) => name === fields.provider) ?? null;
  const safety = (): Safety => (fields.tls ? "tls" : fields.startTLS ? "starttls" : "none");
  const choose = (name: string) => {
    const one = listed().find(preset => preset.name === name);
    set({ provider: name, ...(one ? toSettings(one) : {}) });
  };
  const test = async () => {
    setTesting(true);
    setTested(await testChannels({ method: "email", config: toInput(fields) }));
    setTesting(false);
    props.onSaved();
  };
  return (
    <Panel
      id="email"
      help={t(
        "Usual is port 587 with STARTTLS, or 465 with TLS from the first byte; without encryption mail and password may travel in the clear. Most providers want an app password in the place of yours.",
      )}
      docs="notifications#e-mail"
      title={t("E-mail")}
      tools={
        <>
          <HealthMark health={props.health} />
          <HealthText health={props.health} />
        </>
      }
    >
      <form class="form two" aria-label={t("E-mail")} onSubmit={event => void draft.save(event)}>
        <div class="whole">
          <Check label={t("Send e-mail")} checked={fields.enabled} onChecked={isOn => set("enabled", isOn)} />
        </div>
        <Field label={t("Provider")} hint={told(provider()?.instructions ?? "")}>
          {(id, hintId) => (
            <select
              id={id}
              aria-describedby={hintId}
              value={fields.provider}
              onChange={event => choose(event.currentTarget.value)}
            >
              <option value="">{t("Another one")}</option>
              <For each={listed()}>
                {({ name }) => (
                  <option value={name} selected={name === fields.provider}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
        <TextField
          label={t("Server")}
          value={fields.server}
          onValue={value => set("server", value)}
          placeholder="smtp.example.com"
          required={fields.enabled}
        />
        <NumberField
          label={t("Port")}
          showLabel
          value={fields.port}
          onValue={value => set("port", value ?? 587)}
          placeholder="587"
        />
        <Field label={t("Encryption")}>
          {id => (
            <select
              id={id}
              value={safety()}
              onChange={event => {
                const chosen = event.currentTarget.value as Safety;
                set({ tls: chosen === "tls", startTLS: chosen === "starttls" });
              }}
            >
              <option value="starttls">{t("STARTTLS (usually port 587)")}</option>
              <option value="tls">{t("TLS from the first byte (usually port 465)")}</option>
              <option value="none">{t("None, unless the server offers it")}</option>
            </select>
          )}
        </Field>
        <Check
          label={t("Check the server's certificate")}
          checked={fields.verifyCertificate}
          onChecked={isOn => set("verifyCertificate", isOn)}
        />
        <TextField
          label={t("User")}
          value={fields.username}
          onValue={value => set("username", value)}
          placeholder={t("None")}
        />
        <TextField
          label={t("Password")}
          value={fields.password}
          onValue={value => set("password", value)}
          placeholder={props.settings.username === "" ? "" : t("Kept")}
          hint={t("Empty: as it is. It is never shown.")}
          secret
        />
        <TextField
          label={t("From")}
          value={fields.from}
          onValue={value => set("from", value)}
          placeholder="pulse@example.com"
          required={fields.enabled}
        />
        <Field label={t("To")} hint={t("An address a line. Empty: to the sender.")}>
          {(id, hintId) => (
            <textarea
              id={id}
              rows={3}
              spellcheck={false}
              aria-describedby={hintId}
              value={fields.to}
              onInput={event => set("to", event.currentTarget.value)}
            />
          )}
        </Field>
        <ChoiceFields
          minLevel={fields.minLevel}
          sendResolved={fields.sendResolved}
          onMinLevel={level => set("minLevel", level)}
          onSendResolved={isOn => set("sendResolved", isOn)}
        />
        <div class="whole">
          <FormButtons draft={draft}>
            <button
              type="button"
              class="button"
              disabled={testing() || fields.server === ""}
              onClick={() => void test()}
            >
              {testing() ? t("Sending…") : t("Send a test")}
            </button>
          </FormButtons>
          <Show when={tested()}>{said => <TestResults said={said()} />}</Show>
        </div>
      </form>
    </Panel>
  );
}

function toInput({ to, password, ...fields }: Entered) {
  const addresses = to.split(/[\s,;]+/).filter(address => address !== "");
  return { ...fields, to: addresses, ...(password === "" ? {} : { password }) };
}

function toSettings({ smtpHost, smtpPort, tls, startTLS }: EmailProvider) {
  return { server: smtpHost, port: smtpPort, tls, startTLS };
}
