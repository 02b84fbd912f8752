import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "./kit/clock.ts";
import { type Forecast, forecast } from "./kit/forecast.ts";
import { DAY, type Instant, MINUTE, type Millis, type Percent } from "./kit/units.ts";
import type { FillingUp } from "./model/capacity.ts";
import { zfsPoolId } from "./model/ids.ts";
import type { Picture } from "./model/picture.ts";
import type { Point } from "./model/point.ts";
import { zfsUsage } from "./model/zfs.ts";

/** As far back as the pace is looked at, and how finely. */
const LENGTH: Millis = 30 * DAY;
const POINTS = 120;
/** What will be full later than that is no news, unless it is nearly full already. */
const HORIZON: Millis = 365 * DAY;
const NEARLY_FULL: Percent = 85;
/** What is emptier is not looked at: of thousands of disks most are. */
const LEAST: Percent = 40;
const MOST = 200;
const FRESH_FOR: Millis = 15 * MINUTE;
/** Soon after the start, when what servers remember of the time before still comes in. */
const FRESH_AT_FIRST: Millis = MINUTE;
/** So many are looked at before others get their turn. */
const AT_ONCE = 20;

/** Who remembers what was: see the history room. */
type Past = (resource: string, metric: string, from: Instant, to: Instant, points: number) => Point[] | null;

/** Something that can be full. `past`: what it is remembered by, and how much of that is full. */
type Candidate = Omit<FillingUp, "full" | "known"> & {
  past: { resource: string; metric: string; size: number };
};

/** Tells what fills up, the soonest first; found out when asked for, at most every quarter of an hour. */
export function openCapacityDesk(picture: () => Picture, past: Past, clock: Clock): () => Promise<FillingUp[]> {
  const openedAt = clock.now();
  let made: { at: Instant; answer: Promise<FillingUp[]> } | null = null;
  return () => {
    const now = clock.now();
    const freshFor = now - openedAt < FRESH_FOR ? FRESH_AT_FIRST : FRESH_FOR;
    if (made === null || now - made.at >= freshFor || now < made.at)
      made = { at: now, answer: fillingUp(candidatesOf(picture()), past, now) };
    return made.answer;
  };
}

async function fillingUp(candidates: readonly Candidate[], past: Past, now: Instant): Promise<FillingUp[]> {
  const found: FillingUp[] = [];
  let count = 0;
  for (const { past: remembered, ...candidate } of candidates) {
    count += 1;
    if (count % AT_ONCE === 0) await nextTurn();
    const made = foretell(remembered, past, now);
    const full = made.kind === "full" && made.at - now < HORIZON ? made.at : null;
    if (full === null && candidate.usage < NEARLY_FULL) continue;
    found.push({ ...candidate, full, known: made.kind !== "too-little-history" });
  }
  const order = (one: FillingUp) => one.full ?? Number.POSITIVE_INFINITY;
  return found.sort((a, b) => compare(order(a), order(b)) || b.usage - a.usage).slice(0, MOST);
}

function foretell({ resource, metric, size }: Candidate["past"], past: Past, now: Instant): Forecast {
  const points = past(resource, metric, now - LENGTH, now, POINTS) ?? [];
  return forecast(
    points.map(({ time, mean }) => ({ time, value: mean })),
    size,
    now,
  );
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Everything in the picture that can be full and is not nearly empty; what is stale is left out, and nothing is there twice. */
export function candidatesOf(picture: Picture): Candidate[] {
  return [
    ...storages(picture),
    ...datastores(picture),
    ...pools(picture),
    ...cephs(picture),
    ...roots(picture),
    ...guests(picture),
  ].filter(({ usage }) => usage >= LEAST);
}

/** Those of a Backup Server or a Ceph that is watched itself are told there. */
function storages(picture: Picture): Candidate[] {
  const hasServers = Object.keys(picture.pbs).length > 0;
  const withCeph = new Set(Object.values(picture.cephClusters).map(({ instance }) => instance));
  return Object.values(picture.storage).flatMap(({ id, name, instance, node, type, usage, total, stale, active }) => {
    const isElsewhere = (hasServers && type === "pbs") || (withCeph.has(instance) && /^(rbd|cephfs)$/.test(type));
    if (stale || !active || usage === null || total === null || isElsewhere) return [];
    const place = node === "shared" ? instance : `${instance}: ${node}`;
    return [
      { resource: id, of: "storage" as const, name, place, usage, past: { resource: id, metric: "used", size: total } },
    ];
  });
}

function datastores(picture: Picture): Candidate[] {
  return Object.values(picture.pbs).flatMap(server =>
    server.datastores.flatMap(({ id, name, usage, total }) => {
      if (server.stale || usage === null || total === null) return [];
      const past = { resource: id, metric: "used", size: total };
      return [{ resource: server.id, of: "datastore" as const, name, place: server.name, usage, past }];
    }),
  );
}

/** A pool that a storage lies on is told by that. */
function pools(picture: Picture): Candidate[] {
  const used = new Set(
    Object.values(picture.storage).flatMap(({ instance, node, zfsPool }) =>
      zfsPool ? [zfsPoolId(instance, node, zfsPool.name)] : [],
    ),
  );
  return Object.values(picture.nodes).flatMap(({ instance, node, zfsPools, stale }) =>
    (zfsPools ?? []).flatMap(({ name, size, free, stale: isOld }) => {
      const id = zfsPoolId(instance, node, name);
      const usage = zfsUsage({ size, free });
      if (stale || isOld || size === null || usage === null || used.has(id)) return [];
      const past = { resource: id, metric: "used", size };
      return [{ resource: id, of: "zfs" as const, name, place: `${instance}: ${node}`, usage, past }];
    }),
  );
}

function cephs(picture: Picture): Candidate[] {
  return Object.values(picture.cephClusters).flatMap(({ id, instance, usagePercent: usage, stale }) =>
    stale || usage === null
      ? []
      : [
          {
            ...{ resource: id, of: "ceph" as const, name: "Ceph", place: instance, usage },
            // As a share: of its bytes some are another's, so that they do not add up to its size.
            past: { resource: id, metric: "usage", size: 100 },
          },
        ],
  );
}

/** A root filesystem that is a storage, too, is told by that. */
function roots(picture: Picture): Candidate[] {
  const sizes = new Set(
    Object.values(picture.storage).map(({ instance, node, total }) => `${instance} ${node} ${total}`),
  );
  return Object.values(picture.nodes).flatMap(({ id, instance, node, displayName: name, disk, stale, status }) => {
    const isTold = sizes.has(`${instance} ${node} ${disk?.total}`);
    if (stale || status !== "online" || disk === null || disk.usage < 0 || isTold) return [];
    const past = { resource: id, metric: "disk", size: 100 };
    return [{ resource: id, of: "node" as const, name, place: instance, usage: disk.usage, past }];
  });
}

function guests(picture: Picture): Candidate[] {
  return [...Object.values(picture.vms), ...Object.values(picture.containers)].flatMap(
    ({ id, instance, node, name, disk, disks, stale, template }) => {
      const usage = Math.max(disk?.usage ?? -1, ...(disks ?? []).map(one => one.usage));
      if (stale || template || usage < 0) return [];
      const past = { resource: id, metric: "disk", size: 100 };
      return [{ resource: id, of: "guest" as const, name, place: `${instance}: ${node}`, usage, past }];
    },
  );
}
