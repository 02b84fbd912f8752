import { For, type JSX } from "solid-js";
import { LANGUAGES } from "../../model/user-settings.ts";
import { Field, TextField } from "../ui/field.tsx";
import { NumberField } from "../ui/number-field.tsx";
import { Panel } from "../ui/panel.tsx";
import { languageName, t } from "../words/words.ts";
import { Check, createForm, FormButtons } from "./channel-fields.tsx";
import { changeNotifications, type NotificationConfig } from "./notify-api.ts";

/** What holds for all channels. */
export function LinksForm(props: { config: NotificationConfig; onSaved: () => void }): JSX.Element {
  const lockOf = (field: string) => props.config.lockedBy?.[field];
  const isLocked = (field: string) => lockOf(field) !== undefined;
  const hint = (field: string, usual: string) =>
    isLocked(field) ? t("Set in {by}, and changed there.", { by: lockOf(field) }) : usual;
  const draft = createForm(
    () => ({
      publicUrl: props.config.publicUrl,
      networks: props.config.allowedPrivateNetworks.join("\n"),
      canary: { ...props.config.canary },
      language: props.config.language,
    }),
    ({ publicUrl, networks, canary, language }) =>
      changeNotifications({
        ...(isLocked("publicUrl") ? {} : { publicUrl: publicUrl.trim() }),
        ...(isLocked("allowedPrivateNetworks")
          ? {}
          : { allowedPrivateNetworks: networks.split(/\s+/).filter(block => block !== "") }),
        ...(isLocked("canary") ? {} : { canary }),
        ...(isLocked("language") ? {} : { language }),
      }),
    props.onSaved,
  );
  const { fields, set } = draft;
  return (
    <Panel
      id="for-all"
      title={t("For all channels")}
      help={t(
        "A webhook is sent by the server, and reaches what the server reaches. Whoever may change webhooks could have it call services of the private network: name the networks that it may reach, where not everybody who signs in is trusted with that.",
      )}
      docs="notifications#where-nothing-is-sent-to"
    >
      <form class="form two" aria-label={t("For all channels")} onSubmit={event => void draft.save(event)}>
        <TextField
          label={t("Address of Pulse")}
          value={fields.publicUrl}
          onValue={value => set("publicUrl", value)}
          placeholder={location.origin}
          hint={hint("publicUrl", t("Links in notifications lead there. Empty: no links."))}
          disabled={isLocked("publicUrl")}
        />
        <Field
          label={t("Private networks that webhooks may reach")}
          hint={hint(
            "allowedPrivateNetworks",
            t("CIDR blocks, one a line. Empty: all private networks; “none”: no private network."),
          )}
        >
          {(id, hintId) => (
            <textarea
              id={id}
              rows={2}
              disabled={isLocked("allowedPrivateNetworks")}
              spellcheck={false}
              aria-describedby={hintId}
              value={fields.networks}
              onInput={event => set("networks", event.currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label={t("Language of messages")}
          hint={hint("language", t("Of mails, webhooks and notifications of browsers, whoever reads them."))}
        >
          {(id, hintId) => (
            <select
              id={id}
              disabled={isLocked("language")}
              aria-describedby={hintId}
              value={fields.language}
              onChange={event => {
                const chosen = LANGUAGES.find(one => one === event.currentTarget.value);
                if (chosen) set("language", chosen);
              }}
            >
              <For each={LANGUAGES}>{one => <option value={one}>{languageName(one)}</option>}</For>
            </select>
          )}
        </Field>
        <Check
          label={t("A daily sign of life")}
          hint={hint("canary", t("By which one notices a channel that swallows what it gets."))}
          disabled={isLocked("canary")}
          checked={fields.canary.enabled}
          onChecked={isOn => set("canary", "enabled", isOn)}
        />
        <NumberField
          label={t("At the hour")}
          showLabel
          unit={t("o'clock")}
          value={fields.canary.hour}
          disabled={!fields.canary.enabled || isLocked("canary")}
          onValue={value => set("canary", "hour", value ?? 8)}
        />
        <div class="whole">
          <FormButtons draft={draft} />
        </div>
      </form>
    </Panel>
  );
}
