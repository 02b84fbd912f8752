import { createSignal, For, type JSX } from "solid-js";
import type { ChannelHealth } from "../../model/notification.ts";
import { Panel } from "../ui/panel.tsx";
import { Said } from "../words/said.tsx";
import { t } from "../words/words.ts";
import { HealthText, TestResults } from "./channel-health.tsx";
import { type TestResult, testChannels } from "./notify-api.ts";

/** A channel that something else sets: what it is, how it fares, and a test of it. */
export function LockedChannel(props: {
  by: string;
  method: "email" | "apprise";
  title: string;
  health: ChannelHealth | null;
  enabled: boolean;
  /** Those without a value are left out. */
  facts: readonly (readonly [name: string, value: string])[];
}): JSX.Element {
  const [tested, setTested] = createSignal<{ results: TestResult[]; error: string | null } | null>(null);
  const [testing, setTesting] = createSignal(false);
  const test = async () => {
    setTesting(true);
    setTested(await testChannels({ method: props.method }));
    setTesting(false);
  };
  const facts = () => [...props.facts, [t("Sends"), props.enabled ? t("yes") : t("no")] as const];
  return (
    <Panel id={props.method} title={props.title} tools={<HealthText health={props.health} />}>
      <div class="form wide">
        <p class="muted">
          <Said text={t("Set in {by}, and changed there.")} parts={{ by: <strong>{props.by}</strong> }} />
        </p>
        <dl class="locked-facts">
          <For each={facts().filter(([, value]) => value !== "")}>
            {([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            )}
          </For>
        </dl>
        <div class="form-buttons">
          <button type="button" class="button" disabled={testing()} onClick={() => void test()}>
            {testing() ? t("Sending…") : t("Send a test")}
          </button>
        </div>
        <TestResults said={tested()} />
      </div>
    </Panel>
  );
}
