import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MINUTE } from "../../kit/units.ts";
import type { EstateChange } from "../../model/estate-change.ts";
import { toChangeLines } from "./change-lines.ts";
import { missedText, saysOf, saysOfMany } from "./change-words.ts";

const NOW = Date.UTC(2026, 0, 10);
let number = 0;

function change(fields: Partial<EstateChange>): EstateChange {
  number += 1;
  return {
    ...{ number, at: NOW, began: NOW, of: "guest", resource: `home:guest:${number}`, name: "web", type: "qemu" },
    ...{ instance: "home", node: "pve1", field: "power", from: "stopped", to: "running", times: 1 },
    ...{ missed: null, after: null },
    ...fields,
  };
}

const SENTENCES: readonly [says: string, fields: Partial<EstateChange>][] = [
  ["was started", {}],
  ["was stopped", { from: "running", to: "stopped" }],
  ["was rebooted", { from: "running" }],
  ["was stopped and started again", { from: "running", times: 2 }],
  ["ran for a while", { to: "stopped", times: 2 }],
  ["was started and stopped 14 times, now running", { from: "running", times: 14 }],
  ["is paused", { from: "running", to: "paused" }],
  ["runs again", { from: "paused" }],
  ["was made", { field: "existence", from: "absent", to: "present" }],
  ["was added", { of: "storage", field: "existence", from: "absent", to: "present" }],
  ["was removed", { field: "existence", from: "present", to: "absent" }],
  ["was there for a while", { field: "existence", from: "absent", to: "absent", times: 2 }],
  ["moved from pve1 to pve2", { field: "node", from: "pve1", to: "pve2" }],
  ["moved 6 times, now on pve1", { field: "node", from: "pve1", to: "pve1", times: 6 }],
  ["has 8 cores, it had 2", { field: "cores", from: 2, to: 8, times: 2 }],
  ["has 4.0 GiB of memory, it had 2.0 GiB", { field: "memory", from: 2 ** 31, to: 2 ** 32 }],
  ['was renamed, it was "old"', { field: "name", from: "old", to: "web" }],
  ["was updated from 9.0.3 to 9.1.0", { of: "node", field: "version", from: "9.0.3", to: "9.1.0" }],
  ["runs Docker 28.2, it ran 28.1", { of: "dockerHost", field: "version", from: "28.1", to: "28.2" }],
  ["was made", { of: "container", field: "existence", from: "absent", to: "present" }],
  ["was restarted", { of: "container", from: "running" }],
  ["was restarted 14 times", { of: "container", from: "running", times: 14 }],
  ["runs image web:2, it ran web:1", { of: "container", field: "image", from: "web:1", to: "web:2" }],
  ["runs another build of its image", { of: "container", field: "build", from: "sha256:a", to: "sha256:b" }],
  ["is DEGRADED, it was ONLINE", { of: "zfs", field: "state", from: "ONLINE", to: "DEGRADED" }],
  ["is warning, it was ok", { of: "ceph", field: "state", from: "HEALTH_OK", to: "HEALTH_WARN" }],
  ["counts 3 errors, it had 0", { of: "zfs", field: "errors", from: 0, to: 3 }],
  ["counts no errors any more, it had 3", { of: "zfs", field: "errors", from: 3, to: 0 }],
  [
    "was scrubbed or rebuilt: Scrub, 0 errors, Dec 14, 2025",
    {
      ...{ of: "zfs", field: "scrub", from: "running" },
      to: "scrub repaired 0B in 00:11:32 with 0 errors on Sun Dec 14 00:35:34 2025",
    },
  ],
  ["is being scrubbed or rebuilt", { of: "zfs", field: "scrub", from: "scrub repaired 0B", to: "running" }],
  ["has 5 OSDs up, it had 6", { of: "ceph", field: "osdsUp", from: 6, to: 5 }],
  ["has flags set: noout", { of: "ceph", field: "flags", from: "none", to: "noout" }],
  ["has no flags set any more: noout", { of: "ceph", field: "flags", from: "noout", to: "none" }],
  ["has a new pool: fs, has no pool old any more", { of: "ceph", field: "pools", from: "old,vms", to: "fs,vms" }],
  ["changed and is as before", { field: "cores", from: 2, to: 2, times: 2 }],
];

test("what is said of a change", () => {
  for (const [says, fields] of SENTENCES) assert.equal(saysOf(change(fields)), says);
  assert.equal(missedText(change({ missed: "off" })), "while Pulse was not running");
});

test("three alike within minutes are one line, two are two, and what is another matter stands between", () => {
  const ago = (minutes: number, fields: Partial<EstateChange> = {}) =>
    change({ at: NOW - minutes * MINUTE, ...fields });
  const lines = toChangeLines([
    ago(0),
    ago(1),
    ago(2, { field: "cores", from: 2, to: 4 }),
    ago(10),
    ago(60),
    ago(61),
    ago(62, { instance: "far" }),
  ]);
  const said = lines.map(({ changes }) =>
    changes.length > 1 ? saysOfMany(changes[0], changes.length) : saysOf(changes[0]),
  );
  assert.deepEqual(said, [
    "3 guests were started",
    "has 4 cores, it had 2",
    "was started",
    "was started",
    "was started",
  ]);
  assert.equal(lines.at(-1)?.at, NOW - HOUR - 2 * MINUTE);
});
