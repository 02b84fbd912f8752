import { For, type JSX, Show } from "solid-js";
import type { Node } from "../../model/node.ts";
import { formatBytes, formatExpiry, formatUptime, plural, UNKNOWN } from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Fact } from "../ui/drawer.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
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
        <Fact name="Status">{node().status}</Fact>
        <Fact name="Instance">
          {node().instance}
          <Show when={node().clusterName}>{name => <span class="muted"> cluster {name()}</span>}</Show>
        </Fact>
        <Fact name="Uptime">{formatUptime(node().uptime)}</Fact>
        <Fact name="CPU">
          <Meter percent={node().cpu === null ? null : (node().cpu ?? 0) * 100} limits={CPU_LIMITS} />
          <Show when={node().cpuInfo}>
            {info => (
              <span class="muted">
                of {plural(info().cores, "thread")}, {info().model}
              </span>
            )}
          </Show>
        </Fact>
        <Fact name="Load">
          {node()
            .loadAverage?.map(load => load.toFixed(2))
            .join(", ") ?? UNKNOWN}
        </Fact>
        <Fact name="Memory">
          <Meter percent={node().memory?.usage ?? null} limits={MEMORY_LIMITS} />
          <span class="muted">
            {formatBytes(node().mem)} of {formatBytes(node().maxmem)}
          </span>
        </Fact>
        <Fact name="Root disk">
          <Meter percent={node().disk?.usage ?? null} limits={DISK_LIMITS} />
          <span class="muted">
            {formatBytes(node().disk?.used ?? null)} of {formatBytes(node().disk?.total ?? null)}
          </span>
        </Fact>
        <Fact name="Kernel">{node().kernelVersion ?? UNKNOWN}</Fact>
        <Fact name="Proxmox VE">{node().pveVersion ?? UNKNOWN}</Fact>
        <Show when={node().certificateExpires}>
          {at => <Fact name="Certificate">{formatExpiry(at(), live.now())}</Fact>}
        </Show>
        <Show when={ha()}>
          {state => (
            <Fact name="High availability">
              {state()}
              <Show when={instance()?.ha?.master === node().node}>
                <span class="muted"> in charge</span>
              </Show>
            </Fact>
          )}
        </Show>
        <Show when={endpoint()?.fault}>{fault => <Fact name="API">{fault().message}</Fact>}</Show>
      </dl>
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
      <h3>Storage</h3>
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
              <Show when={storage.active} fallback={<span class="status-word warning">not active</span>}>
                <Meter percent={storage.usage} limits={DISK_LIMITS} />
              </Show>
              <span class="muted">
                {storage.active ? `${formatBytes(storage.used)} of ${formatBytes(storage.total)}, ` : ""}
                {storage.type}
                {storage.shared ? ", shared" : ""}
              </span>
            </Fact>
          )}
        </For>
      </dl>
    </Show>
  );
}
