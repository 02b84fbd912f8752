import { createEffect, createResource, createSignal, For, type JSX, on, onCleanup, Show } from "solid-js";
import { SECOND } from "../../kit/units.ts";
import type { Delivery } from "../../model/notification.ts";
import { formatDuration, formatMoment, formatTime } from "../format/format.ts";
import { isRefused } from "../live/ask.ts";
import { useLive } from "../live/live.ts";
import { ById } from "../ui/by-id.tsx";
import { Field } from "../ui/field.tsx";
import { Panel } from "../ui/panel.tsx";
import { ScrollTable } from "../ui/scroll-table.tsx";
import { createUrlState } from "../ui/url-state.ts";
import { plural, t, told } from "../words/words.ts";
import { readDeliveries, readHealth, retryDelivery } from "./notify-api.ts";

const PAGE = 100;
const STATUSES: { readonly [S in Delivery["status"]]: readonly [word: string, look: string] } = {
  waiting: [t("waiting"), ""],
  sending: [t("sending"), ""],
  delivered: [t("delivered"), "good"],
  failed: [t("failed"), "critical"],
  cancelled: [t("cancelled"), ""],
};
const REASONS: { readonly [R in Delivery["reason"]]: string } = {
  firing: t("fires"),
  resolved: t("all is well"),
  reminder: t("reminder"),
  escalation: t("escalation"),
  test: t("test"),
  canary: t("sign of life"),
};

/** Services that are called as their channel. */
const OWN_NAMES: ReadonlySet<string> = new Set(["email", "apprise", "push"]);

/** Every notification and what became of it, the newest first; read anew every ten seconds. */
export function DeliveryLog(): JSX.Element {
  const [status, setStatus] = createUrlState("status");
  const [channel, setChannel] = createUrlState("channel");
  const [older, setOlder] = createSignal<readonly Delivery[]>([]);
  const [isAll, setAll] = createSignal(false);
  const [health] = createResource(readHealth);
  const asked = () => ({ status: status(), channel: channel(), limit: PAGE });
  const [newest, { refetch }] = createResource(asked, readDeliveries);
  createEffect(
    on([status, channel], () => {
      setOlder([]);
      setAll(false);
    }),
  );
  const timer = setInterval(() => void refetch(), 10 * SECOND);
  onCleanup(() => clearInterval(timer));
  const first = () => {
    const said = newest.latest;
    return said === undefined || isRefused(said) ? [] : said;
  };
  const problem = () => (newest.latest !== undefined && isRefused(newest.latest) ? newest.latest.error : null);
  const deliveries = () => {
    const last = first().at(-1)?.id ?? Number.POSITIVE_INFINITY;
    return [...first(), ...older().filter(({ id }) => id < last)];
  };
  const more = async () => {
    const last = deliveries().at(-1);
    if (!last) return;
    const said = await readDeliveries({ ...asked(), before: last.id });
    if (isRefused(said)) return;
    setOlder([...older(), ...said]);
    setAll(said.length < PAGE);
  };
  const channels = () => {
    const said = health.latest;
    return said === undefined || isRefused(said) ? [] : said;
  };
  return (
    <Panel id="deliveries" title={t("Deliveries")}>
      <div class="form audit-filter">
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
              <For each={channels()}>
                {one => (
                  <option value={one.channel} selected={one.channel === channel()}>
                    {one.name}
                  </option>
                )}
              </For>
            </select>
          )}
        </Field>
      </div>
      <Show when={problem()}>{why => <p class="form-problem panel-note">{why()}</p>}</Show>
      <ScrollTable caption={t("Deliveries")} class="wide-table deliveries">
        <thead>
          <tr>
            <th scope="col">{t("When")}</th>
            <th scope="col">{t("Status")}</th>
            <th scope="col">{t("Channel")}</th>
            <th scope="col">{t("Why")}</th>
            <th scope="col">{t("What")}</th>
            <th scope="col">{t("Tries")}</th>
            <th scope="col">
              <span class="visually-hidden">{t("Send again")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          <ById
            each={deliveries()}
            idOf={({ id }) => String(id)}
            fallback={
              <tr>
                <td colSpan={7} class="nothing">
                  {status() === "" && channel() === ""
                    ? t("Nobody has been told anything yet.")
                    : t("Nothing is like that.")}
                </td>
              </tr>
            }
          >
            {delivery => <DeliveryRow delivery={delivery()} onRetried={() => void refetch()} />}
          </ById>
        </tbody>
      </ScrollTable>
      <Show when={!isAll() && deliveries().length >= PAGE}>
        <p>
          <button type="button" class="button quiet more" onClick={() => void more()}>
            {t("Load more")}
          </button>
        </p>
      </Show>
    </Panel>
  );
}

function DeliveryRow(props: { delivery: Delivery; onRetried: () => void }): JSX.Element {
  const live = useLive();
  const [problem, setProblem] = createSignal<string | null>(null);
  const one = () => props.delivery;
  const retry = async () => {
    const said = await retryDelivery(one().id);
    setProblem(isRefused(said) ? said.error : null);
    props.onRetried();
  };
  const next = () => {
    const at = one().nextTry;
    return at === null
      ? ""
      : at <= live.now()
        ? t("next now")
        : t("next in {at}", { at: formatDuration(at - live.now()) });
  };
  return (
    <tr>
      <td class="number" title={formatTime(one().queuedAt)}>
        {formatMoment(one().queuedAt, live.now())}
      </td>
      <td>
        <span class={`status-word ${STATUSES[one().status][1]}`}>{STATUSES[one().status][0]}</span>
      </td>
      <td>
        {one().channelName} <span class="muted">{OWN_NAMES.has(one().service) ? "" : one().service}</span>
      </td>
      <td>{REASONS[one().reason]}</td>
      <td class="delivery-what">
        {one().title}
        <Show when={one().alertIds.length > 1}>
          <span class="muted"> ({plural(one().alertIds.length, "alert")})</span>
        </Show>
        <Show when={one().error ?? problem()}>
          {why => <span class={one().status === "failed" ? "form-problem" : "muted"}> · {told(why())}</span>}
        </Show>
        <Show when={one().duplicatePossible}>
          <span class="muted"> · {t("may have come twice")}</span>
        </Show>
      </td>
      <td class="number" data-say={t("tries:")}>
        {one().attempts}
        <Show when={one().statusCode}>{code => <span class="muted"> ({code()})</span>}</Show>
        <span class="muted"> {next()}</span>
      </td>
      <td>
        <Show when={one().status === "failed"}>
          <button type="button" class="button" onClick={() => void retry()}>
            {t("Send again")}
          </button>
        </Show>
      </td>
    </tr>
  );
}
