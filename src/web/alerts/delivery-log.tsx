import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { Delivery } from "../../model/notification.ts";
import { formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { createLogReading } from "../live/log-reading.ts";
import { createReading } from "../live/reading.ts";
import { Drawer, Fact } from "../ui/drawer.tsx";
import { Field } from "../ui/field.tsx";
import { FormEnd } from "../ui/form-end.tsx";
import { LogTable } from "../ui/log-table.tsx";
import { EmptyState } from "../ui/states.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { plural, t, told } from "../words/words.ts";
import { channelText, DELIVERIES, REASONS, STATUSES, StatusWord, Tries } from "./delivery-columns.tsx";
import { readDeliveries, readHealth, retryDelivery } from "./notify-api.ts";

const PAGE = 100;

/** Every notification and what became of it, the newest first. */
export function DeliveryLog(): JSX.Element {
  const [status, setStatus] = createUrlState("status");
  const [channel, setChannel] = createUrlState("channel");
  const [opened, setOpened] = createUrlState("delivery");
  const health = createReading(readHealth);
  const deliveries = createLogReading<Delivery>(
    before =>
      readDeliveries({
        status: status(),
        channel: channel(),
        limit: PAGE,
        ...(before === null ? {} : { before: before.id }),
      }),
    { size: PAGE, numberOf: ({ id }) => id, key: () => `${status()}\n${channel()}`, every: 10 * SECOND },
  );
  const rows = createMemo(() =>
    (deliveries.told() ?? []).map(of => ({ id: String(of.id), stale: false as const, of })),
  );
  const shown = () => rows().find(({ id }) => id === opened())?.of;
  return (
    <>
      <LogTable
        name="deliveries"
        title={t("Deliveries")}
        reading={deliveries}
        what={t("The deliveries cannot be read now")}
        rows={rows()}
        columns={DELIVERIES}
        sort="-at"
        shown={opened()}
        onShow={id => setOpened(opened() === id ? "" : id, "push")}
        help={t(
          "Each notification that was made for a channel, and what became of it. What cannot be delivered is tried again with growing waits, for some hours. A press on a line tells all of it.",
        )}
        docs="notifications#what-is-promised"
        filters={
          <>
            <Field label={t("Status")}>
              {id => (
                <select id={id} value={status()} onChange={event => setStatus(event.currentTarget.value)}>
                  <option value="">{t("any")}</option>
                  <For each={Object.entries(STATUSES)}>{([key, [word]]) => <option value={key}>{word}</option>}</For>
                </select>
              )}
            </Field>
            <Field label={t("Channel")}>
              {id => (
                <select id={id} value={channel()} onChange={event => setChannel(event.currentTarget.value)}>
                  <option value="">{t("any")}</option>
                  <For each={health.told() ?? []}>
                    {one => (
                      <option value={one.channel} selected={one.channel === channel()}>
                        {one.name}
                      </option>
                    )}
                  </For>
                </select>
              )}
            </Field>
          </>
        }
        empty={
          <Show
            when={status() === "" && channel() === ""}
            fallback={<EmptyState title={t("No delivery is like that")} />}
          >
            <EmptyState
              icon="bell"
              title={t("Nobody has been told anything yet")}
              text={t("Whoever is told of an alert, and whether it came, stands here.")}
            />
          </Show>
        }
      />
      <Show when={shown()}>
        {of => <DeliveryDrawer of={of()} onClose={() => setOpened("", "push")} onRetried={deliveries.again} />}
      </Show>
    </>
  );
}

/** All of one delivery, and a way to send it again. */
function DeliveryDrawer(props: { of: Delivery; onClose: () => void; onRetried: () => void }): JSX.Element {
  const [problem, setProblem] = createSignal<string | null>(null);
  const retry = async () => {
    const said = await retryDelivery(props.of.id);
    setProblem(isRefused(said) ? said.error : null);
    props.onRetried();
  };
  return (
    <Drawer shows={String(props.of.id)} title={props.of.title} onClose={props.onClose}>
      <dl class="facts">
        <Fact name={t("Status")}>
          <StatusWord of={props.of} />
        </Fact>
        <Fact name={t("Channel")}>{channelText(props.of)}</Fact>
        <Fact name={t("Why")}>{REASONS[props.of.reason]}</Fact>
        <Fact name={t("When")}>{formatTime(props.of.queuedAt)}</Fact>
        <Fact name={t("Tries")}>
          <Tries of={props.of} />
        </Fact>
        <Fact name={t("Alerts")}>{plural(props.of.alertIds.length, "alert")}</Fact>
        <Show when={props.of.error}>{why => <Fact name={t("What went wrong")}>{told(why())}</Fact>}</Show>
      </dl>
      <Show when={props.of.duplicatePossible}>
        <p class="muted">{t("It may have come twice.")}</p>
      </Show>
      <Show when={props.of.status === "failed"}>
        <FormEnd problem={problem()}>
          <button type="button" class="button" onClick={() => void retry()}>
            {t("Send again")}
          </button>
        </FormEnd>
      </Show>
    </Drawer>
  );
}
