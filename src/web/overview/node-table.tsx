import { createMemo, createSignal, For, type JSX, Show } from "solid-js";
import type { Node } from "../../model/node.ts";
import { AlertBadge } from "../alerts/alert-marks.tsx";
import { formatBytes, formatNumber, formatUptime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { TrendSpark } from "../trends/trends.tsx";
import { Icon } from "../ui/icon.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { StaleMark, StatusDot } from "../ui/status.tsx";
import { stateName } from "../words/states.ts";
import { locale, plural, t } from "../words/words.ts";
import { guestsOf, toNodes } from "./rows.ts";

/** More nodes than that are folded at first; those in trouble come first anyhow. */
const AT_FIRST = 8;

/** All nodes, a line each. */
export function NodeTable(props: { shown: string; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const [all, setAll] = createSignal(false);
  const nodes = createMemo(() => toNodes(live.picture()));
  const listed = () => (all() || nodes().length <= AT_FIRST + 2 ? nodes() : nodes().slice(0, AT_FIRST));
  const severalInstances = createMemo(() => Object.keys(live.picture().instances).length > 1);
  const guests = createMemo(() => countGuests(live.picture()));
  return (
    <section class="panel" aria-labelledby="nodes-title">
      <header class="panel-head">
        <h2 id="nodes-title">{t("Nodes")}</h2>
        <span class="count">{nodes().length.toLocaleString(locale())}</span>
      </header>
      <table class="grid nodes">
        <thead>
          <tr>
            <th scope="col">{t("Node")}</th>
            <th scope="col" class="c-uptime">
              {t("Uptime")}
            </th>
            <th scope="col" class="c-cpu">
              {t("CPU")}
            </th>
            <th scope="col" class="c-memory">
              {t("Memory")}
            </th>
            <th scope="col" class="c-disk">
              {t("Root disk")}
            </th>
            <th scope="col" class="c-load">
              {t("Load")}
            </th>
            <th scope="col" class="c-guests">
              {t("Guests")}
            </th>
            <th scope="col" class="c-version">
              {t("Version")}
            </th>
          </tr>
        </thead>
        <tbody>
          <For each={listed().map(node => node.id)}>
            {id => (
              <Show when={live.picture().nodes[id]} keyed={false}>
                {node => (
                  <NodeRow
                    node={node()}
                    severalInstances={severalInstances()}
                    guests={guests().get(id) ?? { running: 0, total: 0 }}
                    isShown={props.shown === id}
                    onShow={() => props.onShow(id)}
                  />
                )}
              </Show>
            )}
          </For>
        </tbody>
      </table>
      <Show when={nodes().length > AT_FIRST + 2}>
        <button type="button" class="button quiet more" aria-expanded={all()} onClick={() => setAll(!all())}>
          {all() ? t("Show fewer") : t("Show all {count}", { count: plural(nodes().length, "node") })}
        </button>
      </Show>
    </section>
  );
}

function NodeRow(props: {
  node: Node;
  severalInstances: boolean;
  guests: { running: number; total: number };
  isShown: boolean;
  onShow: () => void;
}): JSX.Element {
  const memory = () => props.node.memory;
  const disk = () => props.node.disk;
  const online = () => props.node.status === "online";
  return (
    <tr class="row" classList={{ stale: props.node.stale, shown: props.isShown }} onClick={() => props.onShow()}>
      <td class="c-name">
        <StatusDot status={props.node.status} />
        <button
          type="button"
          class="name"
          onClick={event => {
            event.stopPropagation();
            props.onShow();
          }}
        >
          {props.node.displayName}
        </button>
        <Show when={props.severalInstances && props.node.instance !== props.node.displayName}>
          <span class="muted">{props.node.instance}</span>
        </Show>
        <Show when={!online()}>
          <span class="status-word critical">{stateName(props.node.status)}</span>
        </Show>
        <AlertBadge id={props.node.id} />
        <StaleMark entity={props.node} />
      </td>
      <td class="c-uptime number">{online() ? formatUptime(props.node.uptime) : UNKNOWN}</td>
      <td class="c-cpu">
        <Meter
          percent={props.node.cpu === null ? null : props.node.cpu * 100}
          limits={CPU_LIMITS}
          title={props.node.cpuInfo ? t("of {what}", { what: plural(props.node.cpuInfo.cores, "thread") }) : undefined}
        />
        <TrendSpark id={props.node.id} metric="cpu" />
      </td>
      <td class="c-memory">
        <Meter percent={memory()?.usage ?? null} limits={MEMORY_LIMITS} />
        <TrendSpark id={props.node.id} metric="memory" />
        <span class="beside">
          {memory()
            ? t("{used} of {total}", {
                used: formatBytes(memory()?.used ?? null),
                total: formatBytes(memory()?.total ?? null),
              })
            : ""}
        </span>
      </td>
      <td class="c-disk">
        <Meter percent={disk()?.usage ?? null} limits={DISK_LIMITS} />
        <span class="beside">
          {disk()
            ? t("{used} of {total}", {
                used: formatBytes(disk()?.used ?? null),
                total: formatBytes(disk()?.total ?? null),
              })
            : ""}
        </span>
      </td>
      <td class="c-load number" title={t("1, 5 and 15 minutes")}>
        {props.node.loadAverage?.map(load => formatNumber(load, 1)).join("  ") ?? UNKNOWN}
      </td>
      <td class="c-guests number">
        {props.guests.running}
        <span class="muted">/{props.guests.total}</span>
      </td>
      <td class="c-version muted">
        {props.node.pveVersion?.replace(/^pve-manager\//, "").split("/")[0] ?? UNKNOWN}
        <Show when={props.node.host}>
          {host => (
            <a
              class="icon-link"
              href={host()}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={t("Open {name} in Proxmox VE", { name: props.node.displayName })}
              title={t("Open in Proxmox VE")}
              onClick={event => event.stopPropagation()}
            >
              <Icon name="external" />
            </a>
          )}
        </Show>
      </td>
    </tr>
  );
}

/** Guests that are no templates, by the id of their node. */
function countGuests(picture: Parameters<typeof guestsOf>[0]): Map<string, { running: number; total: number }> {
  const byName = new Map(Object.values(picture.nodes).map(node => [`${node.instance} ${node.node}`, node.id]));
  const counts = new Map<string, { running: number; total: number }>();
  for (const guest of guestsOf(picture)) {
    const id = byName.get(`${guest.instance} ${guest.node}`);
    if (id === undefined || guest.template) continue;
    const count = counts.get(id) ?? { running: 0, total: 0 };
    count.total += 1;
    if (guest.status === "running") count.running += 1;
    counts.set(id, count);
  }
  return counts;
}
