import { For, type JSX, Show } from "solid-js";
import type { CephCluster } from "../../model/ceph.ts";
import { formatBytes, UNKNOWN } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { Age } from "./parts.tsx";

/** Everything known of a Ceph cluster. */
export function CephFacts(props: { ceph: CephCluster }): JSX.Element {
  const ceph = () => props.ceph;
  return (
    <>
      <Age entity={ceph()} />
      <dl class="facts">
        <Fact name="Health">
          {ceph().health}
          <Show when={ceph().healthMessage}>{message => <span class="muted">{message()}</span>}</Show>
        </Fact>
        <Fact name="Used">
          <Meter percent={ceph().usagePercent} limits={DISK_LIMITS} />
          <span class="muted">
            {formatBytes(ceph().usedBytes)} of {formatBytes(ceph().totalBytes)}
          </span>
        </Fact>
        <Fact name="OSDs">
          {ceph().numOsdsUp ?? UNKNOWN} up, {ceph().numOsdsIn ?? UNKNOWN} in, of {ceph().numOsds ?? UNKNOWN}
        </Fact>
        <Fact name="Placement groups">{ceph().numPGs?.toLocaleString() ?? UNKNOWN}</Fact>
        <For each={ceph().services}>
          {service => (
            <Fact name={service.type}>
              {service.running} of {service.total} running
              <Show when={service.message}>{message => <span class="status-word warning">{message()}</span>}</Show>
            </Fact>
          )}
        </For>
        <Show when={ceph().fsid}>{fsid => <Fact name="fsid">{fsid()}</Fact>}</Show>
      </dl>
      <Show when={ceph().pools.length > 0}>
        <h3>Pools</h3>
        <dl class="facts">
          <For each={ceph().pools}>
            {pool => (
              <Fact name={pool.name}>
                <Meter percent={pool.percentUsed} limits={DISK_LIMITS} />
                <span class="muted">
                  {formatBytes(pool.storedBytes)} stored, {formatBytes(pool.availableBytes)} free
                </span>
              </Fact>
            )}
          </For>
        </dl>
      </Show>
    </>
  );
}
