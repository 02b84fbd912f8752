import { For, type JSX, Show } from "solid-js";
import type { Node } from "../../model/node.ts";
import { notKnown } from "../../model/not-known.ts";
import { formatBytes, formatExpiry, formatNumber, formatUptime, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Fact } from "../ui/drawer.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { notKnownText } from "../words/not-known.ts";
import { stateName } from "../words/states.ts";
import { plural, t, told } from "../words/words.ts";
import { Age, ProxmoxLink } from "./parts.tsx";

/** Everything known of a node, and its storages. */
export function NodeFacts(props: { node: Node; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const node = () => props.node;
  const instance = () => live.picture().instances[node().instance];
  const endpoint = () => instance()?.endpoints.find(one => one.node === node().node);
  const ha = () => instance()?.ha?.nodes.find(one => one.node === node().node)?.state;
  return (
    <>
      <Age entity={node()} />
      <dl class="facts">
        <Fact name={t("Status")}>{stateName(node().status)}</Fact>
        <Fact name={t("Instance")}>
          {node().instance}
          <Show when={node().clusterName}>
            {name => <span class="muted"> {t("cluster {name}", { name: name() })}</span>}
          </Show>
        </Fact>
        <Fact name={t("Uptime")}>{formatUptime(node().uptime)}</Fact>
        <Fact name={t("CPU")}>
          <Meter percent={node().cpu === null ? null : (node().cpu ?? 0) * 100} limits={CPU_LIMITS} />
          <Show when={node().cpuInfo}>
            {info => (
              <span class="muted">
                {t("of {cores}, {model}", { cores: plural(info().cores, "thread"), model: info().model })}
              </span>
            )}
          </Show>
        </Fact>
        <Fact name={t("Load")}>
          {node()
            .loadAverage?.map(load => formatNumber(load, 2))
            .join(", ") ?? UNKNOWN}
        </Fact>
        <Fact name={t("Memory")}>
          <Meter percent={node().memory?.usage ?? null} limits={MEMORY_LIMITS} />
          <span class="muted">
            {t("{used} of {total}", { used: formatBytes(node().mem), total: formatBytes(node().maxmem) })}
          </span>
        </Fact>
        <Fact name={t("Root disk")}>
          <Meter percent={node().disk?.usage ?? null} limits={DISK_LIMITS} />
          <span class="muted">
            {t("{used} of {total}", {
              used: formatBytes(node().disk?.used ?? null),
              total: formatBytes(node().disk?.total ?? null),
            })}
          </span>
        </Fact>
        <Fact name={t("Kernel")}>{node().kernelVersion ?? UNKNOWN}</Fact>
        <Fact name={t("Proxmox VE")}>{node().pveVersion ?? UNKNOWN}</Fact>
        <Show when={node().certificateExpires}>
          {at => <Fact name={t("Certificate")}>{formatExpiry(at(), live.now())}</Fact>}
        </Show>
        <Show when={ha()}>
          {state => (
            <Fact name={t("High availability")}>
              {state()}
              <Show when={instance()?.ha?.master === node().node}>
                <span class="muted"> {t("in charge")}</span>
              </Show>
            </Fact>
          )}
        </Show>
        <Show when={endpoint()?.fault}>{fault => <Fact name={t("API")}>{told(fault().message)}</Fact>}</Show>
      </dl>
      <Show when={notKnown(node(), "disks")?.reason}>
        {reason => <p class="muted">{t("Disks: {unknown}", { unknown: notKnownText({ reason: reason() }) })}</p>}
      </Show>
      <NodeStorages node={node()} onShow={props.onShow} />
      <ProxmoxLink href={node().host} />
    </>
  );
}

function NodeStorages(props: { node: Node; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const storages = () =>
    Object.values(live.picture().storage)
      .filter(storage => storage.instance === props.node.instance && storage.nodes.includes(props.node.node))
      .sort((a, b) => (b.usage ?? -1) - (a.usage ?? -1));
  return (
    <Show when={storages().length > 0}>
      <h3>{t("Storage")}</h3>
      <dl class="facts">
        <For each={storages()}>
          {storage => (
            <Fact
              name={
                <button type="button" class="link" onClick={() => props.onShow(storage.id)}>
                  {storage.name}
                </button>
              }
            >
              <Show when={storage.active} fallback={<span class="status-word warning">{t("not active")}</span>}>
                <Meter percent={storage.usage} limits={DISK_LIMITS} />
              </Show>
              <span class="muted">
                {storage.active
                  ? `${t("{used} of {total}", { used: formatBytes(storage.used), total: formatBytes(storage.total) })}, `
                  : ""}
                {storage.type}
                {storage.shared ? `, ${t("shared")}` : ""}
              </span>
            </Fact>
          )}
        </For>
      </dl>
    </Show>
  );
}
