import assert from "node:assert/strict";
import { test } from "node:test";
import { candidatesOf, openCapacityDesk } from "./capacity-desk.ts";
import { FakeClock } from "./kit/clock.ts";
import { DAY, HOUR, MINUTE } from "./kit/units.ts";
import type { BackupServer } from "./model/backup-server.ts";
import type { CephCluster } from "./model/ceph.ts";
import type { Guest } from "./model/guest.ts";
import type { Node } from "./model/node.ts";
import { emptyPicture } from "./model/picture.ts";
import type { Storage } from "./model/storage.ts";

const NOW = Date.UTC(2026, 0, 31);
const FRESH = { stale: false, lastSeen: NOW, fault: null };
const disk = (usage: number, total = 100) => ({ total, used: usage, free: total - usage, usage });

function storage(name: string, fields: Partial<Storage> = {}): Storage {
  const made = {
    id: `home:storage:${name}`,
    name,
    instance: "home",
    node: "pve1",
    type: "dir",
    usage: 70,
    total: 1000,
  };
  return { ...made, active: true, zfsPool: null, ...FRESH, ...fields } as Storage;
}

/** What is used of each now, in the unit that it is remembered by. */
const LAST: Record<string, number> = {
  "vault:datastore:main": 800,
  "home:storage:local": 350,
  "home:zfs:pve1/rpool": 90,
  "home:ceph": 66,
};

/** An estate in which each thing that can be full is there, some of it twice. */
function estate() {
  const picture = emptyPicture();
  for (const one of [
    storage("local", { total: 500 }),
    storage("tank", { type: "zfspool", zfsPool: { name: "tank" } as Storage["zfsPool"] }),
    storage("pbs", { type: "pbs", node: "shared" }),
    storage("vms", { type: "rbd", node: "shared" }),
    storage("empty", { usage: 5 }),
    storage("old", { stale: true }),
  ])
    picture.storage[one.id] = one;
  const pool = (name: string) => ({ name, size: 100, free: 10, ...FRESH });
  picture.nodes["home:node:pve1"] = {
    ...{ id: "home:node:pve1", node: "pve1", displayName: "pve1", instance: "home", status: "online", ...FRESH },
    ...{ disk: disk(70, 500), zfsPools: [pool("tank"), pool("rpool")] },
  } as Node;
  picture.nodes["home:node:pve2"] = {
    ...{ id: "home:node:pve2", node: "pve2", displayName: "pve2", instance: "home", status: "online", ...FRESH },
    ...{ disk: disk(60, 64), zfsPools: null },
  } as Node;
  picture.vms["home:guest:1"] = {
    ...{ id: "home:guest:1", name: "web", instance: "home", node: "pve1", template: false, ...FRESH },
    ...{ disk: disk(50), disks: [disk(50), disk(97)] },
  } as Guest;
  picture.containers["home:guest:2"] = {
    ...{ id: "home:guest:2", name: "unknown", instance: "home", node: "pve1", template: false, ...FRESH },
    ...{ disk: disk(-1), disks: null },
  } as Guest;
  picture.pbs.vault = {
    ...{ id: "vault", name: "vault", instance: "vault", stale: false },
    datastores: [{ id: "vault:datastore:main", name: "main", usage: 80, total: 1000 }],
  } as BackupServer;
  picture.cephClusters["home:ceph"] = { id: "home:ceph", instance: "home", usagePercent: 66, ...FRESH } as CephCluster;
  return picture;
}

test("everything that can be full is looked at, once", () => {
  const seen = candidatesOf(estate()).map(({ of, name, place, usage }) => `${of} ${name} (${place}) ${usage}`);
  assert.deepEqual(seen, [
    "storage local (home: pve1) 70",
    "storage tank (home: pve1) 70",
    "datastore main (vault) 80",
    "zfs rpool (home: pve1) 90",
    "ceph Ceph (home) 66",
    "node pve2 (home) 60",
    "guest web (home: pve1) 97",
  ]);
});

test("what is full soonest comes first; what does not grow is told only when it is nearly full", async () => {
  // By resource, how much is used more every day.
  const growth: Record<string, number> = {
    "home:storage:local": 10,
    "vault:datastore:main": 10,
    "home:storage:tank": 0,
    "home:zfs:pve1/rpool": 1,
    "home:ceph": 1,
  };
  const asked: string[] = [];
  const clock = new FakeClock(NOW - HOUR);
  const read = openCapacityDesk(
    estate,
    (resource, metric, from, to) => {
      asked.push(`${resource} ${metric}`);
      const pace = growth[resource];
      if (pace === undefined) return null;
      const last = LAST[resource] ?? 700;
      const days = Math.round((to - from) / DAY);
      return Array.from({ length: days * 4 }, (_, at) => {
        const time = from + (at * DAY) / 4;
        const mean = last - (pace * (to - time)) / DAY;
        return { time, min: mean, mean, max: mean };
      });
    },
    clock,
  );
  await clock.advance(HOUR);
  const found = await read();
  assert.deepEqual(
    found.map(({ name, full, known }) => [name, full === null ? null : Math.round((full - NOW) / DAY), known]),
    [
      ["rpool", 10, true],
      ["local", 15, true],
      ["main", 20, true],
      ["Ceph", 34, true],
      ["web", null, false],
    ],
  );
  const before = asked.length;
  await clock.advance(MINUTE);
  await read();
  assert.equal(asked.length, before, "kept for a quarter of an hour");
  await clock.advance(HOUR);
  await read();
  assert.equal(asked.length, 2 * before);
});

test("soon after the start, while the past still comes in, it is looked at every minute", async () => {
  const clock = new FakeClock(NOW);
  let asked = 0;
  const remember = () => {
    asked += 1;
    return null;
  };
  const read = openCapacityDesk(estate, remember, clock);
  await read();
  const once = asked;
  await clock.advance(MINUTE);
  await read();
  assert.equal(asked, 2 * once);
});
