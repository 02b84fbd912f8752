import { For, type JSX, Show } from "solid-js";
import { useLive } from "../live/live.ts";
import { createReading } from "../live/reading.ts";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Panel } from "../ui/panel.tsx";
import { t } from "../words/words.ts";
import { readStatus, type Status } from "./security-api.ts";

interface Finding {
  good: boolean;
  text: string;
  /** What to do about it; null: nothing. */
  advice: string | null;
}

/** How this server stands, in a few sentences: what is well, and what to do about the rest. */
export function Posture(): JSX.Element {
  const live = useLive();
  const status = createReading(readStatus, { key: () => JSON.stringify(live.session()) });
  return (
    <Panel
      id="posture"
      help={t(
        "What others can see or read on the way. Behind a reverse proxy, name it in TRUSTED_PROXIES: otherwise all its visitors count as one address, and HTTPS is not noticed. A proxy that knows its visitors may also sign them in.",
      )}
      docs="configuration#behind-a-proxy"
      title={t("How this server stands")}
    >
      <Loaded reading={status} what={t("How this server stands cannot be read now")} lines={3}>
        {known => (
          <ul class="posture">
            <For each={findings(known())}>
              {finding => (
                <li class={finding.good ? "good" : "warning"}>
                  <Icon name={finding.good ? "check" : "warning"} />
                  <span>
                    {finding.text}
                    <Show when={finding.advice}>{advice => <span class="muted"> {advice()}</span>}</Show>
                  </span>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function findings(status: Status): Finding[] {
  return [
    status.hasAuthentication
      ? status.requiresAuth
        ? { good: true, text: t("Nobody gets in without signing in."), advice: null }
        : { good: false, text: t("Anybody may look."), advice: t("Set up a user to close that.") }
      : {
          good: false,
          text: t("Sign-in is not set up: only the machine that Pulse runs on gets in."),
          advice: t("Set it up below."),
        },
    status.hasHTTPS
      ? { good: true, text: t("This connection is encrypted."), advice: null }
      : {
          good: false,
          text: t("This connection is not encrypted: passwords travel as text."),
          advice: t("Use a reverse proxy with TLS, or HTTPS_ENABLED with a certificate."),
        },
    status.credentialsEncrypted
      ? { good: true, text: t("Kept passwords and tokens of Proxmox are sealed with AES-256-GCM."), advice: null }
      : { good: false, text: t("Kept passwords are not sealed."), advice: null },
    ...(status.publicAccess
      ? [
          {
            good: false,
            text: t("You come from a public address."),
            advice: t("Is this server meant to be on the internet?"),
          },
        ]
      : []),
  ];
}
