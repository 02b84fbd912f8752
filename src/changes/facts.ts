import type { Instant, Millis } from "../kit/units.ts";
import type { CephCluster } from "../model/ceph.ts";
import type { DockerContainer, DockerHostFacts } from "../model/docker.ts";
import type { ChangedField, ChangeValue, EstateChange } from "../model/estate-change.ts";
import type { Guest } from "../model/guest.ts";
import { zfsPoolId } from "../model/ids.ts";
import type { Node } from "../model/node.ts";
import { allOf, type Picture } from "../model/picture.ts";
import type { Storage } from "../model/storage.ts";
import type { ZfsPool } from "../model/zfs.ts";

/** What is compared of something; null: unknown now, and no change either way. */
export type Fields = Readonly<Partial<Record<Exclude<ChangedField, "existence">, ChangeValue>>>;

/** What is known of something that may change. */
export interface Facts {
  of: EstateChange["of"];
  /** "" for a Docker host and what is on it. */
  instance: string;
  /** Of a container: its Docker host. */
  host?: string;
  name: string;
  type: string | null;
  fields: Fields;
  /** Since when it runs; null: it does not, or nobody knows. */
  started: Instant | null;
  /** How long it has been running, as it says. */
  ran: Millis | null;
}

/** Something in the picture. `facts` null: it is there, and how it is nobody knows now. `isPassing`: with the next sight they are those of another. */
export interface Sight {
  id: string;
  facts: Facts | null;
  isPassing?: boolean;
}

/** Facts of a sight, to be kept. */
export function toKept(facts: Facts, isPassing = false): Facts {
  return isPassing ? { ...facts, fields: { ...facts.fields } } : facts;
}

/** Everything in the picture whose changes are told. What is stale says only that it is there. */
export function* sightsOf(picture: Picture): Generator<Sight> {
  for (const instance of allOf(picture, "instances")) {
    const version = (picture.pbs[instance.id] ?? picture.pmg[instance.id])?.version ?? null;
    const { id, name, type } = instance;
    yield { id, facts: { of: "instance", instance: id, name, type, fields: { version }, started: null, ran: null } };
  }
  for (const node of allOf(picture, "nodes"))
    if (!node.id.endsWith(":*")) yield { id: node.id, facts: node.stale ? null : ofNode(node) };
  // NOTE: tens of thousands, of which next to none is otherwise than before: nothing is made for them.
  const passing = { id: "", facts: null as Facts | null, isPassing: true };
  const facts = newGuestFacts();
  for (const collection of ["vms", "containers"] as const)
    for (const guest of allOf(picture, collection)) {
      passing.id = guest.id;
      passing.facts = guest.stale ? null : toGuestFacts(guest, facts);
      yield passing;
    }
  for (const storage of allOf(picture, "storage"))
    yield { id: storage.id, facts: storage.stale ? null : ofStorage(storage) };
  for (const server of Object.values(picture.pbs))
    for (const { id, name } of server.datastores)
      yield {
        id,
        facts: server.stale
          ? null
          : { of: "datastore", instance: server.instance, name, type: null, fields: {}, started: null, ran: null },
      };
  // NOTE: before its host, of which it is then known when it was last seen.
  for (const one of allOf(picture, "dockerContainers"))
    yield { id: one.id, facts: one.stale ? null : ofContainer(one, picture) };
  for (const host of Object.values(picture.dockerHosts))
    yield { id: host.id, facts: host.stale ? null : ofDockerHost(host) };
  for (const node of allOf(picture, "nodes"))
    for (const pool of node.zfsPools ?? [])
      yield {
        id: zfsPoolId(node.instance, node.node, pool.name),
        facts: node.stale || pool.stale ? null : ofPool(pool, node),
      };
  for (const ceph of Object.values(picture.cephClusters))
    yield { id: ceph.id, facts: ceph.stale ? null : ofCeph(ceph) };
}

function ofNode(node: Node): Facts {
  const { instance, displayName, status, uptime, lastSeen, pveVersion, kernelVersion } = node;
  const runs = status === "online";
  return {
    ...{ of: "node", instance, name: displayName, type: null },
    // That a node is down is told by its alert; here, that it has been.
    fields: {
      power: runs ? "running" : null,
      version: versionOf(pveVersion),
      kernel: kernelVersion,
      pools: poolsOf(node),
    },
    started: runs ? startOf(uptime, lastSeen) : null,
    ran: runs ? uptimeOf(uptime) : null,
  };
}

type GuestFields = "power" | "name" | "node" | "cores" | "memory" | "disk" | "template";
type GuestFacts = Facts & { fields: Record<GuestFields, ChangeValue> };

function newGuestFacts(): GuestFacts {
  const fields = { power: null, name: null, node: null, cores: null, memory: null, disk: null, template: null };
  return { of: "guest", instance: "", name: "", type: null, fields, started: null, ran: null };
}

function toGuestFacts(guest: Guest, facts: GuestFacts): Facts {
  const { fields } = facts;
  const { status, name, template, uptime } = guest;
  const runs = status === "running";
  facts.instance = guest.instance;
  facts.name = name;
  facts.type = guest.type;
  fields.power = status !== "unknown" && !template ? status : null;
  fields.name = name;
  fields.node = guest.node;
  fields.cores = positive(guest.cpus);
  fields.memory = positive(guest.maxmem);
  fields.disk = positive(guest.maxdisk);
  fields.template = template ? "yes" : "no";
  facts.started = runs ? startOf(uptime, guest.lastSeen) : null;
  facts.ran = runs ? uptimeOf(uptime) : null;
  return facts;
}

function ofStorage({ instance, name, type, node, enabled }: Storage): Facts {
  return {
    ...{ of: "storage", instance, name: node === "shared" ? name : `${name} on ${node}`, type },
    fields: { enabled: enabled ? "yes" : "no" },
    started: null,
    ran: null,
  };
}

function ofDockerHost({ displayName, dockerVersion }: DockerHostFacts): Facts {
  const fields = { name: displayName, version: dockerVersion };
  return { of: "dockerHost", instance: "", name: displayName, type: null, fields, started: null, ran: null };
}

/** One that starts again and again is meant to run: each start shows. */
const POWER: Readonly<Record<string, string>> = {
  running: "running",
  restarting: "running",
  paused: "paused",
  exited: "stopped",
  dead: "stopped",
  created: "stopped",
};

function ofContainer(one: DockerContainer, { dockerHosts }: Picture): Facts {
  const { hostId: host, name, state, image, imageId, startedAt, uptimeSeconds } = one;
  const runs = POWER[state] === "running";
  return {
    ...{ of: "container", instance: "", host, type: null },
    name: `${name} on ${dockerHosts[host]?.displayName ?? host}`,
    fields: {
      power: POWER[state] ?? null,
      image: image || null,
      build: imageId?.slice(0, "sha256:".length + 12) ?? null,
    },
    started: runs ? startedAt : null,
    ran: runs && uptimeSeconds !== null ? uptimeSeconds * 1000 : null,
  };
}

/** That a pool is new or gone is told of its node: which there are is told by a list that may come late. */
function ofPool(
  { name, state, readErrors, writeErrors, checksumErrors, scan }: ZfsPool,
  { instance, node }: Node,
): Facts {
  const counted = [readErrors, writeErrors, checksumErrors].filter(count => count !== null);
  const errors = counted.length === 0 ? null : counted.reduce((sum, count) => sum + count, 0);
  const fields = { node, state, errors, scrub: scan?.includes("in progress") ? "running" : scan };
  return { of: "zfs", instance, name: `${name} on ${node}`, type: null, fields, started: null, ran: null };
}

function poolsOf({ zfsPools }: Node): string | null {
  return zfsPools === null || zfsPools === undefined || zfsPools.some(({ stale }) => stale) ? null : listOf(zfsPools);
}

function ofCeph(ceph: CephCluster): Facts {
  const { instance, name, health, healthMessage, numOsds, numOsdsUp, numOsdsIn, pools } = ceph;
  const flags = /([a-z,]+) flag\(s\) set/.exec(healthMessage ?? "")?.[1] ?? "none";
  const fields = { state: health, osds: numOsds, osdsUp: numOsdsUp, osdsIn: numOsdsIn, flags };
  // A list that cannot be had is empty, too.
  const all = { ...fields, pools: pools.length === 0 ? null : listOf(pools) };
  return { of: "ceph", instance, name: `Ceph of ${name}`, type: null, fields: all, started: null, ran: null };
}

/** "" for none: that is known, and not null. */
function listOf(named: readonly { name: string }[]): string {
  return named
    .map(({ name }) => name)
    .sort()
    .join(",");
}

/** "pve-manager/9.1.2/9d436f37a0ac4172" is 9.1.2. */
function versionOf(text: string | null): string | null {
  return text?.split("/")[1] ?? text;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}

function uptimeOf(uptime: number | null): Millis | null {
  return uptime !== null && uptime > 0 ? uptime * 1000 : null;
}

function startOf(uptime: number | null, seen: Instant): Instant | null {
  const ran = uptimeOf(uptime);
  return ran !== null && seen > 0 ? seen - ran : null;
}
