import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Transition } from "../model/alert.ts";
import { nodeId } from "../model/ids.ts";
import type { OwnUpdate, Picture } from "../model/picture.ts";
import { Database } from "../store/database.ts";
import { Alerts } from "./alerts.ts";
import type { Kept } from "./entry.ts";
import { GivenConfig } from "./given-config.ts";
import { addContainer, addGuest, addNode, addStorage, NO_PAST, samplePicture } from "./sample-estate.ts";

const TICK = 10 * SECOND;
const START = Date.UTC(2026, 0, 1);

/** Alerts on a real database, ticked by hand. */
function bench(context: TestContext, change: object = {}, { seamless = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "pulse-alerts-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  let database = Database.open(folder, "a");
  context.after(() => database[Symbol.dispose]());
  let now = START;
  let given: GivenConfig | null = null;
  const open = () => new Alerts(database, { now, past: NO_PAST, given, seamless });
  let alerts = open();
  alerts.configure(change);
  const picture = samplePicture();
  const keep = () => {
    database.transaction(() => alerts.write(now), alerts.due ?? "lazy");
    alerts.written();
  };
  const tick = (): readonly Transition[] => {
    now += TICK;
    const transitions = alerts.evaluate(picture, now);
    keep();
    return transitions;
  };
  return {
    picture,
    get alerts() {
      return alerts;
    },
    get now() {
      return now;
    },
    tick,
    keep,
    /** What happens within `duration`, as "kind id" lines. */
    for: (duration: Millis, each: (picture: Picture) => void = () => {}): string[] => {
      const lines: string[] = [];
      for (let passed = 0; passed < duration; passed += TICK) {
        each(picture);
        lines.push(...tick().map(({ kind, alert }) => `${kind} ${alert.id}`));
      }
      return lines;
    },
    /** Ends this run, properly or by a kill, and begins another. */
    restart: ({ kill = false, after = 0, yaml }: { kill?: boolean; after?: Millis; yaml?: object } = {}) => {
      if (!kill) database.transaction(() => alerts.close(now));
      database[Symbol.dispose]();
      now += after;
      if (yaml) given = new GivenConfig({ ...yaml }, "pulse.yaml");
      database = Database.open(folder, "a");
      alerts = open();
    },
    /** Makes what is kept of an alert that of another signal. */
    rename: (from: string, id: string, type: string) => {
      const [row] = database.all("SELECT state FROM alert_state WHERE id = ?", from);
      const kept = JSON.parse(String(row?.state)) as Kept;
      const renamed = { ...kept, id, type, alert: { ...kept.alert, id, type } };
      database.run("DELETE FROM alert_state WHERE id = ?", from);
      database.run("INSERT INTO alert_state VALUES (?, ?)", id, JSON.stringify(renamed));
    },
    rows: (table: string) => database.all(`SELECT * FROM ${table}`).length,
  };
}

/** Figures that fire at once, so that a test says what it is about. */
const AT_ONCE = { timeThreshold: 0, metricTimeThresholds: null };

test("an estate that is well has no alert, and writes nothing", context => {
  const it = bench(context);
  for (const vmid of [1, 2, 3]) addGuest(it.picture, vmid);
  addStorage(it.picture, "nas");
  addContainer(it.picture, "web");
  assert.deepEqual(it.for(HOUR), []);
  assert.equal(it.alerts.active().length, 0);
  assert.equal(it.rows("alert_transition") + it.rows("alert_state") + it.rows("alert_episode"), 0);
});

test("an alert fires after its hold, says why, and resolves", context => {
  const it = bench(context, { metricTimeThresholds: { guest: { cpu: 60 } } });
  const guest = addGuest(it.picture, 1, { cpu: 0.95, name: "web", tags: "prod" });
  assert.deepEqual(it.for(MINUTE), []);
  assert.deepEqual(it.for(TICK), ["fired home:guest:1-cpu"]);
  const [alert] = it.alerts.active();
  assert.equal(alert?.message, 'CPU of guest "web" is 95 % (threshold 90 %)');
  assert.deepEqual([alert?.value, alert?.threshold, alert?.unit, alert?.level], [95, 90, "percent", "warning"]);
  assert.deepEqual(
    [alert?.metadata.clearThreshold, alert?.metadata.resourceType, alert?.tags],
    [80, "guest", ["prod"]],
  );
  guest.cpu = 0.85;
  assert.deepEqual(it.for(MINUTE), [], "between the two it goes on");
  guest.cpu = 0.5;
  assert.deepEqual(it.for(MINUTE), ["resolved home:guest:1-cpu"]);
  const [episode] = it.alerts.history(ALL, it.now);
  assert.deepEqual([episode?.ended, episode?.duration], ["resolved", 70]);
  assert.equal(it.rows("alert_transition"), 2, "a row for each step, and none for anything else");
});

const ALL = { limit: 100, offset: 0, from: null, to: null, level: null, resource: null, type: null };

test("a value that hardly moves is shown no more often, and asked for it is as it is", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  assert.equal(it.alerts.takeChanges().changed.length, 1);
  guest.cpu = 0.96;
  it.tick();
  assert.equal(it.alerts.takeChanges().changed.length, 0);
  assert.equal(it.alerts.active()[0]?.value, 96);
  guest.cpu = 0.99;
  it.tick();
  assert.equal(it.alerts.takeChanges().changed[0]?.value, 99);
});

test("stale data fires nothing, resolves nothing, and lets no hold elapse", context => {
  const it = bench(context, { metricTimeThresholds: { guest: { cpu: 60 } } });
  const [hot, hotter] = [addGuest(it.picture, 1, { cpu: 0.95 }), addGuest(it.picture, 2, { cpu: 0.95 })];
  it.for(2 * MINUTE);
  hot.stale = true;
  hot.cpu = 0.1;
  hotter.cpu = 0.1;
  it.for(MINUTE);
  hotter.cpu = 0.95;
  it.for(30 * SECOND);
  hotter.stale = true;
  assert.deepEqual(it.for(HOUR), []);
  assert.deepEqual(
    it.alerts.active().map(({ id }) => id),
    ["home:guest:1-cpu"],
  );
});

test("what a VM's process holds on its host is no reason to alert, unless somebody has asked for it", context => {
  const memory = { total: 100, used: 99, free: 1, usage: 99, source: "cluster-resources" as const };
  const it = bench(context, { ...AT_ONCE, overrides: { "home:guest:3": { memory: 95 } } });
  addGuest(it.picture, 1, { memory });
  addGuest(it.picture, 2, { memory: { ...memory, source: "guest-meminfo" } });
  addGuest(it.picture, 3, { memory });
  addGuest(it.picture, 4, { memory, type: "lxc" });
  assert.deepEqual(
    it.for(TICK),
    [2, 3, 4].map(vmid => `fired home:guest:${vmid}-memory`),
  );
});

test("a guest that is meant to be off is no alert; one that is started with its node is", context => {
  const it = bench(context, { overrides: { "home:guest:5": { poweredOffSeverity: "critical" } } });
  addGuest(it.picture, 1, { status: "stopped", onboot: true });
  addGuest(it.picture, 2, { status: "stopped", onboot: false });
  addGuest(it.picture, 3, { status: "stopped", onboot: null });
  addGuest(it.picture, 4, { status: "stopped", onboot: true, template: true });
  addGuest(it.picture, 5, { status: "stopped", onboot: false });
  assert.deepEqual(it.for(5 * MINUTE), ["fired home:guest:1-powered-off", "fired home:guest:5-powered-off"]);
  assert.deepEqual(
    it.alerts.active().map(({ level }) => level),
    ["critical", "warning"],
  );
});

test("a backup that starts a powered-off guest and stops it again is no news, before or after its lock shows", context => {
  const it = bench(context);
  const guest = addGuest(it.picture, 1, { status: "stopped" });
  it.for(5 * MINUTE);
  it.alerts.act("acknowledge", "home:guest:1-powered-off", "anna", it.now);
  it.keep();
  const backup = () => {
    const steps: string[] = [];
    Object.assign(guest, { status: "running", lock: "backup" });
    steps.push(...it.for(3 * MINUTE));
    Object.assign(guest, { status: "running", lock: null });
    steps.push(...it.for(20 * SECOND));
    Object.assign(guest, { status: "stopped" });
    steps.push(...it.for(10 * MINUTE));
    return steps;
  };
  assert.deepEqual(backup(), []);
  assert.deepEqual(
    it.alerts.active().map(({ acknowledged, ackUser }) => [acknowledged, ackUser]),
    [[true, "anna"]],
  );
});

test("a guest that a backup stops for a while is not powered off", context => {
  const it = bench(context);
  const guest = addGuest(it.picture, 1);
  it.for(MINUTE);
  Object.assign(guest, { status: "stopped", lock: "backup" });
  assert.deepEqual(it.for(10 * MINUTE), []);
  Object.assign(guest, { lock: null });
  assert.deepEqual(it.for(MINUTE), []);
  Object.assign(guest, { status: "running" });
  assert.deepEqual(it.for(10 * MINUTE), []);
});

test("an acknowledgement outlives a flicker", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  it.alerts.act("acknowledge", "home:guest:1-cpu", "anna", it.now);
  it.keep();
  guest.cpu = 0.1;
  it.for(20 * MINUTE);
  it.restart();
  guest.cpu = 0.95;
  const [again] = it.tick();
  assert.deepEqual([again?.kind, again?.alert.acknowledged, again?.alert.ackUser], ["fired", true, "anna"]);
});

test("fifty alerts that fire at a restart make no step, and are there with who has seen them", context => {
  const it = bench(context, AT_ONCE);
  for (let vmid = 1; vmid <= 50; vmid++) addGuest(it.picture, vmid, { cpu: 0.95 });
  assert.equal(it.tick().length, 50);
  it.alerts.act("acknowledge", "home:guest:7-cpu", "anna", it.now);
  it.keep();
  for (const kill of [false, true]) {
    it.restart({ kill, after: 10 * MINUTE });
    const nobodySeen = Object.values(it.picture.vms);
    for (const { id } of nobodySeen) delete it.picture.vms[id];
    Object.assign(it.picture.instances.home ?? {}, { status: "connecting" });
    assert.deepEqual(it.for(5 * MINUTE), [], "nothing has been seen yet");
    assert.equal(it.alerts.takeChanges().changed.length, 50);
    Object.assign(it.picture.instances.home ?? {}, { status: "online" });
    for (const guest of nobodySeen) it.picture.vms[guest.id] = guest;
    assert.deepEqual(it.for(5 * MINUTE), []);
    assert.equal(it.alerts.firing("home:guest:7-cpu")?.ackUser, "anna");
  }
});

test("what was pending goes on where it was after a restart, and a kill takes a minute of it at the most", context => {
  for (const kill of [false, true]) {
    const it = bench(context, { metricTimeThresholds: { guest: { cpu: 300 } } });
    addGuest(it.picture, 1, { cpu: 0.95 });
    it.for(4 * MINUTE);
    it.restart({ kill });
    assert.deepEqual(it.for(30 * SECOND), []);
    assert.equal(it.for(90 * SECOND).length, 1);
  }
});

test("a seamless run that is killed at any tick is followed by one that says the same at the same time", context => {
  const change = { metricTimeThresholds: { guest: { cpu: 120 } } };
  const [calm, killed] = [bench(context, change, { seamless: true }), bench(context, change, { seamless: true })];
  for (const it of [calm, killed]) addGuest(it.picture, 101, { cpu: 0.99 });
  const told = (it: typeof calm) =>
    it.tick().map(({ kind, at, alert }) => `${kind} ${alert.id} ${at} ${alert.startTime}`);
  let fired = 0;
  for (let tick = 0; tick < 40; tick++) {
    const expected = told(calm);
    assert.deepEqual(told(killed), expected, `tick ${tick}`);
    fired += expected.length;
    killed.restart({ kill: true });
  }
  assert.ok(fired > 0);
});

test("what was pending and is well leaves nothing behind", context => {
  const it = bench(context, { metricTimeThresholds: { guest: { cpu: 300 } } });
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.for(2 * MINUTE);
  assert.equal(it.rows("alert_state"), 1);
  guest.cpu = 0.1;
  it.tick();
  assert.equal(it.rows("alert_state"), 0);
});

test("a guest that is gone takes its alert along; one that nobody has seen since the start does not", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  delete it.picture.vms[guest.id];
  assert.deepEqual(it.for(5 * MINUTE), ["withdrawn home:guest:1-cpu"]);
  assert.equal(it.rows("alert_state"), 0);
});

test("a rule that is switched off takes its alerts back at once, also where nothing is known just now", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  guest.stale = true;
  it.alerts.configure({ overrides: { [guest.id]: { cpu: -1 } } });
  const [step] = it.tick();
  assert.deepEqual([step?.kind, step?.reason], ["withdrawn", "Its threshold is switched off"]);
});

test("what does not fire by changed rules has not become well", context => {
  const it = bench(context, AT_ONCE);
  addGuest(it.picture, 1, { cpu: 0.95 });
  const other = addGuest(it.picture, 2, { cpu: 0.95 });
  it.tick();
  it.alerts.configure({ guestDefaults: { cpu: { trigger: 99, clear: 97 } } });
  other.cpu = 0.1;
  assert.deepEqual(it.for(TICK), ["withdrawn home:guest:1-cpu", "resolved home:guest:2-cpu"]);
});

const HIGHER = { guestDefaults: { cpu: { trigger: 99, clear: 97 } } };

for (const kill of [false, true])
  test(`the same where they changed while Pulse did not run, by pulse.yaml say${kill ? "; after a kill, and another" : ""}`, context => {
    const it = bench(context, AT_ONCE);
    const guests = [1, 2, 3].map(vmid => addGuest(it.picture, vmid, { cpu: 0.95 }));
    const show = (cpus: readonly (number | null)[]) => {
      for (const [at, guest] of guests.entries())
        Object.assign(guest, { cpu: cpus[at] ?? 0, stale: cpus[at] === null });
    };
    it.tick();
    it.restart({ kill, yaml: HIGHER });
    show([null, null, null]);
    assert.deepEqual(it.for(MINUTE), [], "nobody has looked yet");
    if (kill) it.restart({ kill });
    show([0.95, 0.1, 0.995]);
    const [withdrawn, resolved, ...others] = it.tick();
    assert.deepEqual(
      [withdrawn?.kind, withdrawn?.alert.id, withdrawn?.reason],
      ["withdrawn", "home:guest:1-cpu", "By the rules as they are now it does not fire"],
    );
    assert.deepEqual([resolved?.kind, resolved?.alert.id], ["resolved", "home:guest:2-cpu"]);
    assert.deepEqual(others, []);
    assert.deepEqual(
      it.alerts.history(ALL, it.now).map(({ ended }) => ended),
      [null, "resolved", "withdrawn"],
    );
    if (kill) it.restart({ kill });
    show([0.1, 0.1, 0.95]);
    assert.deepEqual(it.for(TICK), ["resolved home:guest:3-cpu"], "the present rules fired it");
  });

test("what is news ends without a word: that Pulse has updated itself; that it could not has to become well", context => {
  const it = bench(context);
  const show = (update: OwnUpdate) => {
    it.picture.own = { unwritten: null, removed: false, backup: false, update };
  };
  show({ failed: false, done: { from: "v5.0.0", to: "v5.1.0" } });
  assert.deepEqual(it.for(MINUTE), ["fired pulse itself-updated"]);
  assert.equal(it.alerts.active()[0]?.message, 'The server "Pulse" has updated itself from v5.0.0 to v5.1.0');
  show({ failed: false, done: false });
  assert.deepEqual(it.for(MINUTE), ["withdrawn pulse itself-updated"]);
  show({ failed: "v5.2.0 was not well", done: false });
  assert.deepEqual(it.for(MINUTE), ["fired pulse itself-update-failed"]);
  show({ failed: false, done: false });
  assert.deepEqual(it.for(MINUTE), ["resolved pulse itself-update-failed"]);
});

test("a core that is lost is told once, whoever says so, after five minutes; it is well when it is heard again", context => {
  const it = bench(context);
  const id = "pulse core core-3-unheard";
  const say = (...silent: string[]) => {
    const members = ["core-1", "core-2", "core-3"].map(name => ({
      ...{ site: null, name },
      silentSince: silent.includes(name) ? START : null,
    }));
    it.picture.roll = { at: it.now, members };
  };
  assert.deepEqual(
    it.for(4 * MINUTE, () => say("core-3")),
    [],
    "a restart is no loss",
  );
  assert.deepEqual(
    it.for(MINUTE, () => say()),
    [],
  );
  assert.deepEqual(
    it.for(6 * MINUTE, () => say("core-3")),
    [`fired ${id}`],
  );
  const [alert] = it.alerts.active();
  assert.equal(alert?.message, 'Core "core-3" is not heard of: the other cores go on without it');
  assert.deepEqual(it.for(10 * MINUTE), [], "nobody says anything");
  it.restart({ kill: true });
  it.picture.roll = { at: 0, members: [] };
  assert.deepEqual(it.for(10 * MINUTE), [], "nobody has said anything yet");
  assert.deepEqual(
    it.for(10 * MINUTE, () => say("core-3")),
    [],
    "it is told already",
  );
  assert.deepEqual(
    it.for(MINUTE, () => say()),
    [`resolved ${id}`],
  );
});

for (const [how, forget] of [
  ["is forgotten", (picture: Picture, at: Instant) => Object.assign(picture, { roll: { at, members: [] } })],
  ["is nobody's any more, as this is a single Pulse again", (picture: Picture) => delete picture.roll],
] as const)
  test(`a core that was lost and ${how} takes its alert along`, context => {
    const it = bench(context);
    const members = [{ site: null, name: "core-3", silentSince: START }];
    const lost = it.for(6 * MINUTE, picture => Object.assign(picture, { roll: { at: it.now, members } }));
    assert.deepEqual(lost, ["fired pulse core core-3-unheard"]);
    assert.deepEqual(
      it.for(2 * MINUTE, picture => forget(picture, it.now)),
      ["withdrawn pulse core core-3-unheard"],
    );
  });

test("rules that change while nothing is known of a resource are judged when something is", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  guest.stale = true;
  it.alerts.configure(HIGHER);
  assert.deepEqual(it.for(MINUTE), []);
  guest.stale = false;
  assert.deepEqual(it.for(TICK), ["withdrawn home:guest:1-cpu"]);
});

test("one that a person cleared fires only after it was well, kill or not", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  it.alerts.act("clear", "home:guest:1-cpu", "anna", it.now);
  it.keep();
  it.restart({ kill: true });
  assert.deepEqual(it.for(HOUR), []);
  guest.cpu = 0.1;
  it.tick();
  it.restart({ kill: true });
  guest.cpu = 0.95;
  assert.deepEqual(it.for(TICK), ["fired home:guest:1-cpu"]);
});

test("while the database refuses nothing is lost, and nothing is told twice", context => {
  const it = bench(context, AT_ONCE);
  addGuest(it.picture, 1, { cpu: 0.95 });
  const first = it.alerts.evaluate(it.picture, it.now + 1);
  assert.equal(first.length, 1);
  addGuest(it.picture, 2, { cpu: 0.95 });
  const second = it.tick();
  assert.deepEqual(
    second.map(({ number, alert }) => [number, alert.id]),
    [
      [1, "home:guest:1-cpu"],
      [2, "home:guest:2-cpu"],
    ],
  );
  assert.deepEqual(it.tick(), []);
  assert.equal(it.rows("alert_transition"), 2);
});

test("a dead node is one alert that covers its guests; what fired with it joins it, and is told when it stays so", context => {
  const it = bench(context, { ...AT_ONCE, checks: { "powered-off": { hold: 0 } } });
  const node = addNode(it.picture, "pve2");
  const guests = [1, 2, 3].map(vmid => addGuest(it.picture, vmid, { node: "pve2" }));
  it.tick();
  const first = guests[0];
  Object.assign(first ?? {}, { status: "stopped" });
  assert.deepEqual(it.for(30 * SECOND), ["fired home:guest:1-powered-off"], "seconds before its node");
  Object.assign(node, { status: "offline", stale: true });
  for (const guest of guests) Object.assign(guest, { status: "unknown", stale: true });
  assert.deepEqual(it.for(5 * MINUTE), ["fired home:node:pve2-offline"]);
  const root = it.alerts.firing("home:node:pve2-offline");
  assert.deepEqual([root?.cause, root?.coversCount, root?.covers[0]?.name], [null, 3, "vm1"]);
  assert.equal(it.alerts.firing("home:guest:1-powered-off")?.cause, "home:node:pve2-offline");
  Object.assign(node, { status: "online", stale: false });
  for (const guest of guests) Object.assign(guest, { status: guest === first ? "stopped" : "running", stale: false });
  assert.deepEqual(it.for(10 * MINUTE), ["resolved home:node:pve2-offline", "released home:guest:1-powered-off"]);
  assert.equal(it.alerts.firing("home:guest:1-powered-off")?.cause, null);
});

test("a storage that is gone covers the guests whose disks lie on it, and carries what befalls them; others stand for themselves", context => {
  const it = bench(context, { ...AT_ONCE, checks: { "powered-off": { hold: 0 } } });
  const nas = addStorage(it.picture, "nas");
  const guests = [1, 2, 3].map(vmid => addGuest(it.picture, vmid, { storages: vmid === 3 ? ["other"] : ["nas"] }));
  it.tick();
  nas.active = false;
  it.for(2 * MINUTE);
  for (const guest of guests) if (guest.vmid !== 2) guest.status = "stopped";
  it.for(MINUTE);
  const root = it.alerts.firing("home:storage:nas-storage-inactive");
  assert.deepEqual([root?.coversCount, root?.covers.map(({ name }) => name)], [2, ["vm1", "vm2"]]);
  assert.equal(it.alerts.firing("home:guest:1-powered-off")?.cause, root?.id);
  assert.equal(it.alerts.firing("home:guest:3-powered-off")?.cause, null);
  nas.active = true;
  assert.deepEqual(it.for(10 * MINUTE), [`resolved ${root?.id}`, "released home:guest:1-powered-off"]);
});

test("what was once part of an incident stands for itself when it fires again", context => {
  const it = bench(context, AT_ONCE);
  const node = addNode(it.picture, "pve2");
  const guest = addGuest(it.picture, 1, { node: "pve2", cpu: 0.95 });
  it.tick();
  Object.assign(node, { status: "offline", stale: true });
  Object.assign(guest, { stale: true });
  it.for(MINUTE);
  assert.equal(it.alerts.firing("home:guest:1-cpu")?.cause, "home:node:pve2-offline");
  Object.assign(node, { status: "online", stale: false });
  Object.assign(guest, { stale: false, cpu: 0.1 });
  it.for(10 * MINUTE);
  guest.cpu = 0.95;
  const steps = [...it.tick(), ...it.tick()];
  assert.deepEqual(
    steps.map(({ kind, alert }) => [kind, alert.id, alert.cause]),
    [["fired", "home:guest:1-cpu", null]],
  );
  assert.deepEqual(it.for(10 * MINUTE), []);
});

test("an alert of a signal that an earlier version had is taken back", context => {
  const it = bench(context, AT_ONCE);
  addGuest(it.picture, 1, { cpu: 0.95 });
  it.tick();
  it.restart();
  it.rename("home:guest:1-cpu", "home:guest:1-heat", "heat");
  it.restart({ kill: true });
  const steps = it.for(5 * MINUTE).sort();
  assert.deepEqual(steps, ["fired home:guest:1-cpu", "withdrawn home:guest:1-heat"]);
});

test("an instance that cannot be reached covers all that is on it, and its nodes are none the worse", context => {
  const it = bench(context);
  const { picture } = it;
  for (let vmid = 1; vmid <= 150; vmid++) addGuest(picture, vmid, { status: "unknown", stale: true });
  Object.assign(picture.nodes[nodeId("home", "pve1")] ?? {}, { status: "offline", stale: true });
  Object.assign(picture.instances.home ?? {}, { status: "offline" });
  assert.deepEqual(it.for(5 * MINUTE), ["fired home-unreachable"]);
  const root = it.alerts.firing("home-unreachable");
  assert.deepEqual([root?.coversCount, root?.covers.length], [151, 100]);
  Object.assign(picture.instances.home ?? {}, { status: "degraded" });
  assert.deepEqual(it.for(5 * MINUTE), [], "degraded is no outage, and no end of one");
});

test("what comes and goes is told once, and stays until it is calm", context => {
  const it = bench(context, { ...AT_ONCE, flapping: { threshold: 3, window: 60, cooldown: 10 }, suppressionWindow: 0 });
  const guest = addGuest(it.picture, 1);
  const swing = () => {
    guest.cpu = guest.cpu === 0.95 ? 0.1 : 0.95;
  };
  const steps = it.for(30 * MINUTE, swing);
  assert.deepEqual(
    steps.map(step => step.split(" ")[0]),
    ["fired", "resolved", "fired", "resolved", "fired"],
  );
  assert.equal(it.alerts.active()[0]?.metadata.flapping, true);
  guest.cpu = 0.1;
  assert.deepEqual(it.for(9 * MINUTE), []);
  assert.deepEqual(it.for(2 * MINUTE), ["resolved home:guest:1-cpu"]);
});

test("history is bounded by what is asked of it, and forgets what is over", context => {
  const it = bench(context, AT_ONCE);
  const guest = addGuest(it.picture, 1, { cpu: 0.95 });
  const other = addGuest(it.picture, 2, { cpu: 0.95 });
  it.tick();
  guest.cpu = 0.1;
  it.tick();
  const asked = (query: object) => it.alerts.history({ ...ALL, ...query }, it.now).map(({ resourceId }) => resourceId);
  assert.deepEqual(asked({ resource: guest.id }), [guest.id]);
  assert.deepEqual(asked({ limit: 1 }), [other.id]);
  assert.deepEqual(asked({ from: it.now + 1 }), [other.id], "that still fired then, or later");
  assert.deepEqual(asked({ to: START }), []);
  assert.deepEqual(asked({ type: "memory" }), []);
  it.alerts.clearHistory();
  assert.deepEqual(asked({}), [other.id]);
  assert.deepEqual(
    it.alerts.transitions({ ...NO_FILTER, limit: 9 }).map(({ alert }) => alert.resourceId),
    [other.id],
  );
  guest.cpu = 0.95;
  assert.equal(it.tick()[0]?.number, 4, "no number is given twice");
});

const NO_FILTER = { alert: null, resource: null, from: null as Instant | null, to: null, before: null };

test("a container that ends by itself alerts, one that somebody stops does not, nor one that ended long ago", context => {
  const it = bench(context);
  const ended = (exitCode: number, ago: Millis) => ({ state: "exited", exitCode, finishedAt: it.now - ago });
  addContainer(it.picture, "crashed", ended(1, MINUTE));
  addContainer(it.picture, "done", ended(0, MINUTE));
  addContainer(it.picture, "stopped", ended(143, MINUTE));
  addContainer(it.picture, "old", ended(1, 30 * DAY));
  addContainer(it.picture, "killed", { ...ended(137, MINUTE), oomKilled: true });
  assert.deepEqual(it.for(5 * MINUTE), [
    "fired docker:box/killed-container-oom",
    "fired docker:box/crashed-container-state",
  ]);
});

test("restarts one after another are a loop, and no longer one when they are over", context => {
  const it = bench(context);
  const container = addContainer(it.picture, "web", { restartCount: 20 });
  it.for(MINUTE);
  for (let restart = 0; restart < 3; restart++) {
    container.restartCount += 1;
    it.tick();
  }
  assert.equal(it.alerts.active()[0]?.id, "docker:box/web-container-restarts");
  it.restart();
  assert.deepEqual(it.for(MINUTE), [], "the counts outlive a restart of Pulse");
  assert.deepEqual(it.for(10 * MINUTE), ["resolved docker:box/web-container-restarts"]);
});
