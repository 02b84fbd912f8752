import { diceOf } from "./dice.ts";
import { hasCeph, OSDS_PER_NODE } from "./disk-plan.ts";
import { Refusal } from "./refusal.ts";
import type { Ask, Route } from "./route.ts";
import { usedOn } from "./storage-answers.ts";

export const CEPH_ROUTES: readonly Route[] = [
  { path: "/cluster/ceph/status", data: toStatus },
  { path: "/nodes/{node}/ceph/status", data: toStatus },
  { path: "/nodes/{node}/ceph/pool", data: toPools },
  { path: "/nodes/{node}/ceph/mon", data: ask => toDaemons(ask, "mon") },
  { path: "/nodes/{node}/ceph/mgr", data: ask => toDaemons(ask, "mgr") },
  { path: "/nodes/{node}/ceph/mds", data: () => [] },
  { path: "/nodes/{node}/ceph/osd", data: toOsdTree },
];

/** Throws what Proxmox says on hosts that have none. */
function checkCeph({ instance }: Ask): void {
  if (!hasCeph(instance.plan)) throw new Refusal(500, "binary not installed: /usr/bin/ceph-mon");
}

interface Osd {
  id: number;
  node: string;
  up: boolean;
}

function osdsOf({ instance }: Ask): Osd[] {
  const down = new Set(instance.faults("osd-down").map(fault => fault.osd));
  return instance.scene().nodes.flatMap(({ plan, online }, index) =>
    Array.from({ length: OSDS_PER_NODE }, (_, number) => {
      const id = index * OSDS_PER_NODE + number;
      return { id, node: plan.name, up: online && !down.has(id) };
    }),
  );
}

/** Up to three nodes have a monitor, the first two a manager. */
function hostsOf({ instance }: Ask, kind: "mon" | "mgr") {
  return instance.scene().nodes.slice(0, kind === "mon" ? 3 : 2);
}

function toStatus(ask: Ask): Record<string, unknown> {
  checkCeph(ask);
  const { instance } = ask;
  const osds = osdsOf(ask);
  const down = osds.filter(({ up }) => !up);
  const mons = hostsOf(ask, "mon");
  const mgrs = hostsOf(ask, "mgr").filter(({ online }) => online);
  const [total, used] = sizeOf(ask);
  const check = (message: string, count: number) => ({
    severity: "HEALTH_WARN",
    summary: { message, count },
    muted: false,
  });
  const silent = mons.filter(({ online }) => !online);
  const checks = {
    ...(down.length > 0 ? { OSD_DOWN: check(`${down.length} osds down`, down.length) } : {}),
    ...(silent.length > 0 ? { MON_DOWN: check(`${silent.length}/${mons.length} mons down`, silent.length) } : {}),
  };
  return {
    fsid: toFsid(instance.seed, instance.plan.name),
    health: { status: Object.keys(checks).length > 0 ? "HEALTH_WARN" : "HEALTH_OK", checks, mutes: [] },
    quorum_names: mons.filter(({ online }) => online).map(({ plan }) => plan.name),
    monmap:
      instance.plan.release.release < "8"
        ? { num_mons: mons.length }
        : { num_mons: mons.length, mons: mons.map(({ plan }, rank) => ({ rank, name: plan.name })) },
    mgrmap: {
      available: mgrs.length > 0,
      active_name: mgrs[0]?.plan.name ?? "",
      standbys: mgrs.slice(1).map(({ plan }) => ({ name: plan.name })),
    },
    osdmap: { num_osds: osds.length, num_up_osds: osds.length - down.length, num_in_osds: osds.length },
    pgmap: {
      num_pgs: 129,
      num_pools: 2,
      bytes_total: total,
      bytes_used: used,
      bytes_avail: total - used,
      data_bytes: Math.floor(used / 3),
      read_bytes_sec: 1_204_331,
      write_bytes_sec: 3_480_210,
    },
    servicemap: { services: {} },
  };
}

/** Raw: three times what the pools hold. */
function sizeOf({ instance }: Ask): [total: number, used: number] {
  const storage = instance.plan.storages.find(({ plugintype }) => plugintype === "rbd");
  if (!storage) return [0, 0];
  return [storage.total * 3, usedOn(storage, "", instance.scene().at) * 3];
}

/** `percent_used` is a share; the number of objects is not told. */
function toPools(ask: Ask): Record<string, unknown>[] {
  checkCeph(ask);
  const [total, used] = sizeOf(ask);
  const pool = (id: number, name: string, size: number, share: number) => ({
    pool: id,
    pool_name: name,
    type: "replicated",
    size: 3,
    min_size: 2,
    pg_num: id === 1 ? 1 : 128,
    bytes_used: size,
    percent_used: share,
    crush_rule: 0,
    crush_rule_name: "replicated_rule",
    pg_autoscale_mode: "on",
    application_metadata: id === 1 ? { mgr: {} } : { rbd: {} },
  });
  return [pool(1, ".mgr", 3_145_728, 3_145_728 / total), pool(2, "vm", used, used / total)];
}

function toDaemons(ask: Ask, kind: "mon" | "mgr"): Record<string, unknown>[] {
  checkCeph(ask);
  const addresses = ask.instance.addresses;
  return hostsOf(ask, kind).map(({ plan: { name }, online }, index) => {
    const common = {
      name,
      host: name,
      addr: `${addresses.get(name)?.ip ?? "127.0.0.1"}:6789/0`,
      ceph_version_short: "19.2.3",
    };
    const state = kind === "mon" ? "running" : index === 0 ? "active" : "standby";
    if (!online) return { name, host: name, state: "unknown", ...(kind === "mon" ? { quorum: 0, rank: index } : {}) };
    return { ...common, state, ...(kind === "mon" ? { quorum: 1, rank: index, direxists: 1 } : {}) };
  });
}

function toOsdTree(ask: Ask): Record<string, unknown> {
  checkCeph(ask);
  const byNode = Map.groupBy(osdsOf(ask), osd => osd.node);
  const hosts = [...byNode].map(([name, osds], index) => ({
    id: String(-3 - index * 2),
    name,
    type: "host",
    leaf: 0,
    children: osds.map(({ id, up }) => ({
      id: String(id),
      name: `osd.${id}`,
      type: "osd",
      leaf: 1,
      host: name,
      status: up ? "up" : "down",
      in: 1,
      device_class: "ssd",
    })),
  }));
  return {
    flags: "sortbitwise,recovery_deletes,purged_snapdirs",
    root: { leaf: 0, children: [{ id: "-1", name: "default", type: "root", leaf: 0, children: hosts }] },
  };
}

function toFsid(seed: string, name: string): string {
  const dice = diceOf(seed, name, "fsid");
  return "xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx".replace(/x/g, () => Math.floor(dice.share() * 16).toString(16));
}
