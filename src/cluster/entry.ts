import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { TSchema } from "typebox";
import { Compile, type Validator } from "typebox/compile";
import type { Instant } from "../kit/units.ts";
import { MIB, SECOND } from "../kit/units.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import { misfitsOf, toSentence } from "../model/misfits.ts";
import type { Observation, PastSeen } from "../model/observation.ts";
import { shapeOf } from "../model/observation-schema.ts";
import type { Place } from "./names.ts";

/** Says that an entry cannot be what its subject says. */
export class BadEntry extends Error {
  override name = "BadEntry";
}

/** What an edge publishes of a look. */
export interface SeenEntry {
  /** Of the lease by which it looked: one with a smaller fence than another has been overtaken. */
  fence: number;
  seen: Observation;
}

/** An instance as cores know it: its credentials have no secret. */
export interface InstanceEntry {
  fence: number;
  /** null: it is watched no longer. */
  settings: WatchedInstance | null;
  /** It was entered on a page, and stands in no pulse.yaml. */
  entered?: true;
}

/** The edge's own clock when it sent the entry: with the time at which NATS stored it, it tells how wrong that clock is. */
export const SENT = "Pulse-Sent";

/** The same of an entry's headers; null: they do not say it. */
export function sentIn(headers: { get(name: string): string } | undefined): Instant | null {
  const sent = Number(headers?.get(SENT) || Number.NaN);
  return Number.isFinite(sent) ? sent : null;
}

/** The last instant that a date can be. */
const LAST: Instant = 8.64e15;
/** Nothing is unpacked beyond that. */
const LARGEST = 256 * MIB;

export function toBody(entry: SeenEntry | InstanceEntry): Uint8Array {
  return zstdCompressSync(JSON.stringify(entry));
}

function fromBody(body: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(zstdDecompressSync(body, { maxOutputLength: LARGEST }).toString());
  if (!isRecord(value)) throw new BadEntry("It is no object");
  return value;
}

/** Throws BadEntry, or what zstd or JSON say, unless it is about the instance that its subject names, and only about that. */
export function readSeen(body: Uint8Array, { instance, kind }: Exclude<Place, { kind: "tick" }>): SeenEntry {
  const { fence, seen } = fromBody(body);
  if (typeof fence !== "number" || !isRecord(seen)) throw new BadEntry("It has no fence, or nothing that was seen");
  if (seen.instance !== instance) throw new BadEntry(`It is about "${seen.instance}"`);
  if (seen.kind !== "seen" && seen.kind !== "missed") throw new BadEntry(`Its kind is "${seen.kind}"`);
  if (typeof seen.scope !== "string" || (seen.scope === "past") !== (kind === "past"))
    throw new BadEntry(`Its scope is "${seen.scope}"`);
  for (const field of ["at", "took", "interval"]) if (!isTime(seen[field])) throw new BadEntry(`${field}: no time`);
  checkIds(seen, instance);
  checkShape(seen);
  const checked = seen as unknown as Observation;
  if (checked.scope === "past") checkTimes(checked);
  return { fence, seen: checked };
}

export function readInstance(body: Uint8Array, { instance }: { instance: string }): InstanceEntry {
  const { fence, settings, entered } = fromBody(body);
  if (typeof fence !== "number") throw new BadEntry("It has no fence");
  if (settings === null) return { fence, settings };
  if (!isRecord(settings) || settings.name !== instance) throw new BadEntry("It is about another instance");
  if (typeof settings.host !== "string" || !URL.canParse(settings.host)) throw new BadEntry("host: no address");
  if (!isTime(settings.interval) || settings.interval === 0) throw new BadEntry("interval: no time");
  if (!["pve", "pbs", "pmg"].includes(String(settings.type))) throw new BadEntry(`type: "${settings.type}"`);
  if (!isRecord(settings.credentials)) throw new BadEntry("credentials: missing");
  return {
    fence,
    settings: settings as unknown as WatchedInstance,
    ...(entered === true ? { entered } : {}),
  };
}

/** An edge speaks of what belongs to the instance, and of nothing else: its ids begin with that. */
function checkIds(seen: Record<string, unknown>, instance: string): void {
  const lists = isRecord(seen.lists) ? Object.values(seen.lists) : [];
  for (const list of [seen.nodes, seen.guests, seen.storages, ...lists]) {
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw new BadEntry("What should be a list is none");
    for (const entity of list) {
      if (!isRecord(entity) || typeof entity.id !== "string") throw new BadEntry("Something has no id");
      if (!isOf(entity.id, instance)) throw new BadEntry(`It names "${entity.id}"`);
      if (entity.instance !== undefined && entity.instance !== instance)
        throw new BadEntry(`It names "${entity.instance}"`);
    }
  }
  for (const name of ["part", "resource"]) {
    const id = seen[name];
    if (id !== undefined && (typeof id !== "string" || !isOf(id, instance))) throw new BadEntry(`${name}: "${id}"`);
  }
}

const checks = new Map<TSchema, Validator>();

/** A source cannot come to something else, but an edge is another machine. */
function checkShape(seen: Record<string, unknown>): void {
  const shape = shapeOf(seen.kind, seen.scope);
  if (!shape) throw new BadEntry(`There is no "${seen.kind}" of the scope "${seen.scope}"`);
  const check = checks.get(shape) ?? Compile(shape);
  checks.set(shape, check);
  if (check.Check(seen)) return;
  const [first] = misfitsOf(shape, seen);
  throw new BadEntry(first ? toSentence(first, "look") : "It is not as a look is");
}

/** Steps are counted: those that take no time, or are of none, cannot be. */
function checkTimes({ frames }: PastSeen): void {
  for (const { step, metrics } of frames) {
    if (!Number.isInteger(step) || step < SECOND) throw new BadEntry("frames: steps that take no time");
    for (const { starts } of Object.values(metrics))
      if (!starts.every(start => isTime(start) && start <= LAST)) throw new BadEntry("frames: no time");
  }
}

function isOf(id: string, instance: string): boolean {
  return id === instance || id.startsWith(`${instance}:`);
}

function isTime(value: unknown): value is Instant {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
