import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, MINUTE, SECOND } from "../kit/units.ts";
import { guestId } from "../model/ids.ts";
import type { Picture } from "../model/picture.ts";
import { Database } from "../store/database.ts";
import { Changes } from "./changes.ts";
import {
  putCeph,
  putContainer,
  putDockerHost,
  putGuest,
  putInstance,
  putNode,
  putStorage,
  samplePicture,
  toPool,
} from "./sample.ts";

const START = Date.UTC(2026, 0, 10);
const TICK = 10 * SECOND;

/** Ticks over an estate that is drawn anew each time. */
function open(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-changes-"));
  const database = Database.open(folder, "a");
  context.after(() => {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  let changes = new Changes(database, null);
  let now = START;
  const tick = (draw: (picture: Picture, at: number) => void) => {
    now += TICK;
    const picture = samplePicture(now);
    draw(picture, now);
    changes.look(picture, now);
    database.transaction(() => changes.write(now));
    changes.written(now);
  };
  const it = {
    tick,
    /** So long the same, tick by tick. */
    during(length: number, draw: (picture: Picture, at: number) => void) {
      for (let rest = length; rest > 0; rest -= TICK) tick(draw);
    },
    /** Pulse is off for so long. */
    off(length: number) {
      changes = new Changes(database, now);
      now += length;
    },
    told: () =>
      changes
        .read({ since: 0, limit: 100, resource: null })
        .changes.map(
          ({ name, field, from, to, times, missed }) =>
            `${name}: ${field} ${from} → ${to}${times > 1 ? ` ×${times}` : ""}${missed ? ` (${missed})` : ""}`,
        ),
    news: () => changes.takeNews(),
    rows: (table: string) => database.all(`SELECT * FROM ${table}`).length,
    read: (query: Parameters<Changes["read"]>[0]) => changes.read(query),
    get now() {
      return now;
    },
  };
  return it;
}

/** Two guests and a storage. */
const calm = (picture: Picture, at: number) => {
  putGuest(picture, 1, at);
  putGuest(picture, 2, at);
  putStorage(picture, "nas", at);
};
const settled = 3 * MINUTE;

test("the first sight of an instance is no news, however long it takes to tell all", context => {
  const it = open(context);
  it.tick(() => {});
  it.during(MINUTE, (picture, at) => putGuest(picture, 1, at));
  it.during(settled, calm);
  assert.deepEqual(it.told(), []);
  assert.equal(it.news(), null);
});

test("what comes and goes later is told, once each", context => {
  const it = open(context);
  it.during(settled, calm);
  it.during(MINUTE, (picture, at) => {
    calm(picture, at);
    putGuest(picture, 3, at, { name: "new" });
  });
  it.during(2 * MINUTE, (picture, at) => {
    putGuest(picture, 1, at);
    putGuest(picture, 3, at, { name: "new", cpus: 4 });
    putStorage(picture, "nas", at, { enabled: false });
  });
  assert.deepEqual(it.told().toSorted(), [
    "nas: enabled yes → no",
    "new: cores 2 → 4",
    "new: existence absent → present",
    "vm2: existence present → absent",
  ]);
  assert.equal(it.news(), 4);
  assert.equal(it.news(), null, "nobody is told twice");
});

test("an instance that does not answer loses nothing, and what changed meanwhile is told as missed", context => {
  const it = open(context);
  it.during(settled, calm);
  it.during(10 * MINUTE, (picture, at) => {
    calm(picture, at);
    putInstance(picture, "home", at, { status: "offline" });
    putGuest(picture, 1, at, { stale: true, status: "unknown" });
    delete picture.vms[guestId("home", 2)];
  });
  assert.deepEqual(it.told(), []);
  it.during(2 * MINUTE, (picture, at) => {
    putGuest(picture, 1, at, { status: "stopped", uptime: 0 });
    putStorage(picture, "nas", at);
  });
  assert.deepEqual(it.told(), [
    "vm2: existence present → absent (unreachable)",
    "vm1: power running → stopped (unreachable)",
  ]);
});

test("what changed while Pulse was off is found at the next start, and what did not is not told", context => {
  const it = open(context);
  it.during(settled, calm);
  it.off(DAY);
  const next = (picture: Picture, at: number) => {
    putNode(picture, "pve1", at, { uptime: 600, pveVersion: "9.1.0" });
    putGuest(picture, 1, at, { node: "pve2" });
    putGuest(picture, 3, at, { name: "new" });
    putStorage(picture, "nas", at);
  };
  it.tick(picture => putInstance(picture, "home", 0, { status: "connecting", lastSeen: 0 }));
  it.during(2 * MINUTE, next);
  assert.deepEqual(it.told().toSorted(), [
    "new: existence absent → present (off)",
    "pve1: power running → running (off)",
    "pve1: version 9.0.3 → 9.1.0 (off)",
    "vm1: node pve1 → pve2 (off)",
    "vm2: existence present → absent (off)",
  ]);
});

test("a short restart is not told of as a time in which something was missed", context => {
  const it = open(context);
  it.during(settled, calm);
  it.off(30 * SECOND);
  it.during(MINUTE, (picture, at) => {
    calm(picture, at);
    putGuest(picture, 1, at, { cpus: 8 });
  });
  assert.deepEqual(it.told(), ["vm1: cores 2 → 8"]);
});

test("a token that lost its rights sees nothing: that is not told as a great dying", context => {
  const it = open(context);
  it.during(settled, calm);
  it.during(20 * MINUTE, picture => {
    delete picture.nodes["home:node:pve1"];
  });
  assert.deepEqual(it.told(), []);
  it.during(MINUTE, calm);
  assert.deepEqual(it.told(), []);
});

test("a guest that flaps is one line and one row", context => {
  const it = open(context);
  it.during(settled, calm);
  for (let turn = 0; turn < 14; turn++) {
    const status = turn % 2 === 0 ? "stopped" : "running";
    it.tick((picture, at) => {
      calm(picture, at);
      putGuest(picture, 1, at, { status, uptime: status === "running" ? 5 : 0 });
    });
  }
  assert.deepEqual(it.told(), ["vm1: power running → running ×14"]);
  assert.equal(it.rows("estate_change"), 1);
});

test("an instance and a Docker host that come later are told, but nothing that is in them; one that goes is one change", context => {
  const it = open(context);
  it.during(settled, calm);
  const more = (picture: Picture, at: number) => {
    calm(picture, at);
    putInstance(picture, "far", at);
    putGuest(picture, 9, at, { id: "far:guest:9", instance: "far", name: "away" });
    putDockerHost(picture, "box", at);
  };
  it.during(settled, more);
  assert.deepEqual(it.told().toSorted(), ["box: existence absent → present", "far: existence absent → present"]);
  it.tick((picture, at) => {
    calm(picture, at);
    putDockerHost(picture, "box", at);
  });
  assert.equal(it.told()[0], "far: existence absent → present ×2".replace("absent → present", "absent → absent"));
  assert.equal(it.rows("estate_fact"), 1 + 1 + 1 + 2 + 1 + 1, "what was in it is forgotten");
});

test("a large estate that starts all at once is told over several looks, each bounded", context => {
  const it = open(context);
  const many = (status: string) => (picture: Picture, at: number) => {
    for (let vmid = 1; vmid <= 1200; vmid++)
      putGuest(picture, vmid, at, { status, uptime: status === "running" ? 5 : 0 });
  };
  it.during(settled + MINUTE, many("stopped"));
  it.tick(many("running"));
  assert.equal(it.rows("estate_change"), 500);
  it.during(30 * SECOND, many("running"));
  assert.equal(it.rows("estate_change"), 1200);
});

test("changes are kept for 30 days", context => {
  const it = open(context);
  it.during(settled, calm);
  it.tick((picture, at) => {
    calm(picture, at);
    putGuest(picture, 1, at, { name: "other" });
  });
  assert.equal(it.told().length, 1);
  it.off(31 * DAY);
  it.tick((picture, at) => {
    calm(picture, at);
    putGuest(picture, 1, at, { name: "other" });
  });
  it.during(HOUR, calm);
  assert.ok(!it.told().includes("vm1: name vm1 → other"));
});

/** A Docker host with two containers. */
const docked = (picture: Picture, at: number) => {
  putDockerHost(picture, "dock", at);
  putContainer(picture, "web", at);
  putContainer(picture, "db", at);
};

test("containers that a first report tells are no news; what comes, goes and gets another image later is", context => {
  const it = open(context);
  it.during(MINUTE, docked);
  assert.deepEqual(it.told(), []);
  const startedAt = it.now;
  it.during(2 * MINUTE, (picture, at) => {
    putDockerHost(picture, "dock", at);
    putContainer(picture, "web", at, { image: "web:2", imageId: "sha256:bbbbbbbbbbbbbbb", startedAt });
    putContainer(picture, "new", at, { state: "exited", startedAt: null, uptimeSeconds: null });
  });
  assert.deepEqual(it.told().toSorted(), [
    "db on dock: existence present → absent",
    "new on dock: existence absent → present",
    "web on dock: image web:1 → web:2",
  ]);
});

test("after a start, containers whose host has not reported yet are known all the same", context => {
  const it = open(context);
  it.during(2 * MINUTE, docked);
  it.off(HOUR);
  it.during(MINUTE / 2, () => {});
  it.during(MINUTE, docked);
  assert.deepEqual(it.told(), []);
});

test("a container that restarts again and again is one row that counts, and its host's silence is no change", context => {
  const it = open(context);
  it.during(MINUTE, docked);
  for (let round = 0; round < 5; round++) {
    const startedAt = it.now + TICK;
    it.during(MINUTE, (picture, at) => {
      docked(picture, at);
      putContainer(picture, "web", at, { startedAt, uptimeSeconds: (at - startedAt) / SECOND });
    });
  }
  assert.deepEqual(it.told(), ["web on dock: power running → running ×5"]);
  it.during(HOUR, (picture, at) => putDockerHost(picture, "dock", at, { stale: true }));
  assert.equal(it.told().length, 1);
});

test("the same image built anew is told; a host that is removed takes its containers along without a word of each", context => {
  const it = open(context);
  const withBuild = (imageId: string) => (picture: Picture, at: number) => {
    docked(picture, at);
    putContainer(picture, "web", at, { imageId });
  };
  it.during(MINUTE, withBuild("sha256:aaaaaaaaaaaaaaa"));
  it.during(MINUTE, withBuild("sha256:ccccccccccccccc"));
  it.during(5 * MINUTE, () => {});
  assert.deepEqual(it.told(), [
    "dock: existence present → absent",
    "web on dock: build sha256:aaaaaaaaaaaa → sha256:cccccccccccc",
  ]);
});

test("an earlier version kept nothing of containers, pools and Ceph: what it did not know is not new", context => {
  const it = open(context);
  it.during(settled, (picture, at) => {
    calm(picture, at);
    putDockerHost(picture, "dock", at);
  });
  it.off(HOUR);
  it.tick((picture, at) => {
    calm(picture, at);
    docked(picture, at);
    putNode(picture, "pve1", at, { zfsPools: [toPool("tank")] });
    putCeph(picture);
  });
  assert.deepEqual(
    it.told().filter(line => !line.includes(" on dock")),
    [],
  );
});

test("a pool that degrades, counts errors, is scrubbed, and one that is new", context => {
  const it = open(context);
  const pools =
    (...zfsPools: ReturnType<typeof toPool>[]) =>
    (picture: Picture, at: number) =>
      putNode(picture, "pve1", at, { zfsPools });
  it.during(settled, (picture, at) => putNode(picture, "pve1", at, { zfsPools: null }));
  it.during(MINUTE, pools(toPool("tank")));
  assert.deepEqual(it.told(), [], "what is listed late is no news");
  it.tick(pools(toPool("tank", { state: "DEGRADED", checksumErrors: 3 })));
  it.tick(
    pools(toPool("tank", { state: "DEGRADED", checksumErrors: 3, scan: "scrub in progress since Sun, 10 % done" })),
  );
  it.tick(
    pools(toPool("tank", { state: "DEGRADED", checksumErrors: 3, scan: "scrub in progress since Sun, 20 % done" })),
  );
  it.tick(pools(toPool("tank", { scan: "scrub repaired 0B" }), toPool("fast")));
  it.during(HOUR, pools(toPool("tank", { scan: "scrub repaired 0B", stale: true })));
  assert.deepEqual(it.told().toSorted(), [
    "pve1: pools tank → fast,tank",
    "tank on pve1: errors 0 → 0 ×2",
    "tank on pve1: scrub running → scrub repaired 0B",
    "tank on pve1: state ONLINE → ONLINE ×2",
  ]);
});

test("Ceph whose health, OSDs, flags and pools change", context => {
  const it = open(context);
  const ceph = (fields: Parameters<typeof putCeph>[1]) => (picture: Picture) => putCeph(picture, fields);
  it.during(settled, ceph({}));
  it.during(
    MINUTE,
    ceph({
      ...{ health: "HEALTH_WARN", healthMessage: "noout,norebalance flag(s) set; 1 osds down", numOsdsUp: 5 },
      pools: [{ name: "vms" }, { name: "fs" }] as never,
    }),
  );
  it.during(HOUR, ceph({ stale: true, health: "HEALTH_ERR" }));
  assert.deepEqual(it.told().toSorted(), [
    "Ceph of home: flags none → noout,norebalance",
    "Ceph of home: osdsUp 6 → 5",
    "Ceph of home: pools vms → fs,vms",
    "Ceph of home: state HEALTH_OK → HEALTH_WARN",
  ]);
});

test("since when it looks is known, also after a restart", context => {
  const it = open(context);
  it.tick(calm);
  const first = it.now;
  it.during(settled, calm);
  it.off(HOUR);
  it.tick(calm);
  assert.equal(it.read({ since: 0, limit: 1, resource: null }).watchedSince, first);
});
