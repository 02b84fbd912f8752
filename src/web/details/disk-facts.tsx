import { type JSX, Show } from "solid-js";
import { nodeId } from "../../model/ids.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import { formatBytes, formatPercent, UNKNOWN } from "../format/format.ts";
import { Fact } from "../ui/drawer.tsx";
import { DISK_LIMITS, Meter } from "../ui/meter.tsx";
import { stateName } from "../words/states.ts";
import { locale, t } from "../words/words.ts";
import { Age, NodeLink } from "./parts.tsx";

/** Everything known of a physical disk. */
export function DiskFacts(props: { disk: PhysicalDisk; onShow: (id: string) => void }): JSX.Element {
  const disk = () => props.disk;
  return (
    <>
      <Age entity={disk()} />
      <dl class="facts">
        <Fact name="SMART">
          {disk().health === "UNKNOWN" ? t("the disk does not tell") : stateName(disk().health.toLowerCase())}
        </Fact>
        <Fact name={t("Wear")}>
          <Show when={disk().wearout >= 0} fallback={t("not told")}>
            <Meter percent={100 - disk().wearout} limits={DISK_LIMITS} />
            <span class="muted">{t("{share} of its life is left", { share: formatPercent(disk().wearout) })}</span>
          </Show>
        </Fact>
        <Fact name={t("Temperature")}>{disk().temperature === null ? UNKNOWN : `${disk().temperature} °C`}</Fact>
        <Fact name={t("Size")}>{formatBytes(disk().size)}</Fact>
        <Fact name={t("Model")}>{disk().model || UNKNOWN}</Fact>
        <Fact name={t("Serial")}>{disk().serial || UNKNOWN}</Fact>
        <Fact name={t("Kind")}>{kindOf(disk())}</Fact>
        <Fact name={t("Used for")}>{disk().used || t("nothing")}</Fact>
        <Show when={disk().osd}>{osd => <Fact name={t("Ceph OSD")}>{osd()}</Fact>}</Show>
        <Fact name={t("Node")}>
          <NodeLink id={nodeId(disk().instance, disk().node)} name={disk().node} onShow={props.onShow} />
        </Fact>
      </dl>
    </>
  );
}

function kindOf({ type, rpm }: PhysicalDisk): string {
  const kind = { nvme: "NVMe", sata: "SATA", sas: "SAS", usb: "USB" }[type];
  if (rpm === null || type === "nvme") return kind;
  return rpm === 0
    ? t("{kind}, solid state", { kind })
    : t("{kind}, {rpm} turns a minute", { kind, rpm: rpm.toLocaleString(locale()) });
}
