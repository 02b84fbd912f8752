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

/** `rrddata`: what was, a row a step; `time` is the end of the step. The newest row, and those of before there was a server, have nothing but their time. */
export const RRD_ROUTES: readonly Route[] = [
  { path: "/nodes/{node}/rrddata", query: QUERY, data: ask => rows(ask, ofNode(nodeOf(ask).plan, ask)) },
  {
    path: "/nodes/{node}/qemu/{vmid}/rrddata",
    query: QUERY,
    data: ask => rows(ask, ofGuest(guestOf(ask, "qemu").plan)),
  },
  { path: "/nodes/{node}/lxc/{vmid}/rrddata", query: QUERY, data: ask => rows(ask, ofGuest(guestOf(ask, "lxc").plan)) },
  { path: "/nodes/{node}/storage/{storage}/rrddata", query: QUERY, data: ask => rows(ask, ofStorage(ask)) },
];

type RowAt = (at: Instant) => Record<string, number>;

function rows({ instance, query }: Ask, of: RowAt): Record<string, number>[] {
  const frames = instance.plan.release.release >= "9" ? NEW : OLD;
  const [step, count] = frames[query.timeframe ?? ""] ?? [];
  if (!step || !count)
    throw new Refusal(400, "Parameter verification failed.", {
      timeframe: "property is missing and it is not optional",
    });
  const now = instance.clock.now();
  const newest = Math.floor(now / step) * step;
  return Array.from({ length: count }, (_, row) => {
    const end = newest - (count - 1 - row) * step;
    const time = Math.floor(end / SECOND);
    const isKnown = row < count - 1 && now - end <= instance.plan.remembers;
    return isKnown ? { time, ...of(end - step / 2) } : { time };
  });
}

function ofGuest(plan: GuestPlan): RowAt {
  const { behaviour, cores, maxmem, maxdisk } = plan;
  if (plan.status === "stopped") return () => ({ maxcpu: cores, maxmem, maxdisk });
  const disk = plan.type === "lxc" ? Math.floor(maxdisk * plan.fill) : 0;
  return at => {
    const cpu = Math.min(1, signalAt(behaviour.activity, at));
    const flow = ({ base, gain }: Flow) => base + gain * cpu;
    return {
      ...{ cpu, maxcpu: cores, mem: Math.floor(maxmem * signalAt(behaviour.memory, at)), maxmem, disk, maxdisk },
      ...{ netin: flow(behaviour.netin), netout: flow(behaviour.netout) },
      ...{ diskread: flow(behaviour.diskread), diskwrite: flow(behaviour.diskwrite) },
    };
  };
}

function ofNode({ name, cores, maxmem, rootfs, own }: NodePlan, { instance }: Ask): RowAt {
  const guests = instance.plan.guests.filter(guest => guest.node === name && guest.status === "running");
  const total = (of: (guest: GuestPlan) => number) => guests.reduce((sum, guest) => sum + of(guest), 0);
  return at => {
    const busy = total(guest => Math.min(1, signalAt(guest.behaviour.activity, at)) * guest.cores) / cores;
    const memory = total(guest => guest.maxmem * signalAt(guest.behaviour.memory, at));
    return {
      cpu: Math.min(0.99, busy + signalAt(own, at)),
      maxcpu: cores,
      memused: Math.min(Math.floor(maxmem * 0.99), Math.floor(memory + 1600 * 2 ** 20 + maxmem * 0.02)),
      memtotal: maxmem,
      rootused: Math.floor(rootfs * 0.3),
      roottotal: rootfs,
    };
  };
}

function ofStorage({ instance, params }: Ask): RowAt {
  const node = params.node ?? "";
  const storage = instance.plan.storages.find(({ name }) => name === params.storage);
  if (!storage || !isOn(storage, node)) throw new Refusal(500, `storage '${params.storage}' does not exist`);
  return at => ({ total: storage.total, used: usedOn(storage, node, at) });
}
