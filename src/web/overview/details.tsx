import { For, type JSX, Match, Show, Switch } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { nodeId } from "../../model/ids.ts";
import type { Node } from "../../model/node.ts";
import type { Storage } from "../../model/storage.ts";
import {
  formatAgo,
  formatBytes,
  formatRate,
  formatTime,
  formatUptime,
  plural,
  tagsOf,
  UNKNOWN,
} from "../format/format.ts";
import { useLive } from "../live/live.ts";
import { Drawer, Fact } from "../ui/drawer.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { StatusDot } from "./status.tsx";

/** Everything known of one guest, node or storage. Nothing while `id` is empty. */
export function Details(props: { id: string; onClose: () => void; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const guest = () => live.picture().vms[props.id] ?? live.picture().containers[props.id];
  const node = () => live.picture().nodes[props.id];
  const storage = () => live.picture().storage[props.id];
  return (
    <Show when={props.id !== ""}>
      <Drawer
        shows={props.id}
        onClose={props.onClose}
        title={
          <Switch fallback="Not there any more">
            <Match when={guest()}>
              {guest => (
                <Title icon={guest().type === "lxc" ? "lxc" : "vm"} name={guest().name} status={guest().status} />
              )}
            </Match>
            <Match when={node()}>
              {node => <Title icon="node" name={node().displayName} status={node().status} />}
            </Match>
            <Match when={storage()}>{storage => <Title icon="storage" name={storage().name} status={null} />}</Match>
          </Switch>
        }
      >
        <Switch fallback={<p>The cluster no longer lists "{props.id}".</p>}>
          <Match when={guest()}>{guest => <GuestFacts guest={guest()} onShow={props.onShow} />}</Match>
          <Match when={node()}>{node => <NodeFacts node={node()} />}</Match>
          <Match when={storage()}>{storage => <StorageFacts storage={storage()} />}</Match>
        </Switch>
      </Drawer>
    </Show>
  );
}

function Title(props: { icon: IconName; name: string; status: string | null }): JSX.Element {
  return (
    <>
      <Show when={props.status}>{status => <StatusDot status={status()} />}</Show>
      <Icon name={props.icon} class="kind" />
      {props.name}
    </>
  );
}

/** How old the numbers are, and why when they are old. */
function Age(props: { entity: { stale: boolean; lastSeen: number; fault: string | null } }): JSX.Element {
  const live = useLive();
  const seen = () =>
    props.entity.lastSeen === 0
      ? "Never seen since Pulse started"
      : `${formatAgo(props.entity.lastSeen, live.now())} (${formatTime(props.entity.lastSeen)})`;
  return (
    <Show
      when={props.entity.stale}
      fallback={
        <p class="age" title={formatTime(props.entity.lastSeen)}>
          Seen {formatAgo(props.entity.lastSeen, live.now())}
        </p>
      }
    >
      <p class="age old">
        <Icon name="clock" />
        <span>
          These are old numbers: {seen()}.
          <Show when={props.entity.fault}>
            <br />
            {props.entity.fault}
          </Show>
        </span>
      </p>
    </Show>
  );
}

function GuestFacts(props: { guest: Guest; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const guest = () => props.guest;
  const home = () => live.picture().nodes[nodeId(guest().instance, guest().node)];
  const link = () => {
    const host = home()?.host ?? live.picture().instances[guest().instance]?.host;
    return host ? `${host}/#v1:0:=${guest().type}%2F${guest().vmid}:4:::::::` : null;
  };
  const alive = () => guest().status !== "stopped" && !guest().template;
  return (
    <>
      <Age entity={guest()} />
      <dl class="facts">
        <Fact name="Status">
          {guest().template ? "template" : guest().status}
          <Show when={guest().lock}>{lock => <span class="tag lock">locked: {lock()}</span>}</Show>
        </Fact>
        <Fact name="VMID">
          {guest().vmid} ({guest().type === "lxc" ? "container, LXC" : "virtual machine, QEMU"})
        </Fact>
        <Fact name="Node">
          <button type="button" class="link" onClick={() => props.onShow(nodeId(guest().instance, guest().node))}>
            {guest().node}
          </button>{" "}
          <span class="muted">of {guest().instance}</span>
        </Fact>
        <Fact name="Uptime">{formatUptime(guest().uptime)}</Fact>
        <Show when={alive()}>
          <Fact name="CPU">
            <Meter percent={guest().cpu === null ? null : (guest().cpu ?? 0) * 100} limits={CPU_LIMITS} />
            <span class="muted">of {guest().cpus === null ? "unknown cores" : plural(guest().cpus ?? 0, "core")}</span>
          </Fact>
        </Show>
        <Show when={alive()} fallback={<Fact name="Memory">{formatBytes(guest().maxmem)}</Fact>}>
          <Fact name="Memory">
            <Meter percent={guest().memory?.usage ?? null} limits={MEMORY_LIMITS} />
            <span class="muted">
              {guest().memory
                ? `${formatBytes(guest().mem)} of ${formatBytes(guest().maxmem)}`
                : `of ${formatBytes(guest().maxmem)}; Proxmox VE counts the whole process, so what the guest uses is not known`}
            </span>
          </Fact>
        </Show>
        <Fact name="Disk">
          <Show
            when={(guest().disk?.usage ?? -1) >= 0}
            fallback={
              <>
                {formatBytes(guest().maxdisk || null)} <span class="muted">how full is not known</span>
              </>
            }
          >
            <Meter percent={guest().disk?.usage ?? null} limits={DISK_LIMITS} />
            <span class="muted">
              {formatBytes(guest().disk?.used ?? null)} of {formatBytes(guest().disk?.total ?? null)}
            </span>
          </Show>
        </Fact>
        <Show when={alive()}>
          <Fact name="Network">
            {formatRate(guest().networkIn)} in, {formatRate(guest().networkOut)} out
          </Fact>
          <Fact name="Disk I/O">
            {formatRate(guest().diskRead)} read, {formatRate(guest().diskWrite)} written
          </Fact>
        </Show>
        <Show when={tagsOf(guest()).length > 0}>
          <Fact name="Tags">
            <For each={tagsOf(guest())}>{tag => <span class="tag">{tag}</span>}</For>
          </Fact>
        </Show>
        <Show when={guest().pool}>{pool => <Fact name="Pool">{pool()}</Fact>}</Show>
        <Show when={guest().hastate}>{state => <Fact name="High availability">{state()}</Fact>}</Show>
      </dl>
      <ProxmoxLink href={link()} />
    </>
  );
}

function NodeFacts(props: { node: Node }): JSX.Element {
  const live = useLive();
  const node = () => props.node;
  const endpoint = () => live.picture().instances[node().instance]?.endpoints.find(one => one.node === node().node);
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
        <Show when={endpoint()?.fault}>{fault => <Fact name="API">{fault().message}</Fact>}</Show>
      </dl>
      <NodeStorages node={node()} />
      <ProxmoxLink href={node().host} />
    </>
  );
}

function NodeStorages(props: { node: Node }): JSX.Element {
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
            <Fact name={storage.name}>
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

function StorageFacts(props: { storage: Storage }): JSX.Element {
  const storage = () => props.storage;
  return (
    <>
      <Age entity={storage()} />
      <dl class="facts">
        <Fact name="State">{storage().enabled ? (storage().active ? "active" : "not active") : "disabled"}</Fact>
        <Fact name="Used">
          <Meter percent={storage().usage} limits={DISK_LIMITS} />
          <span class="muted">
            {formatBytes(storage().used)} of {formatBytes(storage().total)}, {formatBytes(storage().avail)} free
          </span>
        </Fact>
        <Fact name="Type">
          {storage().type}
          {storage().shared ? ", shared" : ""}
        </Fact>
        <Fact name="Content">{storage().content.split(",").join(", ")}</Fact>
        <Fact name={storage().nodes.length === 1 ? "Node" : "Nodes"}>{storage().nodes.join(", ")}</Fact>
        <Fact name="Instance">{storage().instance}</Fact>
      </dl>
    </>
  );
}

function ProxmoxLink(props: { href: string | null }): JSX.Element {
  return (
    <Show when={props.href}>
      {href => (
        <a class="button" href={href()} target="_blank" rel="noopener noreferrer">
          Open in Proxmox VE <Icon name="external" />
        </a>
      )}
    </Show>
  );
}
