import { createSignal, For, type JSX, Show } from "solid-js";
import type { ChannelHealth } from "../../model/notification.ts";
import { createReading } from "../live/reading.ts";
import { AskingButton } from "../security/asking.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { HealthMark, HealthText, TestResults } from "./channel-health.tsx";
import { type NotificationConfig, readTemplates, removeWebhook, type TestResult, testChannels } from "./notify-api.ts";
import { WebhookForm } from "./webhook-form.tsx";

const NEW = "new";

type ToldWebhook = NotificationConfig["webhooks"][number];

/** All webhooks. */
export function WebhooksPanel(props: {
  webhooks: readonly ToldWebhook[];
  healthOf: (channel: string) => ChannelHealth | null;
  onChanged: () => void;
}): JSX.Element {
  const templates = createReading(readTemplates);
  const [edited, setEdited] = createSignal<string | null>(null);
  const listed = () => templates.told() ?? [];
  const close = () => setEdited(null);
  const saved = () => {
    close();
    props.onChanged();
  };
  return (
    <Panel
      id="webhooks"
      help={t(
        "Pulse calls an address with what the service wants to be told. A test does that at once, and shows what came back. What a receiver does not take is tried again for some hours; Deliveries tells what became of it.",
      )}
      docs="notifications#webhooks"
      title={t("Webhooks")}
      count={String(props.webhooks.length)}
      tools={
        <Show when={edited() !== NEW}>
          <button type="button" class="button push" onClick={() => setEdited(NEW)}>
            {t("Add a webhook")}
          </button>
        </Show>
      }
    >
      <Show when={edited() === NEW}>
        <WebhookForm before={null} templates={listed()} onSaved={saved} onCancel={close} />
      </Show>
      <ul class="instances">
        <For each={props.webhooks.map(({ id }) => id)}>
          {id => (
            <Show when={props.webhooks.find(one => one.id === id)}>
              {webhook => (
                <li>
                  <WebhookLine
                    webhook={webhook()}
                    name={listed().find(({ service }) => service === webhook().service)?.name ?? webhook().service}
                    health={props.healthOf(id)}
                    onEdit={() => setEdited(edited() === id ? null : id)}
                    onChanged={props.onChanged}
                  />
                  <Show when={edited() === id}>
                    <WebhookForm before={webhook()} templates={listed()} onSaved={saved} onCancel={close} />
                  </Show>
                </li>
              )}
            </Show>
          )}
        </For>
      </ul>
      <Show when={props.webhooks.length === 0 && edited() === null}>
        <p class="nothing">{t("Discord, Slack, Teams, Telegram, ntfy, Gotify, PagerDuty… or whatever takes JSON.")}</p>
      </Show>
    </Panel>
  );
}

function WebhookLine(props: {
  webhook: ToldWebhook;
  /** Of its service. */
  name: string;
  health: ChannelHealth | null;
  onEdit: () => void;
  onChanged: () => void;
}): JSX.Element {
  const [tested, setTested] = createSignal<{ results: TestResult[]; error: string | null } | null>(null);
  const [testing, setTesting] = createSignal(false);
  const test = async () => {
    setTesting(true);
    setTested(await testChannels({ method: "webhook", webhookId: props.webhook.id }));
    setTesting(false);
    props.onChanged();
  };
  return (
    <div class="instance">
      <HealthMark health={props.health} />
      <div class="instance-text">
        <strong>{props.webhook.name}</strong> <span class="tag">{props.name}</span>
        <Show when={props.webhook.minLevel === "critical"}>
          {" "}
          <span class="tag">{t("critical only")}</span>
        </Show>
        <p>
          <HealthText health={props.health} />
        </p>
        <TestResults said={tested()} />
      </div>
      <button type="button" class="button" disabled={testing()} onClick={() => void test()}>
        {testing() ? t("Sending…") : t("Test")}
      </button>
      <Show
        when={props.webhook.lockedBy === undefined}
        fallback={<span class="muted">{t("set in {lockedBy}", { lockedBy: props.webhook.lockedBy })}</span>}
      >
        <button type="button" class="button" onClick={() => props.onEdit()}>
          {t("Change")}
        </button>
        <AskingButton
          label={t("Remove")}
          question={t("Remove it?")}
          confirm={t("Remove")}
          does={() => removeWebhook(props.webhook.id)}
          onDone={props.onChanged}
        />
      </Show>
    </div>
  );
}
