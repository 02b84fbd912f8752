import { type Static, Type } from "typebox";
import { freshness, Nullable } from "./schema.ts";

export const PhysicalDisk = Type.Object(
  {
    id: Type.String({
      description: "From node and serial number, so that a disk keeps it when its device is renamed.",
    }),
    node: Type.String(),
    instance: Type.String(),
    devPath: Type.String({ description: "such as /dev/sda" }),
    model: Type.String({ description: "With the vendor; empty: not told." }),
    serial: Type.String({ description: "Empty: not told." }),
    wwn: Nullable(Type.String()),
    type: Type.Union([
      Type.Literal("nvme"),
      Type.Literal("sata", { description: "Also a disk that does not tell what it is attached by." }),
      Type.Literal("sas"),
      Type.Literal("usb"),
    ]),
    health: Type.Union([
      Type.Literal("PASSED"),
      Type.Literal("FAILED"),
      Type.Literal("UNKNOWN", { description: "The disk does not tell: no sign of a failure." }),
    ]),
    used: Type.String({ description: "What the disk is for: LVM, ZFS, ceph osd, partitions…; empty: unused" }),
    size: Nullable(Type.Number({ description: "bytes" })),
    wearout: Type.Number({ description: "percent of its life that is left, 100 to 0; -1: not told" }),
    temperature: Nullable(Type.Number({ description: "°C" })),
    rpm: Nullable(Type.Number({ description: "turns a minute; 0: solid state; null: not told" })),
    osd: Nullable(Type.String({ description: "The Ceph OSDs on it, comma-joined." })),
    lastChecked: Type.String({ description: "When it was last looked at (RFC 3339)." }),
    ...freshness,
  },
  { $id: "PhysicalDisk", description: "A physical disk of a node, with its SMART health." },
);
export type PhysicalDisk = Static<typeof PhysicalDisk>;
