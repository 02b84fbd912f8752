import { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from "../../kit/units.ts";
import type { Guest } from "../../model/guest.ts";
import { tagsOf } from "../format/format.ts";

/** What a word is compared with: all values of a guest that the field stands for, in lower case. */
export interface TextField {
  kind: "text";
  of: (guest: Guest) => string[];
}

/** What a number is compared with. `of` gives the value in the unit that the query's number was written in; null: unknown. */
export interface NumberField {
  kind: "number";
  of: (guest: Guest, unit: Unit) => number | null;
  /** The units a number may carry; "" is the plain number. */
  units: Readonly<Record<string, Unit>>;
}

export interface Unit {
  /** One of it in the base unit of its kind. */
  factor: number;
  kind: "plain" | "percent" | "bytes" | "time";
}

const PLAIN: Readonly<Record<string, Unit>> = { "": { factor: 1, kind: "plain" } };
const PERCENT = { "": { factor: 1, kind: "percent" }, "%": { factor: 1, kind: "percent" } } as const;
const BYTES = {
  b: { factor: 1, kind: "bytes" },
  k: { factor: KIB, kind: "bytes" },
  m: { factor: MIB, kind: "bytes" },
  g: { factor: GIB, kind: "bytes" },
  t: { factor: 1024 * GIB, kind: "bytes" },
} as const;
const TIME = {
  "": { factor: SECOND, kind: "time" },
  s: { factor: SECOND, kind: "time" },
  m: { factor: MINUTE, kind: "time" },
  h: { factor: HOUR, kind: "time" },
  d: { factor: DAY, kind: "time" },
} as const;

const text = (of: (guest: Guest) => (string | null)[]): TextField => ({
  kind: "text",
  of: guest => of(guest).flatMap(value => (value === null ? [] : [value.toLowerCase()])),
});
const rate = (of: (guest: Guest) => number | null): NumberField => ({
  kind: "number",
  of,
  units: { "": { factor: 1, kind: "bytes" }, ...BYTES },
});
const usage = (of: (guest: Guest) => { used: number | null; usage: number } | null): NumberField => ({
  kind: "number",
  of: (guest, unit) => {
    const measure = of(guest);
    if (!measure) return null;
    if (unit.kind === "bytes") return measure.used;
    return measure.usage < 0 ? null : measure.usage;
  },
  units: { ...PERCENT, ...BYTES },
});

/** The words one can search by; what several names stand for is listed below. */
export const FIELDS: Readonly<Record<string, TextField | NumberField>> = {
  name: text(guest => [guest.name]),
  node: text(guest => [guest.node]),
  instance: text(guest => [guest.instance]),
  status: text(guest => [guest.status, guest.stale ? "stale" : null]),
  type: text(guest => (guest.template ? ["template"] : guest.type === "lxc" ? ["lxc", "ct"] : ["qemu", "vm"])),
  tags: text(guest => tagsOf(guest)),
  pool: text(guest => [guest.pool]),
  lock: text(guest => [guest.lock]),
  ha: text(guest => [guest.hastate]),
  vmid: { kind: "number", of: guest => guest.vmid, units: PLAIN },
  cpu: { kind: "number", of: guest => (guest.cpu === null ? null : guest.cpu * 100), units: PERCENT },
  cores: { kind: "number", of: guest => guest.cpus, units: PLAIN },
  memory: usage(guest => guest.memory),
  disk: usage(guest => guest.disk),
  uptime: { kind: "number", of: guest => (guest.uptime === null ? null : guest.uptime * SECOND), units: TIME },
  in: rate(guest => guest.networkIn),
  out: rate(guest => guest.networkOut),
  read: rate(guest => guest.diskRead),
  write: rate(guest => guest.diskWrite),
};

/** Other names people know. */
export const ALIASES: Readonly<Record<string, string>> = {
  mem: "memory",
  ram: "memory",
  tag: "tags",
  id: "vmid",
  is: "status",
  cpus: "cores",
  host: "node",
  cluster: "instance",
  netin: "in",
  netout: "out",
  networkin: "in",
  networkout: "out",
  diskread: "read",
  diskwrite: "write",
};
