import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from "../kit/units.ts";
import type { Flow } from "./personality.ts";
import type { GuestPlan, NodePlan } from "./plan.ts";
import { Refusal } from "./refusal.ts";
import { type Ask, guestOf, nodeOf, oneOf, type Route } from "./route.ts";
import { signalAt } from "./signal.ts";
import { usedOn } from "./storage-answers.ts";
import { isOn } from "./storage-plan.ts";

type Frames = Readonly<Record<string, readonly [step: Millis, rows: number]>>;

/** What each release keeps: the older ones 70 rows of everything, 9 a day of minutes, a month of half hours, a year of quarter days. */
const OLD: Frames = {
  hour: [MINUTE, 70],
  day: [30 * MINUTE, 70],
  week: [3 * HOUR, 70],
  month: [12 * HOUR, 70],
  year: [7 * DAY, 70],
};
const NEW: Frames = {
  hour: [MINUTE, 60],
  day: [MINUTE, 1440],
  week: [30 * MINUTE, 336],
  month: [30 * MINUTE, 1440],
  year: [6 * HOUR, 1440],
};

const QUERY = {
  timeframe: oneOf(["hour", "day", "week", "month", "year", "decade"]),
  cf: oneOf(["AVERAGE", "MAX"]),
};

/** `rrddata`: what was, a row a step; `time` is the end of the step. The newest row has nothing but its time. */
export const RRD_ROUTES: readonly Route[] = [
  { path: "/nodes/{node}/rrddata", query: QUERY, data: ask => rows(ask, at => ofNode(nodeOf(ask).plan, ask, at)) },
  {
    path: "/nodes/{node}/qemu/{vmid}/rrddata",
    query: QUERY,
    data: ask => rows(ask, at => ofGuest(guestOf(ask, "qemu").plan, at)),
  },
  {
    path: "/nodes/{node}/lxc/{vmid}/rrddata",
    query: QUERY,
    data: ask => rows(ask, at => ofGuest(guestOf(ask, "lxc").plan, at)),
  },
  { path: "/nodes/{node}/storage/{storage}/rrddata", query: QUERY, data: ask => rows(ask, at => ofStorage(ask, at)) },
];

function rows({ instance, query }: Ask, of: (at: Instant) => Record<string, number>): Record<string, number>[] {
  const frames = instance.plan.release.release >= "9" ? NEW : OLD;
  const [step, count] = frames[query.timeframe ?? ""] ?? [];
  if (!step || !count)
    throw new Refusal(400, "Parameter verification failed.", {
      timeframe: "property is missing and it is not optional",
    });
  const newest = Math.floor(instance.clock.now() / step) * step;
  return Array.from({ length: count }, (_, row) => {
    const end = newest - (count - 1 - row) * step;
    const time = Math.floor(end / SECOND);
    return row === count - 1 ? { time } : { time, ...of(end - step / 2) };
  });
}

function ofGuest(plan: GuestPlan, at: Instant): Record<string, number> {
  if (plan.status === "stopped") return { maxcpu: plan.cores, maxmem: plan.maxmem, maxdisk: plan.maxdisk };
  const { behaviour } = plan;
  const cpu = Math.min(1, signalAt(behaviour.activity, at));
  const flow = ({ base, gain }: Flow) => base + gain * cpu;
  return {
    cpu,
    maxcpu: plan.cores,
    mem: Math.floor(plan.maxmem * signalAt(behaviour.memory, at)),
    maxmem: plan.maxmem,
    disk: plan.type === "lxc" ? Math.floor(plan.maxdisk * plan.fill) : 0,
    maxdisk: plan.maxdisk,
    netin: flow(behaviour.netin),
    netout: flow(behaviour.netout),
    diskread: flow(behaviour.diskread),
    diskwrite: flow(behaviour.diskwrite),
  };
}

function ofNode(plan: NodePlan, { instance }: Ask, at: Instant): Record<string, number> {
  const guests = instance.plan.guests.filter(guest => guest.node === plan.name && guest.status === "running");
  const total = (of: (guest: GuestPlan) => number) => guests.reduce((sum, guest) => sum + of(guest), 0);
  const busy = total(guest => Math.min(1, signalAt(guest.behaviour.activity, at)) * guest.cores) / plan.cores;
  const memory = total(guest => guest.maxmem * signalAt(guest.behaviour.memory, at));
  return {
    cpu: Math.min(0.99, busy + signalAt(plan.own, at)),
    maxcpu: plan.cores,
    memused: Math.min(Math.floor(plan.maxmem * 0.99), Math.floor(memory + 1600 * 2 ** 20 + plan.maxmem * 0.02)),
    memtotal: plan.maxmem,
    rootused: Math.floor(plan.rootfs * 0.3),
    roottotal: plan.rootfs,
  };
}

function ofStorage({ instance, params }: Ask, at: Instant): Record<string, number> {
  const node = params.node ?? "";
  const storage = instance.plan.storages.find(({ name }) => name === params.storage);
  if (!storage || !isOn(storage, node)) throw new Refusal(500, `storage '${params.storage}' does not exist`);
  return { total: storage.total, used: usedOn(storage, node, at) };
}
