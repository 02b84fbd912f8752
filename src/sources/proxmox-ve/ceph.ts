import { type Row, toNumber, toRow, toRows, toText } from "../../kit/fields.ts";
import { type Instant, percentOf, round, SECOND } from "../../kit/units.ts";
import type { CephCluster, CephPool, CephService } from "../../model/ceph.ts";
import { cephClusterId } from "../../model/ids.ts";
import type { Whole } from "../../model/observation.ts";
import { LookFailed } from "../source.ts";

/** The answers that together tell of a Ceph cluster; null: not to be had. */
export interface CephAnswers {
  status: unknown;
  pools: unknown;
  mons: unknown;
  mgrs: unknown;
  mdss: unknown;
  osds: unknown;
}

/** Translates `GET /nodes/{node}/ceph/status` and the lists of `/nodes/{node}/ceph/…`. Throws LookFailed. */
export function toCephCluster(answers: CephAnswers, instance: string, at: Instant): Whole<CephCluster> {
  const status = toRow(answers.status);
  const health = toRow(status?.health);
  if (!status || !health) throw new LookFailed("garbled", `"${instance}" answered "ceph/status" without a health`);
  // Nautilus and older put the map into another object of the same name.
  const osdmap = toRow(toRow(status.osdmap)?.osdmap) ?? toRow(status.osdmap) ?? {};
  const pgmap = toRow(status.pgmap) ?? {};
  const [total, used] = [toNumber(pgmap.bytes_total), toNumber(pgmap.bytes_used)];
  return {
    id: cephClusterId(instance),
    instance,
    name: instance,
    fsid: toText(status.fsid),
    health: toText(health.status) ?? "UNKNOWN",
    healthMessage: toMessage(health),
    totalBytes: total,
    usedBytes: used,
    availableBytes: toNumber(pgmap.bytes_avail),
    usagePercent: total === null || used === null ? null : percentOf(used, total),
    ...toCounts(status),
    numOsds: toNumber(osdmap.num_osds),
    numOsdsUp: toNumber(osdmap.num_up_osds),
    numOsdsIn: toNumber(osdmap.num_in_osds),
    numPGs: toNumber(pgmap.num_pgs),
    pools: toPools(answers.pools),
    services: toServices(answers),
    lastUpdated: Math.floor(at / SECOND),
  };
}

/** The sentences of all checks that are not muted: `checks` is a map. */
function toMessage(health: Row): string | null {
  const checks = Object.values(toRow(health.checks) ?? {}).map(toRow);
  const sentences = checks.flatMap(check =>
    check && check.muted !== true ? (toText(toRow(check.summary)?.message) ?? []) : [],
  );
  return sentences.length === 0 ? null : sentences.join("; ");
}

/** Monitors are a list, or only a number; of managers one is active, the others stand by. */
function toCounts(status: Row): { numMons: number | null; numMgrs: number | null } {
  const monmap = toRow(status.monmap);
  const mgrmap = toRow(status.mgrmap);
  const standbys = toRows(mgrmap?.standbys ?? undefined)?.length ?? toNumber(mgrmap?.num_standbys);
  const active = mgrmap?.available === true || toText(mgrmap?.active_name) !== null ? 1 : 0;
  const isTold = active === 1 || standbys !== null || mgrmap?.available === false;
  return {
    numMons: toRows(monmap?.mons ?? undefined)?.length ?? toNumber(monmap?.num_mons),
    numMgrs: isTold ? active + (standbys ?? 0) : null,
  };
}

/**
 * Translates `GET /nodes/{node}/ceph/pool`. `percent_used` is a share, of what is used and what may still be written: that is how much
 * is available, which the list does not tell.
 */
function toPools(data: unknown): CephPool[] {
  return (toRows(data) ?? []).flatMap(row => {
    const [id, name] = [toNumber(row.pool), toText(row.pool_name)];
    if (id === null || name === null) return [];
    const [used, share] = [toNumber(row.bytes_used), toNumber(row.percent_used)];
    const available = used === null || share === null || share <= 0 ? null : Math.round((used * (1 - share)) / share);
    return [
      {
        id,
        name,
        storedBytes: used,
        availableBytes: available,
        objects: toNumber(row.objects),
        percentUsed: share === null ? null : round(share * 100, 2),
      },
    ];
  });
}

function toServices({ mons, mgrs, mdss, osds }: CephAnswers): CephService[] {
  const daemons = (data: unknown, isUp: (row: Row) => boolean) =>
    (toRows(data ?? undefined) ?? []).map(row => ({
      name: toText(row.name) ?? "",
      host: toText(row.host),
      up: isUp(row),
    }));
  // A daemon that is configured and does not run has the state "stopped" or "unknown".
  const runs = (row: Row) => !["stopped", "unknown", "down"].includes(toText(row.state) ?? "unknown");
  const inQuorum = (row: Row) => (row.quorum === undefined ? runs(row) : row.quorum === true || row.quorum === 1);
  return [
    toService("mon", daemons(mons, inQuorum)),
    toService("mgr", daemons(mgrs, runs)),
    toService("mds", daemons(mdss, runs)),
    toService("osd", toOsds(osds)),
  ].filter(({ total }) => total > 0);
}

interface Daemon {
  name: string;
  host: string | null;
  up: boolean;
}

function toService(type: string, daemons: readonly Daemon[]): CephService {
  const offline = daemons.filter(({ up }) => !up);
  const names = offline.map(({ name, host }) => {
    const full = name.startsWith(`${type}.`) ? name : `${type}.${name}`;
    return host === null ? full : `${full}@${host}`;
  });
  const message = names.length === 0 ? {} : { message: `Offline: ${names.join(", ")}` };
  return { type, running: daemons.length - offline.length, total: daemons.length, ...message };
}

/** The leaves of the CRUSH tree in `GET /nodes/{node}/ceph/osd`, each with the host above it. */
function toOsds(data: unknown): Daemon[] {
  const walk = (row: Row, host: string | null): Daemon[] => {
    const name = toText(row.name) ?? "";
    if (row.type === "osd") return [{ name, host: toText(row.host) ?? host, up: row.status === "up" }];
    const here = row.type === "host" ? name : host;
    return (toRows(row.children ?? null) ?? []).flatMap(child => walk(child, here));
  };
  const root = toRow(toRow(data)?.root);
  return root ? walk(root, null) : [];
}
