import type { Bytes, Instant, Millis } from "../kit/units.ts";

/** Which requests are concerned: all that match what is given. */
export interface Where {
  instance?: string;
  /** The node whose socket is asked, not the one that the path names. */
  node?: string;
  /** Path below `/api2/json`, without query; `*` stands for any characters. */
  path?: string;
}

interface OnNode {
  instance: string;
  node: string;
}

interface OnGuest {
  instance: string;
  vmid: number;
}

/** Every fault may pass by itself, after `lasts` by the estate's clock. */
interface Passing {
  lasts?: Millis;
}

/** What happens to requests on their way; the first that matches decides, latencies add up. */
export type HttpFault =
  | (Where & { kind: "status"; status: number; reason?: string })
  | (Where & { kind: "latency"; delay: Millis })
  /** The connection is reset instead of an answer. */
  | (Where & { kind: "reset" })
  /** A complete HTTP answer with half of the JSON. */
  | (Where & { kind: "cut-json" })
  /** The answer never ends: a byte every 100 ms… */
  | (Where & { kind: "slow-body" })
  /** …or as fast as the reader takes it. */
  | (Where & { kind: "endless-body" })
  /** Valid JSON, but large. Default 20 MB. */
  | (Where & { kind: "huge-body"; size?: Bytes })
  /** A reverse proxy's HTML page with status 502. */
  | (Where & { kind: "html-502" })
  /** `data` is null where there should be something, as Proxmox does for some empty lists. */
  | (Where & { kind: "null-data" })
  /** `/cluster/resources` answers an empty list, as to a user who may see nothing. */
  | (Where & { kind: "empty-resources" });

/** What happens to a node, or to how one signs in. */
export type InstanceFault =
  /** Its socket refuses, the others call it offline and know nothing of its guests. */
  | (OnNode & { kind: "node-off" })
  | (OnNode & { kind: "certificate-changed" })
  /** Its SMART health says so; by default "/dev/sda". */
  | (OnNode & { kind: "disk-failing"; device?: string })
  /** The mirror that it boots from has lost a side. */
  | (OnNode & { kind: "zfs-degraded" })
  /** Of the cluster's Ceph, by number. */
  | { kind: "osd-down"; instance: string; osd: number }
  | { kind: "token-revoked"; instance: string }
  /** To `<old password>-changed`. */
  | { kind: "password-changed"; instance: string }
  /** Tickets made before the fault are refused. */
  | { kind: "tickets-expired"; instance: string }
  /** A datastore of a Backup Server is taken out of service: every call below it is refused, the others work on. */
  | { kind: "datastore-maintenance"; instance: string; datastore: string; mode: "offline" | "read-only" }
  | { kind: "datastore-removed"; instance: string; datastore: string };

/** What happens to a guest. When the fault passes the guest is as it was, its counters start at 0 once more where they did before. */
export type GuestFault =
  | (OnGuest & { kind: "guest-migrated"; to: string })
  | (OnGuest & { kind: "guest-created"; node: string; name?: string; type?: "qemu" | "lxc" })
  | (OnGuest & { kind: "guest-deleted" })
  | (OnGuest & { kind: "guest-started" })
  | (OnGuest & { kind: "guest-stopped" })
  | (OnGuest & { kind: "guest-rebooted" })
  /** Uses this share of its CPUs, 0 to 1. */
  | (OnGuest & { kind: "guest-cpu"; cpu: number })
  | (OnGuest & { kind: "guest-locked"; lock: string })
  /** Its agent takes a call and never answers: Proxmox gives up after `delay`, by default 3 s. */
  | (OnGuest & { kind: "agent-hangs"; delay?: Millis })
  | (OnGuest & { kind: "agent-stopped" });

/** What happens on a Docker host. */
export type DockerFault =
  /** Its agent reports nothing. */
  | { kind: "docker-silent"; host: string }
  /** It ends with that exit code, by default 1 (137: for want of memory). When the fault passes it is started again. */
  | { kind: "container-crashed"; host: string; container: string; exitCode?: number };

export type Fault = Passing & (HttpFault | InstanceFault | GuestFault | DockerFault);

/** The instance that a fault is about; undefined: any, or none. */
export function instanceOf(fault: Fault): string | undefined {
  return "instance" in fault ? fault.instance : undefined;
}

/** A fault in force, or one that has passed. */
export interface FaultEntry {
  id: string;
  fault: Fault;
  since: Instant;
  /** null: until it is cleared. */
  until: Instant | null;
}

/** Asked of a fault as it comes in from outside. */
type FieldKind = "text" | "number" | "optional text" | "optional number";

const WHERE = { instance: "optional text", node: "optional text", path: "optional text" } as const;
const NODE = { instance: "text", node: "text" } as const;
const GUEST = { instance: "text", vmid: "number" } as const;

const FIELDS: { readonly [K in Fault["kind"]]: Readonly<Record<string, FieldKind>> } = {
  status: { ...WHERE, status: "number", reason: "optional text" },
  latency: { ...WHERE, delay: "number" },
  reset: WHERE,
  "cut-json": WHERE,
  "slow-body": WHERE,
  "endless-body": WHERE,
  "huge-body": { ...WHERE, size: "optional number" },
  "html-502": WHERE,
  "null-data": WHERE,
  "empty-resources": WHERE,
  "node-off": NODE,
  "certificate-changed": NODE,
  "disk-failing": { ...NODE, device: "optional text" },
  "zfs-degraded": NODE,
  "osd-down": { instance: "text", osd: "number" },
  "token-revoked": { instance: "text" },
  "password-changed": { instance: "text" },
  "tickets-expired": { instance: "text" },
  "datastore-removed": { instance: "text", datastore: "text" },
  "datastore-maintenance": { instance: "text", datastore: "text", mode: "text" },
  "guest-migrated": { ...GUEST, to: "text" },
  "guest-created": { ...GUEST, node: "text", name: "optional text", type: "optional text" },
  "guest-deleted": GUEST,
  "guest-started": GUEST,
  "guest-stopped": GUEST,
  "guest-rebooted": GUEST,
  "guest-cpu": { ...GUEST, cpu: "number" },
  "guest-locked": { ...GUEST, lock: "text" },
  "agent-hangs": { ...GUEST, delay: "optional number" },
  "agent-stopped": GUEST,
  "docker-silent": { host: "text" },
  "container-crashed": { host: "text", container: "text", exitCode: "optional number" },
};

/** A fault that cannot be: not of a known kind, or about something the estate does not have. */
export class UnknownFault extends Error {
  override readonly name = "UnknownFault";
}

/** Checks what came in over the admin address. Throws UnknownFault, naming the field. */
export function readFault(input: unknown): Fault {
  if (typeof input !== "object" || input === null) throw new UnknownFault("A fault is a JSON object");
  const given = input as Record<string, unknown>;
  const fields = Object.entries(FIELDS).find(([kind]) => kind === given.kind)?.[1];
  if (!fields)
    throw new UnknownFault(`Unknown "kind": "${String(given.kind)}"; known: ${Object.keys(FIELDS).join(", ")}`);
  const expected: Readonly<Record<string, FieldKind>> = { ...fields, kind: "text", lasts: "optional number" };
  for (const [field, kind] of Object.entries(expected))
    if (!isOfKind(given[field], kind)) throw new UnknownFault(`Field "${field}" of "${given.kind}" is a ${kind}`);
  for (const field of Object.keys(given))
    if (!(field in expected)) throw new UnknownFault(`"${given.kind}" has no field "${field}"`);
  return given as unknown as Fault;
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  if (value === undefined) return kind.startsWith("optional");
  return kind.endsWith("text") ? typeof value === "string" : typeof value === "number" && Number.isFinite(value);
}
