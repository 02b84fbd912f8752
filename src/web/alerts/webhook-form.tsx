import { createEffect, createMemo, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import type { Webhook, WebhookInput, WebhookService } from "../../model/channel.ts";
import { isRefused } from "../live/ask.ts";
import { Field, TextField } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import { t, told } from "../words/words.ts";
import { Check, ChoiceFields, createForm, FormButtons } from "./channel-fields.tsx";
import {
  type Preview,
  previewWebhook,
  saveWebhook,
  testWebhook,
  type WebhookTemplate,
  type WebhookTest,
} from "./notify-api.ts";

/** Fields of their own that services want, beside the address. */
const CUSTOM: Partial<Readonly<Record<WebhookService, readonly [key: string, label: string, hint: string][]>>> = {
  pagerduty: [["routing_key", t("Integration key"), t("Of the service, an integration of the kind Events API v2")]],
  pushover: [
    ["token", t("Application token"), t("Of your application at pushover.net")],
    ["user", t("User key"), t("Of the user or group that is told")],
  ],
  matrix: [["access_token", t("Access token"), t("Of the account that speaks")]],
};

type Pair = { name: string; value: string };
interface Entered {
  name: string;
  url: string;
  method: Webhook["method"];
  headers: Pair[];
  enabled: boolean;
  service: WebhookService;
  template: string;
  customFields: Record<string, string>;
  minLevel: "warning" | "critical";
  sendResolved: boolean;
}

/** Adds a webhook, or changes one. Secrets show as *** and stay what they are when they are sent back so. */
export function WebhookForm(props: {
  before: Webhook | null;
  templates: readonly WebhookTemplate[];
  onSaved: () => void;
  onCancel: () => void;
}): JSX.Element {
  const id = () => props.before?.id;
  const draft = createForm<Entered>(
    () => toEntered(props.before),
    fields => saveWebhook(toInput(fields), id()),
    props.onSaved,
  );
  const { fields, set } = draft;
  /** At first; from then on the reader opens and closes it. */
  const isOpen = fields.headers.length > 0 || fields.template !== "";
  const [tested, setTested] = createSignal<WebhookTest | { success: false; error: string } | null>(null);
  const [testing, setTesting] = createSignal(false);
  const template = () => props.templates.find(({ service }) => service === fields.service) ?? null;
  const withId = (): WebhookInput => ({ ...toInput(fields), ...(id() === undefined ? {} : { id: id() as string }) });
  const test = async () => {
    setTesting(true);
    const said = await testWebhook(withId());
    setTested(
      isRefused(said) && said.payload === undefined ? { success: false, error: said.error } : (said as WebhookTest),
    );
    setTesting(false);
  };
  return (
    <form
      class="form two"
      aria-label={props.before ? t("Change a webhook") : t("Add a webhook")}
      onSubmit={event => void draft.save(event)}
    >
      <Field label={t("Service")} hint={told(template()?.instructions ?? "")}>
        {(fieldId, hintId) => (
          <select
            id={fieldId}
            aria-describedby={hintId}
            value={fields.service}
            onChange={event => set("service", event.currentTarget.value as WebhookService)}
          >
            <For each={props.templates}>
              {({ service, name }) => (
                <option value={service} selected={service === fields.service}>
                  {name}
                </option>
              )}
            </For>
          </select>
        )}
      </Field>
      <TextField
        label={t("Name")}
        value={fields.name}
        onValue={value => set("name", value)}
        placeholder={template()?.name ?? t("Webhook")}
        required
      />
      <div class="whole">
        <TextField
          label={t("Address")}
          value={fields.url}
          onValue={value => set("url", value)}
          placeholder={template()?.urlPattern || "https://example.com/hook"}
          hint={t("May have template fields, as {{.Message | urlquery}}.")}
          required
        />
      </div>
      <For each={CUSTOM[fields.service] ?? []}>
        {([key, label, hint]) => (
          <TextField
            label={label}
            value={fields.customFields[key] ?? ""}
            onValue={value => set("customFields", key, value)}
            hint={hint}
          />
        )}
      </For>
      <ChoiceFields
        minLevel={fields.minLevel}
        sendResolved={fields.sendResolved}
        onMinLevel={level => set("minLevel", level)}
        onSendResolved={isOn => set("sendResolved", isOn)}
      />
      <Check label={t("On")} checked={fields.enabled} onChecked={isOn => set("enabled", isOn)} />
      <details class="form-more whole" open={isOpen}>
        <summary>{t("Method, headers and template")}</summary>
        <div class="form two inner">
          <Field label={t("Method")}>
            {fieldId => (
              <select
                id={fieldId}
                value={fields.method}
                onChange={event => set("method", event.currentTarget.value as Webhook["method"])}
              >
                <option>POST</option>
                <option>PUT</option>
                <option>GET</option>
              </select>
            )}
          </Field>
          <Headers
            headers={fields.headers}
            onSet={(index, field, value) => set("headers", index, field, value)}
            onAdd={() => set("headers", headers => [...headers, { name: "", value: "" }])}
            onRemove={index => set("headers", headers => headers.filter((_, at) => at !== index))}
          />
          <TemplateField
            input={withId()}
            byDefault={template()?.payloadTemplate ?? ""}
            onTemplate={text => set("template", text)}
          />
        </div>
      </details>
      <div class="whole">
        <FormButtons draft={draft} saves={props.before ? t("Save") : t("Add")}>
          <button type="button" class="button" disabled={testing() || fields.url === ""} onClick={() => void test()}>
            {testing() ? t("Sending…") : t("Send a test")}
          </button>
          <button type="button" class="button quiet" onClick={() => props.onCancel()}>
            {t("Cancel")}
          </button>
        </FormButtons>
        <div role="status">
          <Show when={tested()}>{said => <Tested said={said()} />}</Show>
        </div>
      </div>
    </form>
  );
}

function Tested(props: { said: Partial<WebhookTest> & { success: boolean } }): JSX.Element {
  return (
    <div class="test-results">
      <p class={props.said.success ? "form-good" : "form-problem"}>
        {props.said.success
          ? props.said.status
            ? t("It was taken, with {status}.", { status: props.said.status })
            : t("It was taken.")
          : props.said.error
            ? told(props.said.error)
            : t("The receiver answered with {status}.", { status: props.said.status })}
      </p>
      <Show when={props.said.response}>
        {text => (
          <details class="form-more">
            <summary>{t("What it answered")}</summary>
            <pre>{text()}</pre>
          </details>
        )}
      </Show>
    </div>
  );
}

function Headers(props: {
  headers: readonly Pair[];
  onSet: (index: number, field: keyof Pair, value: string) => void;
  onAdd: () => void;
  onRemove: (index: number) => void;
}): JSX.Element {
  return (
    <fieldset class="pairs">
      <legend>{t("Headers")}</legend>
      <For each={props.headers.map((_, index) => index)}>
        {index => (
          <div class="pair-row field">
            <input
              aria-label={t("Name of header {index}", { index: index + 1 })}
              placeholder="Authorization"
              autocomplete="off"
              value={props.headers[index]?.name ?? ""}
              onInput={event => props.onSet(index, "name", event.currentTarget.value)}
            />
            <input
              aria-label={t("Value of header {index}", { index: index + 1 })}
              placeholder="Bearer …"
              autocomplete="off"
              value={props.headers[index]?.value ?? ""}
              onInput={event => props.onSet(index, "value", event.currentTarget.value)}
            />
            <button
              type="button"
              class="icon-button"
              aria-label={t("Remove header {index}", { index: index + 1 })}
              onClick={() => props.onRemove(index)}
            >
              <Icon name="close" />
            </button>
          </div>
        )}
      </For>
      <button type="button" class="button quiet" onClick={() => props.onAdd()}>
        {t("Add a header")}
      </button>
    </fieldset>
  );
}

/** The template, and beside it what it makes of an example, as it is typed. */
function TemplateField(props: {
  input: WebhookInput;
  byDefault: string;
  onTemplate: (text: string) => void;
}): JSX.Element {
  const [preview, setPreview] = createSignal<Preview | null>(null);
  const asked = createMemo(() => JSON.stringify(props.input));
  let newest = 0;
  const look = async () => {
    newest += 1;
    const mine = newest;
    if (!props.input.url) return;
    const said = await previewWebhook(props.input);
    if (mine === newest) setPreview(said);
  };
  createEffect(
    on(asked, () => {
      const timer = setTimeout(() => void look(), 500);
      onCleanup(() => clearTimeout(timer));
    }),
  );
  return (
    <div class="whole template">
      <Field
        label={t("Template")}
        help={t(
          "Leave it empty unless the receiver wants something else than its service usually does. Fields such as {{.Title}} and {{.Text}} are filled in. It is tried with one alert, with several and with resolved ones before it is saved.",
        )}
        docs="notifications#templates"
        hint={t("A Go template, as Pulse 4 has them. Empty: that of the service.")}
      >
        {(id, hintId) => (
          <textarea
            id={id}
            rows={10}
            spellcheck={false}
            aria-describedby={hintId}
            placeholder={props.byDefault}
            value={props.input.template ?? ""}
            onInput={event => props.onTemplate(event.currentTarget.value)}
          />
        )}
      </Field>
      <section class="field" aria-label={t("What it sends")}>
        <p class="muted">{t("What it sends, by the example of an alert")}</p>
        <Show when={preview()} fallback={<p class="hint">{t("Enter the address first.")}</p>}>
          {said => (
            <div role="status">
              <Show
                when={said().error}
                fallback={
                  <p class="form-good">
                    <Icon name="check" /> {t("Nothing is wrong with it.")}
                  </p>
                }
              >
                {why => <p class="form-problem">{told(why())}</p>}
              </Show>
              <Show when={said().payload}>{text => <pre>{text()}</pre>}</Show>
            </div>
          )}
        </Show>
      </section>
    </div>
  );
}

function toEntered(before: Webhook | null): Entered {
  return {
    name: before?.name ?? "",
    url: before?.url ?? "",
    method: before?.method ?? "POST",
    headers: Object.entries(before?.headers ?? {}).map(([name, value]) => ({ name, value })),
    enabled: before?.enabled ?? true,
    service: (before?.service ?? "generic") as WebhookService,
    template: before?.template ?? "",
    customFields: { ...before?.customFields },
    minLevel: before?.minLevel ?? "warning",
    sendResolved: before?.sendResolved ?? true,
  };
}

function toInput({ headers, customFields, ...fields }: Entered): WebhookInput {
  const given = headers.filter(({ name }) => name.trim() !== "");
  const custom = Object.entries(customFields).filter(([, value]) => value !== "");
  return {
    ...fields,
    name: fields.name.trim(),
    url: fields.url.trim(),
    headers: Object.fromEntries(given.map(({ name, value }) => [name.trim(), value])),
    customFields: custom.length === 0 ? null : Object.fromEntries(custom),
  };
}
