import assert from "node:assert/strict";
import { test } from "node:test";
import { Inventory } from "../inventory/inventory.ts";
import { toState } from "../inventory/state.ts";
import { SECOND } from "../kit/units.ts";
import type { Guest } from "../model/guest.ts";
import { guestId, nodeId } from "../model/ids.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Facts, Observation } from "../model/observation.ts";
import { type PackedPatch, packPatch, unpackPatch } from "../model/packed-patch.ts";
import { applyPatch, emptyPicture, type Patch, type Picture, pictureOf } from "../model/picture.ts";
import { addPart, snapshotParts } from "../model/snapshot.ts";
import { randomNumbers } from "./random-numbers.ts";

const START = Date.UTC(2026, 0, 1);
const ESTATE = ["home", "office"];

function settings(name: string): WatchedInstance {
  return {
    name,
    type: "pve",
    host: `https://${name}.example:8006`,
    credentials: { kind: "token", id: "a@pve!b", secret: "c" },
    trust: { kind: "any" },
    interval: 10 * SECOND,
  };
}

/** Any observation at all: guests come, go, migrate, turn from VM to container, tell of their memory or not; looks fail. */
function anyObservation(random: () => number, at: number): Observation {
  const instance = ESTATE[Math.floor(random() * ESTATE.length)] ?? "home";
  const look = { instance, at, took: 100, interval: 10 * SECOND };
  const kind = random() < 0.5 ? "unreachable" : "auth";
  if (random() < 0.15)
    return { ...look, kind: "missed", scope: "resources", endpoints: [], fault: { kind, message: "No" } };
  const nodes = ["pve1", "pve2"].map(node => ({
    id: nodeId(instance, node),
    node,
    name: node,
    instance,
    status: random() < 0.9 ? ("online" as const) : ("offline" as const),
    withheld: null,
  }));
  const guests = Array.from({ length: 12 }, (_, vmid) => anyGuest(random, instance, vmid)).filter(() => random() < 0.9);
  return { ...look, kind: "seen", scope: "resources", nodes, guests, storages: [], endpoints: [] };
}

function anyGuest(random: () => number, instance: string, vmid: number): Facts<Guest> {
  const used = Math.floor(random() * 1000);
  const memory = { total: 1000, used, free: 1000 - used, usage: used / 10, source: "balloon" as const };
  return {
    id: guestId(instance, vmid),
    vmid,
    instance,
    type: random() < 0.95 ? "qemu" : "lxc",
    name: `vm-${Math.floor(random() * 1.05)}`,
    node: random() < 0.9 ? "pve1" : "pve2",
    status: random() < 0.9 ? "running" : "stopped",
    cpu: random() < 0.1 ? null : random(),
    memory: random() < 0.1 ? null : random() < 0.5 ? memory : { ...memory, free: 3, swapUsed: 1 },
    mem: random() < 0.9 ? used : null,
    withheld: random() < 0.05 ? "Its node does not answer" : null,
  };
}

function cross<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

for (const seed of [1, 2, 3, 4, 5])
  test(`a reader ends up with the server's picture, whatever is observed (seed ${seed})`, () => {
    const random = randomNumbers(seed);
    const inventory = new Inventory(ESTATE.map(settings));
    let reader = pictureOf(cross(toState(inventory.picture, "e")));
    const readAnew = () => {
      let parts: Picture | null = null;
      for (const part of snapshotParts(inventory.picture, "e", 2)) parts = addPart(parts, cross(part));
      return parts ?? emptyPicture();
    };
    let patches = 0;
    let at = START;
    const take = (patch: Patch | null) => {
      if (patch) applyPatch(reader, unpackPatch(cross<PackedPatch>(packPatch(patch))));
      patches += patch ? 1 : 0;
    };
    for (let step = 0; step < 200; step++) {
      at += Math.floor(random() * 20 * SECOND);
      take(inventory.apply(anyObservation(random, at)));
      if (random() < 0.3) take(inventory.age(at));
      if (random() < 0.02) take(inventory.dismiss("office", at));
      if (random() < 0.05) take(inventory.admit(settings("office"), at));
      assert.deepEqual(reader, inventory.picture);
      // A new snapshot is as good as all patches so far.
      if (random() < 0.05) reader = random() < 0.5 ? readAnew() : pictureOf(cross(toState(inventory.picture, "e")));
    }
    assert.ok(patches > 100, `${patches} patches`);
  });
