import { type JSX, Show } from "solid-js";
import { nodeId } from "../../model/ids.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import { formatBytes, UNKNOWN } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { Age, NodeLink } from "./parts.tsx";

/** Everything known of a physical disk. */
export function DiskFacts(props: { disk: PhysicalDisk; onShow: (id: string) => void }): JSX.Element {
  const disk = () => props.disk;
  return (
    <>
      <Age entity={disk()} />
      <dl class="facts">
        <Fact name="SMART">{disk().health === "UNKNOWN" ? "the disk does not tell" : disk().health.toLowerCase()}</Fact>
        <Fact name="Wear">
          <Show when={disk().wearout >= 0} fallback="not told">
            <Meter percent={100 - disk().wearout} limits={DISK_LIMITS} />
            <span class="muted">{disk().wearout} % of its life is left</span>
          </Show>
        </Fact>
        <Fact name="Temperature">{disk().temperature === null ? UNKNOWN : `${disk().temperature} °C`}</Fact>
        <Fact name="Size">{formatBytes(disk().size)}</Fact>
        <Fact name="Model">{disk().model || UNKNOWN}</Fact>
        <Fact name="Serial">{disk().serial || UNKNOWN}</Fact>
        <Fact name="Kind">{kindOf(disk())}</Fact>
        <Fact name="Used for">{disk().used || "nothing"}</Fact>
        <Show when={disk().osd}>{osd => <Fact name="Ceph OSD">{osd()}</Fact>}</Show>
        <Fact name="Node">
          <NodeLink id={nodeId(disk().instance, disk().node)} name={disk().node} onShow={props.onShow} />
        </Fact>
      </dl>
    </>
  );
}

function kindOf({ type, rpm }: PhysicalDisk): string {
  const kind = { nvme: "NVMe", sata: "SATA", sas: "SAS", usb: "USB" }[type];
  if (rpm === null || type === "nvme") return kind;
  return rpm === 0 ? `${kind}, solid state` : `${kind}, ${rpm.toLocaleString()} turns a minute`;
}
