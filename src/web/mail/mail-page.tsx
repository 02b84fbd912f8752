import { For, type JSX, Show } from "solid-js";
import type { GatewayNode, MailCount, MailGateway } from "../../model/mail-gateway.ts";
import { formatDuration, formatNumber, formatPercent, formatUptime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { DayBars } from "../ui/day-bars.tsx";
import { Panel } from "../ui/panel.tsx";
import { AddButton, EmptyState } from "../ui/states.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { locale, plural, t, told } from "../words/words.ts";

/** The Mail Gateways: how much mail, how much of it unwanted, and whether it flows. */
export function MailPage(): JSX.Element {
  const { picture } = useLive();
  return (
    <div class="overview">
      <h1 class="visually-hidden">{t("Mail")}</h1>
      <For each={Object.keys(picture().pmg)}>
        {id => <Show when={picture().pmg[id]}>{gateway => <Gateway gateway={gateway()} />}</Show>}
      </For>
      <Show when={Object.keys(picture().pmg).length === 0}>
        <section class="panel">
          <EmptyState
            icon="node"
            title={t("No Proxmox Mail Gateway is watched")}
            text={t(
              "How much mail comes and goes, what was kept out and whether it flows stands here once one is added.",
            )}
          >
            <AddButton href="?page=settings" what={t("Add an instance")} />
          </EmptyState>
        </section>
      </Show>
    </div>
  );
}

function Gateway(props: { gateway: MailGateway }): JSX.Element {
  const gateway = () => props.gateway;
  const entity = () => ({ ...gateway(), lastSeen: Date.parse(gateway().lastSeen) || 0 });
  return (
    <Panel
      id={`gateway-${gateway().id}`}
      title={gateway().name}
      tools={
        <>
          <span class="muted cell-line">
            <StatusDot status={gateway().status} />
            {stateName(gateway().status)}
            {gateway().version ? `, ${gateway().version}` : ""}
          </span>
          <StaleMark entity={entity()} />
        </>
      }
    >
      <Show when={gateway().fault}>{fault => <p class="panel-note form-problem">{told(fault())}</p>}</Show>
      <For each={Object.entries(gateway().faults)}>
        {([part, fault]) => (
          <p class="panel-note muted">
            {part}: {told(fault)}
          </p>
        )}
      </For>
      <Tiles gateway={gateway()} />
      <Hours hours={gateway().mailCount} />
      <Nodes nodes={gateway().nodes} />
    </Panel>
  );
}

function count(value: number | null | undefined): string {
  return value === null || value === undefined ? UNKNOWN : Math.round(value).toLocaleString(locale());
}

function Tiles(props: { gateway: MailGateway }): JSX.Element {
  const stats = () => props.gateway.mailStats;
  const share = (part: number | null | undefined, of: number | null | undefined) =>
    part === null || part === undefined || !of ? "" : formatPercent((part / of) * 100);
  const waiting = () => {
    const totals = props.gateway.nodes.map(({ queueStatus }) => queueStatus?.total ?? null);
    return totals.every(total => total === null) ? null : totals.reduce<number>((sum, total) => sum + (total ?? 0), 0);
  };
  const oldest = () => Math.max(0, ...props.gateway.nodes.map(({ queueStatus }) => queueStatus?.oldestAge ?? 0));
  return (
    <dl class="tiles">
      <Tile name={t("Received, 24 h")} value={count(stats()?.countIn)} />
      <Tile name={t("Sent, 24 h")} value={count(stats()?.countOut)} />
      <Tile name={t("Spam")} value={count(stats()?.spamIn)} note={share(stats()?.spamIn, stats()?.countIn)} />
      <Tile name={t("Viruses")} value={count(stats()?.virusIn)} note={share(stats()?.virusIn, stats()?.countIn)} />
      <Tile name={t("Bounces")} value={count(stats()?.bouncesIn)} />
      <Tile
        name={t("In the queues")}
        value={count(waiting())}
        note={oldest() > 0 ? t("oldest over {duration}", { duration: formatDuration(oldest() * 1000) }) : ""}
        warning={oldest() >= 1800}
      />
      <Tile
        name={t("In quarantine")}
        value={count(props.gateway.quarantine?.spam)}
        note={props.gateway.quarantine ? `${plural(props.gateway.quarantine.virus ?? 0, "virus", "viruses")}` : ""}
      />
    </dl>
  );
}

function Tile(props: { name: string; value: string; note?: string; warning?: boolean }): JSX.Element {
  return (
    <div class="tile">
      <dt>{props.name}</dt>
      <dd classList={{ "status-word warning": props.warning ?? false }}>{props.value}</dd>
      <dd class="tile-note">{props.note}</dd>
    </div>
  );
}

/** Mail by the hour: wanted below, spam above it. */
function Hours(props: { hours: readonly MailCount[] }): JSX.Element {
  const sentence = (hour: MailCount) =>
    `${new Date(hour.timestamp).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" })}: ` +
    t("{received} received, {spam} of them spam", { received: count(hour.countIn), spam: count(hour.spamIn) });
  const bars = () =>
    props.hours.map(hour => ({
      name: new Date(hour.timestamp).getHours(),
      sentence: sentence(hour),
      usual: Math.max(0, (hour.countIn ?? 0) - (hour.spamIn ?? 0)),
      other: hour.spamIn ?? 0,
    }));
  return (
    <Show when={props.hours.length > 0}>
      <DayBars
        label={t("Mail received by the hour")}
        bars={bars()}
        kinds={[t("received"), t("spam")]}
        isFault={false}
      />
    </Show>
  );
}

function Nodes(props: { nodes: readonly GatewayNode[] }): JSX.Element {
  return (
    <Show when={props.nodes.length > 0}>
      <ul class="instances">
        <For each={props.nodes}>
          {node => (
            <li class="instance">
              <StatusDot status={node.status} />
              <div class="instance-text">
                <strong>{node.name}</strong>{" "}
                <span class="muted">
                  {node.role === "-" ? "" : `${node.role}, `}
                  {node.uptime === null
                    ? stateName(node.status)
                    : t("up {uptime}", { uptime: formatUptime(node.uptime) })}
                  {node.loadAvg ? `, ${t("load {load}", { load: loadText(node.loadAvg) })}` : ""}
                </span>
                <Show when={node.error}>{error => <p class="form-problem">{told(error())}</p>}</Show>
              </div>
              <Show when={node.queueStatus}>
                {queue => (
                  <span class="muted">
                    {t("queue: {active} active, {deferred} deferred, {held} held, {incoming} incoming", {
                      active: count(queue().active),
                      deferred: count(queue().deferred),
                      held: count(queue().hold),
                      incoming: count(queue().incoming),
                    })}
                  </span>
                )}
              </Show>
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/** "0.34, 0.32, 0.29" with the reader's decimal sign; what is no number stays as it came. */
function loadText(load: string): string {
  return load
    .split(/,\s*/)
    .map(one => (Number.isNaN(Number(one)) ? one : formatNumber(Number(one), 2)))
    .join(", ");
}
