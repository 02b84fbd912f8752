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
import { putDockerHost, putGuest, putInstance, putNode, putStorage, samplePicture } from "./sample.ts";

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
    read: changes.read.bind(changes),
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
