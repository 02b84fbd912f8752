import { createSignal, For, type JSX, Show } from "solid-js";
import { MINUTE } from "../../kit/units.ts";
import type { ChannelHealth } from "../../model/notification.ts";
import { createReading } from "../live/reading.ts";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { AppriseForm } from "./apprise-form.tsx";
import { HealthMark, HealthText, TestResults } from "./channel-health.tsx";
import { EmailForm } from "./email-form.tsx";
import { LinksForm } from "./links-form.tsx";
import { type NotificationConfig, readHealth, readNotifications, type TestResult, testChannels } from "./notify-api.ts";
import { PushPanel } from "./push-panel.tsx";
import { WebhooksPanel } from "./webhooks-panel.tsx";

/** Who is told, and how. */
export function DestinationsTab(): JSX.Element {
  const config = createReading<NotificationConfig>(readNotifications);
  return (
    <Loaded reading={config} what={t("The destinations cannot be read now")} lines={8}>
      {known => <Destinations config={known()} onChanged={config.again} />}
    </Loaded>
  );
}

function Destinations(props: { config: NotificationConfig; onChanged: () => void }): JSX.Element {
  const health = createReading(readHealth, { every: MINUTE / 6 });
  const channels = () => health.told() ?? props.config.channels;
  const healthOf = (channel: string) => channels().find(one => one.channel === channel) ?? null;
  const changed = () => {
    props.onChanged();
    health.again();
  };
  return (
    <>
      <Channels channels={channels()} onTested={health.again} />
      <EmailForm settings={props.config.email} health={healthOf("email")} onSaved={changed} />
      <WebhooksPanel webhooks={props.config.webhooks} healthOf={healthOf} onChanged={changed} />
      <AppriseForm settings={props.config.apprise} health={healthOf("apprise")} onSaved={changed} />
      <PushPanel />
      <LinksForm config={props.config} onSaved={changed} />
    </>
  );
}

/** All channels with how they fare, and a test of all that are on. */
function Channels(props: { channels: readonly ChannelHealth[]; onTested: () => void }): JSX.Element {
  const [busy, setBusy] = createSignal(false);
  const [said, setSaid] = createSignal<{ results: TestResult[]; error: string | null } | null>(null);
  const enabled = () => props.channels.filter(({ enabled }) => enabled);
  const go = async () => {
    setBusy(true);
    setSaid(await testChannels());
    setBusy(false);
    props.onTested();
  };
  return (
    <Panel
      id="channels"
      title={t("Channels")}
      count={enabled().length === 0 ? t("nobody is told yet") : t("{enabled} on", { enabled: enabled().length })}
      tools={
        <button type="button" class="button push" disabled={busy() || enabled().length === 0} onClick={() => void go()}>
          {busy() ? t("Sending…") : t("Test all")}
        </button>
      }
    >
      <Show
        when={props.channels.length > 0}
        fallback={<p class="nothing">{t("Set up e-mail, a webhook or this browser below: then somebody is told.")}</p>}
      >
        <ul class="channels">
          <For each={props.channels}>
            {channel => (
              <li>
                <HealthMark health={channel} />
                <strong>{channel.name}</strong>
                <span class="muted">{channel.service}</span>
                <span class="push">
                  <HealthText health={channel} />
                </span>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <TestResults said={said()} />
    </Panel>
  );
}
