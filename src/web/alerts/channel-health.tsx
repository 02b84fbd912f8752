import { For, type JSX, Show } from "solid-js";
import type { Instant } from "../../kit/units.ts";
import type { ChannelHealth } from "../../model/notification.ts";
import { formatAgo, formatTime } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Problem } from "../ui/form-end.tsx";
import { plural, t, told } from "../words/words.ts";
import type { TestResult } from "./notify-api.ts";

function lookOf(health: ChannelHealth | null): "off" | "good" | "critical" {
  if (!health?.enabled) return "off";
  return health.error === null ? "good" : "critical";
}

export function HealthMark(props: { health: ChannelHealth | null }): JSX.Element {
  const word = () => ({ off: t("off"), good: t("well"), critical: t("fails") })[lookOf(props.health)];
  return (
    <span class={`dot ${lookOf(props.health)}`} title={word()}>
      <span class="visually-hidden">{word()}</span>
    </span>
  );
}

/** When it was last heard of, and what is wrong with it. */
export function HealthText(props: { health: ChannelHealth | null }): JSX.Element {
  const live = useLive();
  return (
    <Show when={props.health}>
      {health => (
        <>
          <Show when={health().error}>{why => <span class="status-word critical">{told(why())} </span>}</Show>
          <span
            class="muted"
            title={health().lastDelivered === null ? undefined : formatTime(health().lastDelivered ?? 0)}
          >
            {healthText(health(), live.now())}
          </span>
        </>
      )}
    </Show>
  );
}

function healthText({ enabled, lastDelivered, waiting }: ChannelHealth, now: Instant): string {
  const parts = [
    enabled ? "" : t("off"),
    lastDelivered === null
      ? t("nothing delivered yet")
      : t("last delivered {ago}", { ago: formatAgo(lastDelivered, now) }),
    waiting > 0 ? t("{notifications} waiting", { notifications: plural(waiting, "notification") }) : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** What became of tests. */
export function TestResults(props: {
  said: { results: readonly TestResult[]; error: string | null } | null;
}): JSX.Element {
  return (
    <div role="status" class="test-results">
      <Show when={props.said}>
        {said => (
          <>
            <For each={said().results}>
              {({ name, success, statusCode, error }) => (
                <p class={success ? "form-good" : "form-problem"}>
                  {success
                    ? t("{name} has taken the test.", { name })
                    : `${name}: ${error ? told(error) : statusCode ? t("it answered {statusCode}", { statusCode }) : t("it answered nothing")}`}
                </p>
              )}
            </For>
            <Problem why={said().results.length === 0 && said().error} />
          </>
        )}
      </Show>
    </div>
  );
}
