import { For, type JSX, Show } from "solid-js";
import { nodeId } from "../../model/ids.ts";
import { type ZfsDevice, zfsUsage } from "../../model/zfs.ts";
import { formatBytes, UNKNOWN } from "../format/format.ts";
import { scanText } from "../format/scan-text.ts";
import { errorsOf, isDeviceWell, type ZfsRow } from "../storage/storage-rows.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { t } from "../words/words.ts";
import { FullFact } from "./full-fact.tsx";
import { Age, NodeLink } from "./parts.tsx";

/** Everything known of a ZFS pool. */
export function ZfsFacts(props: { row: ZfsRow; onShow: (id: string) => void }): JSX.Element {
  const pool = () => props.row.pool;
  const errors = () => errorsOf(pool());
  return (
    <>
      <Age entity={props.row} />
      <dl class="facts">
        <Fact name={t("State")}>
          <span class="status-word" classList={{ critical: pool().state !== "ONLINE" }}>
            {pool().state}
          </span>
          <Show when={pool().status}>{status => <span class="muted">{status()}</span>}</Show>
        </Fact>
        <Fact name={t("Used")}>
          <Meter percent={zfsUsage(pool())} limits={DISK_LIMITS} />
          <span class="muted">
            {t("{free} of {size} free, redundancy included", {
              free: formatBytes(pool().free),
              size: formatBytes(pool().size),
            })}
          </span>
        </Fact>
        <FullFact resource={props.row.id} />
        <Fact name={t("Errors")}>
          <Show when={errors() !== null} fallback={UNKNOWN}>
            {t("{read} read, {write} write, {checksum} checksum", {
              read: pool().readErrors ?? 0,
              write: pool().writeErrors ?? 0,
              checksum: pool().checksumErrors ?? 0,
            })}
          </Show>
        </Fact>
        <Fact name={t("Scan")}>
          <span title={pool().scan ?? ""}>{scanText(pool().scan)}</span>
        </Fact>
        <Fact name={t("Fragmentation")}>{pool().fragmentation === null ? UNKNOWN : `${pool().fragmentation} %`}</Fact>
        <Fact name={t("Node")}>
          <NodeLink id={nodeId(props.row.instance, props.row.node)} name={props.row.node} onShow={props.onShow} />
        </Fact>
      </dl>
      <Show when={pool().devices.length > 0}>
        <h3>{t("Devices")}</h3>
        <dl class="facts">
          <For each={pool().devices}>{device => <Device device={device} />}</For>
        </dl>
      </Show>
    </>
  );
}

function Device(props: { device: ZfsDevice }): JSX.Element {
  const counts = () => {
    const { readErrors, writeErrors, checksumErrors } = props.device;
    const total = (readErrors ?? 0) + (writeErrors ?? 0) + (checksumErrors ?? 0);
    return total === 0
      ? null
      : t("{read} read, {write} write, {checksum} checksum errors", {
          read: readErrors ?? 0,
          write: writeErrors ?? 0,
          checksum: checksumErrors ?? 0,
        });
  };
  return (
    <Fact name={props.device.name}>
      <span class="status-word" classList={{ critical: !isDeviceWell(props.device) }}>
        {props.device.state ?? props.device.type}
      </span>
      <Show when={counts()}>{text => <span class="status-word warning">{text()}</span>}</Show>
      <Show when={props.device.message}>{message => <span class="muted">{message()}</span>}</Show>
    </Fact>
  );
}
