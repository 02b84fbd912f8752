import { GIB, type Instant, SECOND } from "../kit/units.ts";
import { type DiskPlan, disksOf, isOnZfs, worn } from "./disk-plan.ts";
import { Refusal } from "./refusal.ts";
import { type Ask, FLAG, nodeOf, type Route } from "./route.ts";
import { ctimeText, lastScrub, runningScrub } from "./scrub.ts";

const ANY = () => null;

export const DISK_ROUTES: readonly Route[] = [
  { path: "/nodes/{node}/disks/list", query: { "include-partitions": FLAG, skipsmart: FLAG, type: ANY }, data: toList },
  { path: "/nodes/{node}/disks/smart", query: { disk: ANY, healthonly: FLAG }, data: toSmart },
  { path: "/nodes/{node}/disks/zfs", data: ask => poolsOf(ask).map(({ row }) => row) },
  { path: "/nodes/{node}/disks/zfs/{name}", data: toPool },
];

function isFailing({ instance, params }: Ask, { device }: DiskPlan): boolean {
  return instance
    .faults("disk-failing")
    .some(fault => fault.node === params.node && (fault.device ?? "/dev/sda") === device);
}

/** `wearout` is what is left of a disk's life, and "N/A" where it does not say; `osdid` is a number only when there is none. */
function toList(ask: Ask): Record<string, unknown>[] {
  const node = nodeOf(ask).plan.name;
  return disksOf(ask.instance, node).map(disk => ({
    devpath: disk.device,
    by_id_link: `/dev/disk/by-id/${disk.type}-${disk.model}_${disk.serial}`,
    vendor: disk.vendor,
    model: disk.model,
    serial: disk.serial,
    size: disk.size,
    rpm: disk.type === "hdd" && ask.instance.plan.release.release < "8" ? String(disk.rpm) : disk.rpm,
    type: disk.type === "usb" ? "usb" : disk.type,
    gpt: 1,
    mounted: 0,
    ...(disk.used === "" ? {} : { used: disk.used }),
    wearout: disk.life ?? "N/A",
    health:
      disk.type === "usb" ? "UNKNOWN" : isFailing(ask, disk) ? "FAILED" : disk.vendor === "SEAGATE " ? "OK" : "PASSED",
    osdid: disk.osd === null ? -1 : String(disk.osd),
    "osdid-list": disk.osd === null ? null : [String(disk.osd)],
    ...(disk.serial === "unknown" ? {} : { wwn: `0x5002538${disk.serial.toLowerCase().slice(-9)}` }),
  }));
}

/** ATA disks have a table, NVMe and SAS disks a text, and what is behind a USB bridge nothing. */
function toSmart(ask: Ask): Record<string, unknown> {
  const node = nodeOf(ask).plan.name;
  const disk = disksOf(ask.instance, node).find(({ device }) => device === ask.query.disk);
  if (!disk) throw new Refusal(500, `disk '${ask.query.disk}' not found`);
  const health = isFailing(ask, disk) ? "FAILED!" : "PASSED";
  if (disk.type === "usb") return { health: "UNKNOWN", type: "text", text: "" };
  if (disk.type === "nvme") return { health, type: "text", wearout: disk.life, text: nvmeText(disk) };
  if (disk.vendor === "SEAGATE ")
    return {
      health: "OK",
      type: "text",
      text: `\nCurrent Drive Temperature:     ${disk.celsius} C\nDrive Trip Temperature:        60 C\n`,
    };
  const attribute = (id: number, name: string, value: number, raw: string) => ({
    id: String(id).padStart(3),
    name,
    value: String(value).padStart(3),
    worst: String(value).padStart(3),
    threshold: "000",
    flags: "-O--CK",
    fail: "-",
    raw,
    normalized: value,
  });
  return {
    health,
    type: "ata",
    ...(disk.life === null ? {} : { wearout: disk.life }),
    attributes: [
      attribute(5, "Reallocated_Sector_Ct", 100, isFailing(ask, disk) ? "1312" : "0"),
      attribute(9, "Power_On_Hours", 96, "17532"),
      attribute(194, "Temperature_Celsius", 64, `${disk.celsius} (Min/Max 18/52)`),
    ],
  };
}

function nvmeText({ celsius, life }: DiskPlan): string {
  return [
    "",
    "SMART/Health Information (NVMe Log 0x02)",
    "Critical Warning:                   0x00",
    `Temperature:                        ${celsius} Celsius`,
    "Available Spare:                    100%",
    `Percentage Used:                    ${100 - (life ?? 100)}%`,
    "Data Units Written:                 31,204,881 [15.9 TB]",
    "",
  ].join("\n");
}

interface Pool {
  row: Record<string, unknown>;
  detail: Record<string, unknown>;
}

/** Every node on ZFS has `rpool`, a host of its own a `tank` with spare and log; the worn node's mirror has lost a side. */
function poolsOf(ask: Ask): Pool[] {
  const { instance } = ask;
  const node = nodeOf(ask).plan.name;
  if (!isOnZfs(instance.plan)) return [];
  const degraded = worn(instance.plan) === node || instance.faults("zfs-degraded").some(fault => fault.node === node);
  const now = instance.clock.now();
  return [rpool(degraded, now), ...(instance.plan.standalone ? [tank(now)] : [])];
}

const row = (name: string, size: number, used: number, health: string) => ({
  name,
  size,
  alloc: Math.floor(size * used),
  free: size - Math.floor(size * used),
  frag: 23,
  dedup: 1,
  health,
});
const leaf = (name: string, state = "ONLINE", cksum = 0, msg = "") => ({
  name,
  state,
  read: 0,
  write: 0,
  cksum,
  msg,
  leaf: 1,
});
const group = (name: string, state: string, children: object[]) => ({
  name,
  state,
  read: 0,
  write: 0,
  cksum: 0,
  msg: "",
  leaf: 0,
  children,
});

/** `status` and `action` are there only while something is wrong. */
function rpool(degraded: boolean, now: Instant): Pool {
  const state = degraded ? "DEGRADED" : "ONLINE";
  const sides = [leaf("nvme0n1p3"), degraded ? leaf("nvme1n1p3", "FAULTED", 14, "too many errors") : leaf("nvme1n1p3")];
  const detail = {
    name: "rpool",
    state,
    scan: `scrub repaired 0B in 00:11:32 with 0 errors on ${ctimeText(lastScrub(now) + 692 * SECOND)}`,
    errors: "No known data errors",
    ...(degraded
      ? {
          status:
            "One or more devices are faulted in response to persistent errors.\nSufficient replicas exist for the pool to continue functioning in a degraded state.",
          action: "Replace the faulted device, or use 'zpool clear' to mark the device repaired.",
        }
      : {}),
    children: [group("rpool", state, [group("mirror-0", state, sides)])],
  };
  return { row: row("rpool", 928 * GIB, 0.41, state), detail };
}

/** Groups of spares and caches have no state and no counters. */
function tank(now: Instant): Pool {
  const detail = {
    name: "tank",
    state: "ONLINE",
    scan: `scrub in progress since ${ctimeText(runningScrub(now))}`,
    errors: "No known data errors",
    children: [
      group("tank", "ONLINE", [
        group(
          "raidz1-0",
          "ONLINE",
          ["sdd", "sde", "sdf"].map(name => leaf(name)),
        ),
      ]),
      { name: "logs", leaf: 0, msg: "", children: [leaf("nvme0n1p5")] },
      { name: "spares", leaf: 0, msg: "", children: [{ name: "sdh", state: "AVAIL", leaf: 1, msg: "" }] },
    ],
  };
  return { row: row("tank", 11_178 * GIB, 0.66, "ONLINE"), detail };
}

function toPool(ask: Ask): Record<string, unknown> {
  const pool = poolsOf(ask).find(({ detail }) => detail.name === ask.params.name);
  if (!pool) throw new Refusal(500, `cannot open '${ask.params.name}': no such pool`);
  return pool.detail;
}
