import { type Row, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import type { Instant } from "../../kit/units.ts";
import { physicalDiskId } from "../../model/ids.ts";
import type { Node } from "../../model/node.ts";
import type { Whole } from "../../model/observation.ts";
import type { PhysicalDisk } from "../../model/physical-disk.ts";
import { LookFailed } from "../source.ts";

/** Translates `GET /nodes/{node}/disks/list`, which does not know temperatures. Throws LookFailed. */
export function toPhysicalDisks(data: unknown, instance: string, node: string, at: Instant): Whole<PhysicalDisk>[] {
  const rows = toRows(data);
  if (rows === null)
    throw new LookFailed("garbled", `"${instance}" answered "/nodes/${node}/disks/list" without a list`);
  const lastChecked = new Date(at).toISOString();
  const known = new Set<string>();
  return rows.flatMap(row => {
    const devPath = toText(row.devpath);
    if (devPath === null) return [];
    const serial = serialOf(row);
    // Disks behind one USB bridge or on several paths may all claim one serial number.
    const key = serial === "" || known.has(serial) ? devPath : serial;
    known.add(key);
    return [{ id: physicalDiskId(instance, node, key), node, instance, ...toDisk(row, devPath), lastChecked }];
  });
}

function serialOf(row: Row): string {
  const serial = (toText(row.serial) ?? "").trim();
  return /^unknown$/i.test(serial) ? "" : serial;
}

function toDisk(row: Row, devPath: string) {
  const rpm = toNumber(row.rpm);
  const osd = row["osdid-list"] ?? row.osdid;
  const osds = (Array.isArray(osd) ? osd : [osd]).map(toNumber).filter(id => id !== null && id >= 0);
  return {
    devPath,
    model: [padless(row.vendor, /^(ATA|unknown)$/i), padless(row.model, /^unknown$/i)]
      .filter(text => text !== "")
      .join(" "),
    serial: serialOf(row),
    wwn: toText(row.wwn),
    type: typeOf(row),
    health: healthOf(row.health),
    used: toText(row.used) ?? "",
    size: toNumber(row.size),
    wearout: lifeOf(row.wearout),
    temperature: null,
    rpm: rpm === null || rpm < 0 ? null : rpm,
    osd: osds.length === 0 ? null : osds.join(","),
  };
}

/** Vendors are padded to eight characters; "ATA" is none, and "unknown" is what NVMe disks have. */
function padless(value: unknown, not: RegExp): string {
  const text = (toText(value) ?? "").trim();
  return not.test(text) ? "" : text;
}

/** PVE says nvme, ssd, hdd, usb or unknown; what a disk is attached by shows in its SCSI vendor, which is "ATA" for SATA. */
function typeOf(row: Row): PhysicalDisk["type"] {
  if (row.type === "nvme" || row.type === "usb") return row.type;
  const vendor = (toText(row.vendor) ?? "").trim().toUpperCase();
  return vendor === "" || vendor === "ATA" || vendor === "UNKNOWN" ? "sata" : "sas";
}

/** PASSED of ATA and NVMe, OK of SCSI. What a disk does not tell is no failure. */
function healthOf(value: unknown): PhysicalDisk["health"] {
  const text = (toText(value) ?? "").toUpperCase();
  if (text === "PASSED" || text === "OK") return "PASSED";
  return text.startsWith("FAIL") ? "FAILED" : "UNKNOWN";
}

/** `wearout` is the life that is left in percent, "N/A", empty or null. */
function lifeOf(value: unknown): number {
  const left = toNumber(value);
  return left === null ? -1 : Math.min(100, Math.max(0, left));
}

/**
 * The temperature in `GET /nodes/{node}/disks/smart`, °C: attribute 194 or 190 of ATA disks, a line of text of NVMe and SCSI ones. null:
 * not told; 0 is what disks say that do not know.
 */
export function toTemperature(data: unknown): number | null {
  const row = toRow(data);
  const attributes = toRows(row?.attributes ?? null) ?? [];
  const byId = (id: string) => attributes.find(one => String(one.id).trim() === id);
  const attribute = byId("194") ?? byId("190");
  const line = /^(?:Temperature|Current Drive Temperature):\s+(\d+) C/m.exec(toText(row?.text) ?? "")?.[1];
  const degrees = toNumber(/^\s*(\d+)/.exec(String(attribute?.raw ?? ""))?.[1] ?? line);
  return degrees === null || degrees <= 0 ? null : degrees;
}

/** The temperatures of a node's NVMe disks, as a node shows them; null: it has none that tells. */
export function toNvme(
  disks: readonly Pick<PhysicalDisk, "type" | "devPath" | "temperature">[],
  at: Instant,
): Node["temperature"] {
  const nvme = disks.flatMap(({ type, devPath, temperature }) =>
    type === "nvme" && temperature !== null ? [{ device: devPath.replace("/dev/", ""), temp: temperature }] : [],
  );
  return nvme.length === 0 ? null : { nvme, available: true, lastUpdate: new Date(at).toISOString() };
}
