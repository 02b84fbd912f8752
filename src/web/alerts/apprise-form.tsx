import { createSignal, type JSX } from "solid-js";
import type { AppriseSettings } from "../../model/channel.ts";
import type { ChannelHealth } from "../../model/notification.ts";
import { Field, TextField } from "../ui/field.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { Check, ChoiceFields, createForm, FormButtons } from "./channel-fields.tsx";
import { HealthMark, HealthText, TestResults } from "./channel-health.tsx";
import { LockedChannel } from "./locked-channel.tsx";
import { changeNotifications, type NotificationConfig, type TestResult, testChannels } from "./notify-api.ts";

type Entered = Omit<AppriseSettings, "targets"> & { targets: string };

/** An Apprise API server, which speaks to whatever Apprise knows. */
export function AppriseForm(props: {
  settings: NotificationConfig["apprise"];
  health: ChannelHealth | null;
  onSaved: () => void;
}): JSX.Element {
  const { settings } = props;
  if (settings.lockedBy === undefined) return <EditableApprise {...props} />;
  const { serverUrl, targets, configKey, enabled } = settings;
  return (
    <LockedChannel
      by={settings.lockedBy}
      method="apprise"
      title={t("Apprise")}
      health={props.health}
      enabled={enabled}
      facts={[
        [t("Server"), serverUrl],
        [t("Targets"), targets.length === 0 ? "" : String(targets.length)],
        [t("Configuration key"), configKey],
      ]}
    />
  );
}

function EditableApprise(props: {
  settings: AppriseSettings;
  health: ChannelHealth | null;
  onSaved: () => void;
}): JSX.Element {
  const [tested, setTested] = createSignal<{ results: TestResult[]; error: string | null } | null>(null);
  const draft = createForm<Entered>(
    () => ({ ...props.settings, apiKey: "", targets: props.settings.targets.join("\n") }),
    fields => changeNotifications({ apprise: toInput(fields) }),
    () => {
      draft.set("apiKey", "");
      props.onSaved();
    },
  );
  /** At first; from then on the reader opens and closes it. */
  const isOpen = props.settings.enabled;
  const { fields, set } = draft;
  const test = async () => {
    setTested(await testChannels({ method: "apprise", config: toInput(fields) }));
    props.onSaved();
  };
  return (
    <Panel
      id="apprise"
      help={t(
        "Apprise is a server of its own that speaks to more than a hundred services. Use it for what has no webhook here; otherwise a webhook has one thing less that can be down.",
      )}
      docs="notifications#channels"
      title={t("Apprise")}
      tools={
        <>
          <HealthMark health={props.health} />
          <HealthText health={props.health} />
        </>
      }
    >
      <details class="form-more apprise" open={isOpen}>
        <summary>{t("Through an Apprise API server to whatever Apprise can speak to")}</summary>
        <form class="form two" aria-label={t("Apprise")} onSubmit={event => void draft.save(event)}>
          <div class="whole">
            <Check
              label={t("Send through Apprise")}
              checked={fields.enabled}
              onChecked={isOn => set("enabled", isOn)}
            />
          </div>
          <TextField
            label={t("Server")}
            value={fields.serverUrl}
            onValue={value => set("serverUrl", value)}
            placeholder="http://apprise:8000"
            required={fields.enabled}
          />
          <Field
            label={t("Targets")}
            hint={t("An Apprise URL a line; those kept show as ***. Or a configuration key.")}
          >
            {(id, hintId) => (
              <textarea
                id={id}
                rows={3}
                spellcheck={false}
                aria-describedby={hintId}
                value={fields.targets}
                onInput={event => set("targets", event.currentTarget.value)}
              />
            )}
          </Field>
          <TextField
            label={t("Configuration key")}
            value={fields.configKey}
            onValue={value => set("configKey", value)}
            hint={t("Of a configuration kept at that server, in place of targets.")}
          />
          <TextField
            label={t("API key")}
            value={fields.apiKey}
            onValue={value => set("apiKey", value)}
            placeholder={t("Kept")}
            hint={t("Empty: as it is. It is never shown.")}
            secret
          />
          <TextField
            label={t("Header of the API key")}
            value={fields.apiKeyHeader}
            onValue={value => set("apiKeyHeader", value)}
            placeholder="X-API-KEY"
          />
          <NumberField
            label={t("Patience")}
            showLabel
            unit="s"
            value={fields.timeoutSeconds}
            onValue={value => set("timeoutSeconds", value ?? 15)}
          />
          <Check
            label={t("Take any certificate")}
            checked={fields.skipTlsVerify}
            onChecked={isOn => set("skipTlsVerify", isOn)}
          />
          <ChoiceFields
            minLevel={fields.minLevel}
            sendResolved={fields.sendResolved}
            onMinLevel={level => set("minLevel", level)}
            onSendResolved={isOn => set("sendResolved", isOn)}
          />
          <div class="whole">
            <FormButtons draft={draft}>
              <button type="button" class="button" disabled={fields.serverUrl === ""} onClick={() => void test()}>
                {t("Send a test")}
              </button>
            </FormButtons>
            <TestResults said={tested()} />
          </div>
        </form>
      </details>
    </Panel>
  );
}

function toInput({ targets, apiKey, ...fields }: Entered) {
  return {
    ...fields,
    targets: targets.split(/\s+/).filter(target => target !== ""),
    ...(apiKey === "" ? {} : { apiKey }),
  };
}
