import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Instant, SECOND } from "../kit/units.ts";
import type { Explanation, Transition } from "../model/alert.ts";
import { guestId } from "../model/ids.ts";
import type { Picture } from "../model/picture.ts";
import { Database } from "../store/database.ts";
import { Alerts } from "./alerts.ts";
import { addGuest, addNode, NO_PAST, samplePicture } from "./sample-estate.ts";

/** Another seed gives other histories; a failure names the history. HISTORIES=10000 takes some minutes. */
const SEED = Number(process.env.HISTORY_SEED ?? 7);
const HISTORIES = Number(process.env.HISTORIES ?? 600);
const LENGTH = 40;
const TICK = 10 * SECOND;
const START = Date.UTC(2026, 0, 1);
const TABLES = ["alert_config", "alert_rules", "alert_notes", "alert_state", "alert_episode", "alert_transition"];
const GUESTS = [guestId("home", 1), guestId("home", 2)];

/** Numbers from 0 to 1 that depend on the seed alone (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CONFIG = {
  metricTimeThresholds: { guest: { cpu: 20, memory: 0 } },
  guestDefaults: { cpu: { trigger: 80, clear: 60, critical: 95 } },
  checks: { "powered-off": { hold: 10 }, offline: { hold: 10 } },
  flapping: { threshold: 3, window: 5, cooldown: 1 },
  suppressionWindow: 1,
};
const CHANGES: readonly object[] = [
  { guestDefaults: { cpu: { trigger: 50, clear: 40 } } },
  { guestDefaults: { cpu: { trigger: 85, clear: 60 } } },
  { overrides: { [GUESTS[0] ?? ""]: { cpu: -1 } } },
  { overrides: { [GUESTS[0] ?? ""]: null } },
  { disableAllGuestsOffline: true },
  { disableAllGuestsOffline: false },
  { flapping: { enabled: false } },
];

/** What happens before a tick: to the estate, and by people. The same for the same roll. */
function happen(roll: () => number, picture: Picture, alerts: Alerts, now: Instant): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  for (const id of GUESTS) {
    const guest = picture.vms[id];
    if (!guest) continue;
    if (roll() < 0.4) guest.cpu = pick([0.1, 0.5, 0.7, 0.85, 0.97]);
    if (roll() < 0.1) guest.status = pick(["running", "running", "stopped", "unknown"]);
    if (roll() < 0.1) guest.lock = pick([null, null, "backup"]);
    if (roll() < 0.15) guest.stale = roll() < 0.3;
    if (roll() < 0.02) guest.tags = pick([null, "pulse-no-alerts", "pulse-relaxed"]);
  }
  const node = Object.values(picture.nodes)[1];
  if (node && roll() < 0.06) node.status = roll() < 0.5 ? "offline" : "online";
  const instance = picture.instances.home;
  if (instance && roll() < 0.04) instance.status = pick(["online", "online", "degraded", "offline"]);
  if (roll() < 0.03) alerts.configure(pick(CHANGES));
  const actions = ["acknowledge", "unacknowledge", "clear"] as const;
  if (roll() < 0.1) alerts.act(pick(actions), `${pick(GUESTS)}-${pick(["cpu", "powered-off"])}`, "anna", now);
}

interface Run {
  steps: string[];
  active: string;
  explained: Explanation[][];
}

/** One history, told by its number. `restarts`: how likely the process ends and begins anew before a tick. */
function run(database: Database, history: number, restarts: number): Run {
  for (const table of TABLES) database.run(`DELETE FROM ${table}`);
  const roll = dice(SEED + history * 7919);
  const rest = dice(history);
  const picture = samplePicture();
  addNode(picture, "pve2");
  for (const vmid of [1, 2]) addGuest(picture, vmid, { node: "pve2" });
  let now = START;
  const open = () => new Alerts(database, { now, past: NO_PAST });
  let alerts = open();
  alerts.configure(CONFIG);
  const told: Run = { steps: [], active: "", explained: [] };
  const keep = (transitions: readonly Transition[]) => {
    told.steps.push(...transitions.map(step => describe(step)));
    alerts.write(now);
    alerts.written();
  };
  for (let tick = 0; tick < LENGTH; tick++) {
    if (rest() < restarts) {
      alerts.close(now);
      alerts = open();
    }
    now += TICK;
    happen(roll, picture, alerts, now);
    keep(alerts.evaluate(picture, now));
    if (restarts === 0) told.explained.push(explained(alerts, picture, now));
  }
  told.active = JSON.stringify(alerts.active());
  return told;
}

function describe({ kind, at, alert, reason, user }: Transition): string {
  const { id, level, acknowledged, ackUser, cause, startTime } = alert;
  return [kind, at - START, id, level, acknowledged, ackUser, cause, startTime, reason, user].join(" ");
}

function explained(alerts: Alerts, picture: Picture, now: Instant): Explanation[] {
  return GUESTS.flatMap(
    resource => alerts.explain({ resource, type: "cpu", untold: () => [] }, picture, now) as Explanation[],
  );
}

/** Follows the explanations alone, and says where they do not bear the phase out that they tell. */
function contradictions(explanations: readonly Explanation[], firing: ReadonlySet<string>): string[] {
  const found: string[] = [];
  let held = -1;
  let before: Explanation | null = null;
  for (const now of explanations) {
    const { enabled, value, trigger, clear, hold, phase, suppressedBy } = now;
    const isSettled = !suppressedBy.some(reason => /cleared|comes and goes/.test(reason));
    const isBad = enabled && value !== null && trigger !== null && value >= trigger;
    const isNew = held < 0 || before?.value === null;
    if (isBad) held = isNew ? Math.max(held, 0) : held + TICK / SECOND;
    else if (!enabled || value !== null) held = -1;
    if (!enabled && phase !== "inactive") found.push("off, and not inactive");
    if (enabled && value !== null && clear !== null && value <= clear && isSettled && phase !== "inactive")
      found.push("well, and not inactive");
    if (isBad && isSettled && held >= hold && before?.trigger === trigger && phase !== "firing")
      found.push("held, and does not fire");
    if (isSettled && enabled && value === null && before?.enabled && before.phase !== phase)
      found.push("unknown, and has changed");
    before = now;
  }
  const last = explanations.at(-1);
  if (last && (last.phase === "firing") !== firing.has(last.alertId)) found.push("explained otherwise than it is");
  return found;
}

test(`${HISTORIES} histories (seed ${SEED}): a restart at any point changes nothing, and each is explained as it goes`, context => {
  const folder = mkdtempSync(join(tmpdir(), "pulse-histories-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  using database = Database.open(folder, "a");
  let steps = 0;
  database.transaction(() => {
    for (let history = 0; history < HISTORIES; history++) {
      const whole = run(database, history, 0);
      const broken = run(database, history, 0.2);
      assert.deepEqual(broken.steps, whole.steps, `history ${history}`);
      assert.equal(broken.active, whole.active, `history ${history}`);
      const firing = new Set((JSON.parse(whole.active) as { id: string }[]).map(({ id }) => id));
      for (const place of GUESTS.keys()) {
        const explanations = whole.explained.map(all => all[place]).filter(one => one !== undefined);
        assert.deepEqual(contradictions(explanations, firing), [], `history ${history}`);
      }
      steps += whole.steps.length;
    }
  }, "lazy");
  assert.ok(steps > HISTORIES, "much happens in them");
});
