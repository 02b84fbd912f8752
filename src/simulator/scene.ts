import { type Bytes, type Instant, MIB, type Millis, type Ratio, round, SECOND } from "../kit/units.ts";
import { type Fault, type FaultEntry, instanceOf } from "./fault.ts";
import { restartsAt } from "./fault-book.ts";
import type { Flow } from "./personality.ts";
import type { ClusterPlan, GuestPlan, NodePlan, Rhythm } from "./plan.ts";
import { areaBetween, signalAt } from "./signal.ts";

/** A guest at one instant. */
export interface Guest {
  plan: GuestPlan;
  node: string;
  /** "unknown": its node is off. */
  status: GuestPlan["status"] | "unknown";
  lock: string | null;
  cpu: Ratio;
  mem: Bytes;
  /** Of a container; 0 for a VM. */
  disk: Bytes;
  /** In whole seconds. */
  uptime: number;
  netin: Bytes;
  netout: Bytes;
  diskread: Bytes;
  diskwrite: Bytes;
}

/** A node at one instant. */
export interface Node {
  plan: NodePlan;
  online: boolean;
  cpu: Ratio;
  mem: Bytes;
  disk: Bytes;
  /** In whole seconds. */
  uptime: number;
  netin: Bytes;
  netout: Bytes;
}

/** A whole instance at one instant. */
export interface Scene {
  plan: ClusterPlan;
  /** When the values were taken: the beginning of a tick. */
  at: Instant;
  nodes: readonly Node[];
  guests: readonly Guest[];
}

/** Values as they are at `at`, under the faults in force at `seenAt` (at or after `at`: faults show at once, values wait for the tick). */
export function toScene(plan: ClusterPlan, entries: readonly FaultEntry[], at: Instant, seenAt: Instant): Scene {
  const faults = entries
    .filter(({ since, until }) => since <= seenAt && (until === null || seenAt < until))
    .map(entry => entry.fault)
    .filter(fault => instanceOf(fault) === plan.name);
  const off = new Set(faults.flatMap(fault => (fault.kind === "node-off" ? [fault.node] : [])));
  const restarts = restartsAt(entries, plan.name, seenAt);
  const bootOf = new Map(
    plan.nodes.map(node => [node.name, Math.max(lastBoot(node.boots, at), restarts.get(node.name) ?? 0)]),
  );
  const states = toStates(plan, faults);
  const guests = states.map(state => {
    if (off.has(state.node)) return atRest(state, "unknown");
    if (state.status === "stopped") return atRest(state, "stopped");
    const { plan: guest } = state;
    const boot = Math.max(lastBoot(guest.boots, at), bootOf.get(state.node) ?? 0, restarts.get(guest.vmid) ?? 0);
    return inMotion(state, plan.release.memhost && guest.swollen, at, Math.min(boot, at));
  });
  const byNode = Map.groupBy(guests, guest => guest.node);
  const nodes = plan.nodes.map(node =>
    toNode(node, byNode.get(node.name) ?? [], !off.has(node.name), at, Math.min(bootOf.get(node.name) ?? at, at)),
  );
  return { plan, at, nodes, guests };
}

/** What faults have made of a guest. */
interface State {
  plan: GuestPlan;
  node: string;
  status: GuestPlan["status"];
  lock: string | null;
  /** null: its own. */
  cpu: Ratio | null;
}

function toStates(plan: ClusterPlan, faults: readonly Fault[]): State[] {
  const states = new Map<number, State>(plan.guests.map(guest => [guest.vmid, untouched(guest)]));
  for (const fault of faults) {
    if (fault.kind === "guest-created") states.set(fault.vmid, untouched(newGuest(plan, fault)));
    if (!("vmid" in fault)) continue;
    const state = states.get(fault.vmid);
    if (fault.kind === "guest-deleted") states.delete(fault.vmid);
    else if (state) states.set(fault.vmid, under(fault, state));
  }
  return [...states.values()];
}

function untouched(plan: GuestPlan): State {
  return { plan, node: plan.node, status: plan.status, lock: null, cpu: null };
}

/** A new guest is as the first one, with a number and a name of its own, and runs. */
function newGuest(plan: ClusterPlan, fault: Extract<Fault, { kind: "guest-created" }>): GuestPlan {
  const model = plan.guests[0];
  if (!model) throw new RangeError(`"${plan.name}" has no guest to make another from`);
  const { vmid, node, name = `new-${fault.vmid}`, type = model.type } = fault;
  return { ...model, vmid, node, name, type, status: "running", template: false, backedUp: false };
}

function under(fault: Fault, state: State): State {
  switch (fault.kind) {
    case "guest-migrated":
      return { ...state, node: fault.to };
    case "guest-started":
      return { ...state, status: "running" };
    case "guest-stopped":
      return { ...state, status: "stopped" };
    case "guest-cpu":
      return { ...state, cpu: fault.cpu };
    case "guest-locked":
      return { ...state, lock: fault.lock };
    default:
      return state;
  }
}

function lastBoot(boots: Rhythm, at: Instant): Instant {
  return Math.floor((at - boots.phase) / boots.period) * boots.period + boots.phase;
}

const NOTHING = { cpu: 0, mem: 0, disk: 0, uptime: 0, netin: 0, netout: 0, diskread: 0, diskwrite: 0 };

function atRest(state: State, status: Guest["status"]): Guest {
  return { plan: state.plan, node: state.node, status, lock: state.lock, ...NOTHING };
}

/** A guest that is up since `boot`. What it moved since then is the area under its activity. */
function inMotion(state: State, swollen: boolean, at: Instant, boot: Instant): Guest {
  const { plan, node, status } = state;
  const { behaviour } = plan;
  const paused = status === "paused";
  const seconds = (at - boot) / SECOND;
  const work = areaBetween(behaviour.activity, boot, at);
  const moved = (flow: Flow) => Math.max(0, Math.floor(flow.base * seconds + flow.gain * work));
  const memory = signalAt(behaviour.memory, at) * warmth(seconds) * (swollen ? 1.04 / behaviour.memory.mean : 1);
  const growth = ((at / DISK_CYCLE + plan.fill) % 1) * 0.1;
  return {
    plan,
    node,
    status,
    lock: state.lock ?? (plan.backedUp && at % BACKUP.every < BACKUP.takes ? "backup" : null),
    cpu: paused ? 0 : (state.cpu ?? Math.min(1, signalAt(behaviour.activity, at))),
    mem: Math.floor(plan.maxmem * memory),
    disk: plan.type === "lxc" ? Math.floor(plan.maxdisk * (plan.fill + growth)) : 0,
    uptime: Math.floor(seconds),
    netin: moved(behaviour.netin),
    netout: moved(behaviour.netout),
    diskread: moved(behaviour.diskread),
    diskwrite: moved(behaviour.diskwrite),
  };
}

const DISK_CYCLE: Millis = 50 * 86_400 * SECOND;
const BACKUP = { every: 3600 * SECOND, takes: 300 * SECOND };

/** Memory fills in the first minutes after a start. */
function warmth(seconds: number): number {
  return 1 - 0.6 * Math.exp(-seconds / 300);
}

/** A node carries what its guests use and a little of its own. */
function toNode(plan: NodePlan, guests: readonly Guest[], online: boolean, at: Instant, boot: Instant): Node {
  const base = { plan, online };
  if (!online) return { ...base, cpu: 0, mem: 0, disk: 0, uptime: 0, netin: 0, netout: 0 };
  const total = (of: (guest: Guest) => number) => guests.reduce((sum, guest) => sum + of(guest), 0);
  const busy = total(guest => guest.cpu * guest.plan.cores) / plan.cores;
  const seconds = (at - boot) / SECOND;
  // A node outlives its guests' counters: its own are made of its own work, so that they never run back.
  const moved = areaBetween(plan.own, boot, at);
  // The root filesystem fills up and is cleaned, on each node in its own turn.
  const filling = (at / DISK_CYCLE + plan.boots.phase / plan.boots.period) % 1;
  return {
    ...base,
    cpu: Math.min(0.99, busy + signalAt(plan.own, at)),
    mem: Math.min(
      Math.floor(plan.maxmem * 0.99),
      total(guest => guest.mem) + 1600 * MIB + Math.floor(plan.maxmem * 0.02),
    ),
    disk: Math.floor(plan.rootfs * (0.12 + filling * 0.35)),
    uptime: Math.floor(seconds),
    netin: Math.floor(moved * 90 * MIB),
    netout: Math.floor(moved * 110 * MIB),
  };
}

/** The kernel's averages over one, five and fifteen minutes. */
export function loadOf(node: Node, at: Instant): [number, number, number] {
  const own = (delay: Millis) => signalAt(node.plan.own, at - delay) - node.plan.own.mean;
  const load = (delay: Millis) => round(Math.max(0.01, (node.cpu * 1.1 + own(delay)) * node.plan.cores), 2);
  return [load(30_000), load(150_000), load(450_000)];
}
