import type { Clock } from "../kit/clock.ts";
import type { Instant } from "../kit/units.ts";
import { type DockerFault, type Fault, type FaultEntry, instanceOf, UnknownFault } from "./fault.ts";

/** Faults of a guest or node that make its counters start over, both when they come and when they go. */
const RESTARTING: ReadonlySet<Fault["kind"]> = new Set([
  "node-off",
  "guest-migrated",
  "guest-created",
  "guest-deleted",
  "guest-started",
  "guest-stopped",
  "guest-rebooted",
]);

/** What a fault may be about. */
export interface Known {
  name: string;
  nodes: readonly { name: string }[];
  guests: readonly { vmid: number }[];
  datastores?: readonly { name: string }[];
}

/** A Docker host that a fault may be about. */
export interface KnownHost {
  name: string;
  containers: readonly { name: string }[];
}

/** What happened in the estate and what still does. Keeps what has passed, so that the past can be told as it was. */
export class FaultBook {
  readonly #plans: readonly Known[];
  readonly #dockerHosts: readonly KnownHost[];
  readonly #clock: Clock;
  #entries: FaultEntry[] = [];
  #count = 0;
  #version = 0;

  constructor(plans: readonly Known[], clock: Clock, dockerHosts: readonly KnownHost[] = []) {
    this.#plans = plans;
    this.#dockerHosts = dockerHosts;
    this.#clock = clock;
  }

  /** Enters a fault, in force from now on, and returns its id. Throws UnknownFault when it is about nothing that the estate has. */
  add(fault: Fault): string {
    this.#check(fault);
    const since = this.#clock.now();
    const until = fault.lasts === undefined ? null : since + fault.lasts;
    const id = `fault-${++this.#count}`;
    this.#entries.push({ id, fault, since, until });
    this.#version++;
    return id;
  }

  /** Ends one fault, or all of them, now. */
  clear(id?: string): void {
    const now = this.#clock.now();
    this.#entries = this.#entries.map(entry =>
      (id === undefined || entry.id === id) && isActive(entry, now) ? { ...entry, until: now } : entry,
    );
    this.#version++;
  }

  /** Those in force at `at`, in the order in which they came. */
  activeAt(at: Instant): FaultEntry[] {
    return this.#entries.filter(entry => isActive(entry, at));
  }

  /** Everything entered so far, also what has passed. */
  get entries(): readonly FaultEntry[] {
    return this.#entries;
  }

  /** Another one whenever the faults in force at `at` may be others than before. */
  versionAt(at: Instant): string {
    const passed = this.#entries.reduce((sum, { until }) => sum + (until !== null && until <= at ? 1 : 0), 0);
    return `${this.#version}.${passed}`;
  }

  #check(fault: Fault): void {
    if ("host" in fault) this.#checkHost(fault);
    const instance = instanceOf(fault);
    if (instance === undefined) return;
    const plan = this.#plans.find(one => one.name === instance);
    if (!plan) throw new UnknownFault(`The estate has no instance "${instance}"`);
    const node = "to" in fault ? fault.to : "node" in fault ? fault.node : undefined;
    if (node !== undefined && !plan.nodes.some(one => one.name === node))
      throw new UnknownFault(`"${instance}" has no node "${node}"`);
    if ("datastore" in fault && !plan.datastores?.some(one => one.name === fault.datastore))
      throw new UnknownFault(`"${instance}" has no datastore "${fault.datastore}"`);
    if (!("vmid" in fault)) return;
    const known =
      plan.guests.some(guest => guest.vmid === fault.vmid) ||
      this.activeAt(this.#clock.now()).some(
        entry => entry.fault.kind === "guest-created" && sameGuest(entry.fault, fault),
      );
    if (known !== (fault.kind !== "guest-created"))
      throw new UnknownFault(`"${instance}" ${known ? "has a" : "has no"} guest "${fault.vmid}"`);
  }

  #checkHost(fault: DockerFault): void {
    const host = this.#dockerHosts.find(({ name }) => name === fault.host);
    if (!host) throw new UnknownFault(`The estate has no Docker host "${fault.host}"`);
    if ("container" in fault && !host.containers.some(({ name }) => name === fault.container))
      throw new UnknownFault(`"${fault.host}" has no container "${fault.container}"`);
  }
}

/** When the counters of guests (by VMID) and of nodes (by name) last started over because of a fault, as seen at `at`. */
export function restartsAt(
  entries: readonly FaultEntry[],
  instance: string,
  at: Instant,
): Map<number | string, Instant> {
  const restarts = new Map<number | string, Instant>();
  for (const { fault, since, until } of entries) {
    if (instanceOf(fault) !== instance || !RESTARTING.has(fault.kind)) continue;
    const key = "vmid" in fault ? fault.vmid : "node" in fault ? fault.node : undefined;
    if (key === undefined) continue;
    for (const edge of [since, until])
      if (edge !== null && edge <= at) restarts.set(key, Math.max(edge, restarts.get(key) ?? 0));
  }
  return restarts;
}

function isActive(entry: FaultEntry, at: Instant): boolean {
  return entry.since <= at && (entry.until === null || at < entry.until);
}

function sameGuest(a: { instance: string; vmid: number }, b: { instance: string; vmid: number }): boolean {
  return a.instance === b.instance && a.vmid === b.vmid;
}
