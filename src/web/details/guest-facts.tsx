import { createMemo, For, type JSX, Show } from "solid-js";
import type { Guest } from "../../model/guest.ts";
import { nodeId } from "../../model/ids.ts";
import { isBackupRecent, notKnown, unknownBackups } from "../../model/not-known.ts";
import { formatAgo, formatBytes, formatRate, formatTime, formatUptime, tagsOf } from "../format/format.ts";
import { GuestNote } from "../guest-notes/guest-note.tsx";
import { useLive } from "../live/live.ts";
import { Fact } from "../ui/drawer.tsx";
import { CPU_LIMITS, DISK_LIMITS, MEMORY_LIMITS, Meter } from "../ui/meter.tsx";
import { notKnownText } from "../words/not-known.ts";
import { stateName } from "../words/states.ts";
import { plural, t } from "../words/words.ts";
import { Age, NodeLink, ProxmoxLink } from "./parts.tsx";

/** Everything known of a guest. */
export function GuestFacts(props: { guest: Guest; onShow: (id: string) => void }): JSX.Element {
  const live = useLive();
  const guest = () => props.guest;
  const home = () => live.picture().nodes[nodeId(guest().instance, guest().node)];
  const link = () => {
    const host = home()?.host ?? live.picture().instances[guest().instance]?.host;
    return host ? `${host}/#v1:0:=${guest().type}%2F${guest().vmid}:4:::::::` : null;
  };
  const snapshots = () =>
    Object.values(live.picture().guestSnapshots).filter(
      ({ instance, vmid }) => instance === guest().instance && vmid === guest().vmid,
    );
  const unknown = createMemo(() => unknownBackups(live.picture())(guest()));
  const alive = () => guest().status !== "stopped" && !guest().template;
  return (
    <>
      <Age entity={guest()} />
      <GuestNote guest={guest()} />
      <dl class="facts">
        <Fact name={t("Status")}>
          {stateName(guest().template ? "template" : guest().status)}
          <Show when={guest().lock}>
            {lock => <span class="tag lock">{t("locked: {lock}", { lock: lock() })}</span>}
          </Show>
        </Fact>
        <Fact name="VMID">
          {guest().vmid} ({guest().type === "lxc" ? t("container, LXC") : t("virtual machine, QEMU")})
        </Fact>
        <Fact name={t("Node")}>
          <NodeLink id={nodeId(guest().instance, guest().node)} name={guest().node} onShow={props.onShow} />
          <span class="muted">{t("of {instance}", { instance: guest().instance })}</span>
        </Fact>
        <Fact name={t("Uptime")}>{formatUptime(guest().uptime)}</Fact>
        <Show when={alive()}>
          <Fact name={t("CPU")}>
            <Meter percent={guest().cpu === null ? null : (guest().cpu ?? 0) * 100} limits={CPU_LIMITS} />
            <span class="muted">
              {guest().cpus === null
                ? t("of unknown cores")
                : t("of {what}", { what: plural(guest().cpus ?? 0, "core") })}
            </span>
          </Fact>
        </Show>
        <Show when={alive()} fallback={<Fact name={t("Memory")}>{formatBytes(guest().maxmem)}</Fact>}>
          <Fact name={t("Memory")}>
            <Meter percent={guest().memory?.usage ?? null} limits={MEMORY_LIMITS} />
            <span class="muted">
              {guest().memory
                ? t("{used} of {total}", { used: formatBytes(guest().mem), total: formatBytes(guest().maxmem) })
                : t("of {total}; Proxmox VE counts the whole process, so what the guest uses is not known", {
                    total: formatBytes(guest().maxmem),
                  })}
            </span>
          </Fact>
        </Show>
        <Fact name={t("Disk")}>
          <Show
            when={(guest().disk?.usage ?? -1) >= 0}
            fallback={
              <>
                {formatBytes(guest().maxdisk || null)} <span class="muted">{t("how full is not known")}</span>
              </>
            }
          >
            <Meter percent={guest().disk?.usage ?? null} limits={DISK_LIMITS} />
            <span class="muted">
              {t("{used} of {total}", {
                used: formatBytes(guest().disk?.used ?? null),
                total: formatBytes(guest().disk?.total ?? null),
              })}
            </span>
          </Show>
        </Fact>
        <Show when={alive()}>
          <Fact name={t("Network")}>
            {t("{networkIn} in, {networkOut} out", {
              networkIn: formatRate(guest().networkIn),
              networkOut: formatRate(guest().networkOut),
            })}
          </Fact>
          <Fact name={t("Disk I/O")}>
            {t("{diskRead} read, {diskWrite} written", {
              diskRead: formatRate(guest().diskRead),
              diskWrite: formatRate(guest().diskWrite),
            })}
          </Fact>
        </Show>
        <Show when={guest().osName}>
          {name => (
            <Fact name={t("System")}>
              {name()} {guest().osVersion ?? ""}
            </Fact>
          )}
        </Show>
        <Show when={(guest().ipAddresses ?? []).length > 0}>
          <Fact name={t("Addresses")}>{guest().ipAddresses?.join(", ")}</Fact>
        </Show>
        <Fact name={t("Last backup")}>
          <Show
            when={guest().lastBackup}
            fallback={
              <Show when={unknown()} fallback={<span class="status-word warning">{t("none")}</span>}>
                {reason => <span class="muted">{notKnownText(reason())}</span>}
              </Show>
            }
          >
            {at => (
              <>
                <span title={formatTime(at())}>{formatAgo(at(), live.now())}</span>
                <Show when={isBackupRecent(at(), live.now()) ? null : unknown()}>
                  {reason => (
                    <span class="muted">{t("A newer one: {unknown}", { unknown: notKnownText(reason()) })}</span>
                  )}
                </Show>
              </>
            )}
          </Show>
          <Show when={guest().inBackupJob === false}>
            <span class="status-word warning">{t("in no backup job")}</span>
          </Show>
        </Fact>
        <Show when={snapshots().length > 0 || notKnown(guest(), "snapshots")}>
          <Fact name={t("Snapshots")}>
            {snapshots()
              .map(({ name }) => name)
              .join(", ")}
            <Show when={notKnown(guest(), "snapshots")}>
              {reason => <span class="muted">{notKnownText(reason())}</span>}
            </Show>
          </Fact>
        </Show>
        <Show when={tagsOf(guest()).length > 0}>
          <Fact name={t("Tags")}>
            <For each={tagsOf(guest())}>{tag => <span class="tag">{tag}</span>}</For>
          </Fact>
        </Show>
        <Show when={guest().pool}>{pool => <Fact name={t("Pool")}>{pool()}</Fact>}</Show>
        <Show when={(guest().storages ?? []).length > 0}>
          <Fact name={t("Storages")}>{guest().storages?.join(", ")}</Fact>
        </Show>
        <Show when={guest().onboot !== null}>
          <Fact name={t("Start at boot")}>{guest().onboot ? t("yes") : t("no")}</Fact>
        </Show>
        <Show when={guest().hastate}>{state => <Fact name={t("High availability")}>{state()}</Fact>}</Show>
      </dl>
      <ProxmoxLink href={link()} />
    </>
  );
}
