import { DAY, GIB, HOUR, KIB, MIB, MINUTE, SECOND } from "../../kit/units.ts";
import type { DockerContainer, DockerIssue } from "../../model/docker.ts";
import type { Guest } from "../../model/guest.ts";
import { tagsOf } from "../format/format.ts";

/** What a word is compared with: all values of an entity that the field stands for, in lower case. */
export interface TextField<T> {
  kind: "text";
  of: (entity: T) => string[];
}

/** What a number is compared with. `of` gives the value in the unit that the query's number was written in; null: unknown. */
export interface NumberField<T> {
  kind: "number";
  of: (entity: T, unit: Unit) => number | null;
  /** The units a number may carry; "" is the plain number. */
  units: Readonly<Record<string, Unit>>;
}

/** What one kind of entity can be searched by. */
export interface Vocabulary<T> {
  fields: Readonly<Record<string, TextField<T> | NumberField<T>>>;
  /** Other names people know. */
  aliases: Readonly<Record<string, string>>;
  /** Where a word alone is looked for, in lower case. */
  words: (entity: T) => readonly string[];
}

export interface Unit {
  /** One of it in the base unit of its kind. */
  factor: number;
  kind: "plain" | "percent" | "bytes" | "time";
}

const PLAIN: Readonly<Record<string, Unit>> = { "": { factor: 1, kind: "plain" } };
export const PERCENT = { "": { factor: 1, kind: "percent" }, "%": { factor: 1, kind: "percent" } } as const;
const BYTES = {
  b: { factor: 1, kind: "bytes" },
  k: { factor: KIB, kind: "bytes" },
  m: { factor: MIB, kind: "bytes" },
  g: { factor: GIB, kind: "bytes" },
  t: { factor: 1024 * GIB, kind: "bytes" },
} as const;
export const TIME = {
  "": { factor: SECOND, kind: "time" },
  s: { factor: SECOND, kind: "time" },
  m: { factor: MINUTE, kind: "time" },
  h: { factor: HOUR, kind: "time" },
  d: { factor: DAY, kind: "time" },
} as const;

/** A field of texts; null: there is none. */
export function text<T>(of: (entity: T) => (string | null)[]): TextField<T> {
  return { kind: "text", of: entity => of(entity).flatMap(value => (value === null ? [] : [value.toLowerCase()])) };
}

function rate<T>(of: (entity: T) => number | null): NumberField<T> {
  return { kind: "number", of, units: { "": { factor: 1, kind: "bytes" }, ...BYTES } };
}

function usage<T>(of: (entity: T) => { used: number | null; usage: number } | null): NumberField<T> {
  return {
    kind: "number",
    of: (entity, unit) => {
      const measure = of(entity);
      if (!measure) return null;
      if (unit.kind === "bytes") return measure.used;
      return measure.usage < 0 ? null : measure.usage;
    },
    units: { ...PERCENT, ...BYTES },
  };
}

/** The words one can search guests by; what several names stand for is listed below. */
const FIELDS: Vocabulary<Guest>["fields"] = {
  name: text((guest: Guest) => [guest.name]),
  node: text((guest: Guest) => [guest.node]),
  instance: text((guest: Guest) => [guest.instance]),
  status: text((guest: Guest) => [guest.status, guest.stale ? "stale" : null]),
  type: text((guest: Guest) => (guest.template ? ["template"] : guest.type === "lxc" ? ["lxc", "ct"] : ["qemu", "vm"])),
  tags: text((guest: Guest) => tagsOf(guest)),
  pool: text((guest: Guest) => [guest.pool]),
  lock: text((guest: Guest) => [guest.lock]),
  ha: text((guest: Guest) => [guest.hastate]),
  vmid: { kind: "number", of: guest => guest.vmid, units: PLAIN },
  cpu: { kind: "number", of: guest => (guest.cpu === null ? null : guest.cpu * 100), units: PERCENT },
  cores: { kind: "number", of: guest => guest.cpus, units: PLAIN },
  memory: usage((guest: Guest) => guest.memory),
  disk: usage((guest: Guest) => guest.disk),
  uptime: { kind: "number", of: guest => (guest.uptime === null ? null : guest.uptime * SECOND), units: TIME },
  in: rate((guest: Guest) => guest.networkIn),
  out: rate((guest: Guest) => guest.networkOut),
  read: rate((guest: Guest) => guest.diskRead),
  write: rate((guest: Guest) => guest.diskWrite),
};

const ALIASES: Readonly<Record<string, string>> = {
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

export const GUESTS: Vocabulary<Guest> = {
  fields: FIELDS,
  aliases: ALIASES,
  words: ({ name, vmid, tags }) => [name.toLowerCase(), String(vmid), tags?.toLowerCase() ?? ""],
};

/** A container with the host it is on, and what is wrong with it. */
export type HostedContainer = DockerContainer & {
  hostname: string;
  /** null: unknown. */
  hostCpus: number | null;
  issues: DockerIssue["kind"][];
};

export const CONTAINERS: Vocabulary<HostedContainer> = {
  fields: {
    name: text((one: HostedContainer) => [one.name]),
    host: text((one: HostedContainer) => [one.hostname]),
    image: text((one: HostedContainer) => [one.image]),
    project: text((one: HostedContainer) => [one.project]),
    service: text((one: HostedContainer) => [one.service]),
    issue: text((one: HostedContainer) => one.issues),
    mount: text((one: HostedContainer) => one.mounts.flatMap(({ source, destination }) => [source, destination])),
    state: text((one: HostedContainer) => [one.state, one.stale ? "stale" : null]),
    health: text((one: HostedContainer) => [one.health]),
    label: text((one: HostedContainer) =>
      Object.entries(one.labels).flatMap(([key, value]) => [key, `${key}=${value}`]),
    ),
    port: {
      kind: "text",
      of: ({ ports }) =>
        ports.flatMap(({ privatePort, publicPort }) => [privatePort, publicPort ?? privatePort].map(String)),
    },
    cpu: { kind: "number", of: one => one.cpuPercent, units: PERCENT },
    memory: usage((one: HostedContainer) =>
      one.memoryPercent === null ? null : { used: one.memoryUsageBytes, usage: one.memoryPercent },
    ),
    restarts: { kind: "number", of: one => one.restartCount, units: PLAIN },
    in: rate((one: HostedContainer) => one.networkIn),
    out: rate((one: HostedContainer) => one.networkOut),
    read: rate((one: HostedContainer) => one.diskRead),
    write: rate((one: HostedContainer) => one.diskWrite),
    uptime: {
      kind: "number",
      of: one => (one.uptimeSeconds === null ? null : one.uptimeSeconds * SECOND),
      units: TIME,
    },
  },
  aliases: {
    status: "state",
    is: "state",
    mem: "memory",
    ram: "memory",
    node: "host",
    stack: "project",
    labels: "label",
    issues: "issue",
    mounts: "mount",
    volume: "mount",
    netin: "in",
    netout: "out",
  },
  words: ({ name, image, hostname, project }) => [name, image, hostname, project ?? ""].map(word => word.toLowerCase()),
};
