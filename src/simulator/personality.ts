import { DAY, HOUR, KIB, MINUTE } from "../kit/units.ts";
import type { Dice } from "./dice.ts";
import { bump, noise, type Signal, sum } from "./signal.ts";

/** What a guest does for a living: when it works, and what that costs. */
export type Personality = "idle" | "web" | "batch" | "database";

/** How a guest behaves. Traffic follows its work: a base, and bytes a second for every unit of `activity`. */
export interface Behaviour {
  /** Share of its CPUs in use; may exceed 1 at the highest peaks, where it is cut off. */
  activity: Signal;
  /** Share of its memory in use. */
  memory: Signal;
  netin: Flow;
  netout: Flow;
  diskread: Flow;
  diskwrite: Flow;
}

/** Bytes a second: always `base`, and `gain` on top at full work. */
export interface Flow {
  base: number;
  gain: number;
}

interface Trait {
  cpu: readonly [number, number];
  /** Height of the daily peak over the mean, when it comes (hours UTC) and how often. */
  peak: { height: number; hour: readonly [number, number]; period: number };
  memory: readonly [number, number];
  /** In KiB/s at full work. */
  traffic: { netin: number; netout: number; diskread: number; diskwrite: number };
}

const TRAITS: { readonly [P in Personality]: Trait } = {
  idle: {
    cpu: [0.003, 0.02],
    peak: { height: 0.02, hour: [0, 24], period: DAY },
    memory: [0.2, 0.45],
    traffic: { netin: 400, netout: 200, diskread: 60, diskwrite: 250 },
  },
  web: {
    cpu: [0.03, 0.1],
    peak: { height: 0.3, hour: [11, 17], period: DAY },
    memory: [0.35, 0.65],
    traffic: { netin: 900, netout: 5_000, diskread: 300, diskwrite: 700 },
  },
  batch: {
    cpu: [0.01, 0.04],
    peak: { height: 0.75, hour: [0, 6], period: 6 * HOUR },
    memory: [0.3, 0.6],
    traffic: { netin: 4_000, netout: 1_500, diskread: 9_000, diskwrite: 7_000 },
  },
  database: {
    cpu: [0.06, 0.16],
    peak: { height: 0.22, hour: [9, 16], period: DAY },
    memory: [0.6, 0.8],
    traffic: { netin: 1_500, netout: 2_500, diskread: 3_000, diskwrite: 5_000 },
  },
};

const RESTLESS = [17 * MINUTE, 6 * MINUTE, 150_000, 70_000];
const SLOW = [7 * HOUR, 100 * MINUTE];

/** The ways of one guest. */
export function toBehaviour(personality: Personality, dice: Dice): Behaviour {
  const trait = TRAITS[personality];
  const level = dice.between(...trait.cpu);
  const { height, hour, period } = trait.peak;
  const peak = bump(height * dice.between(0.5, 1.2), period, dice.between(...hour) * HOUR);
  const flow = (kibs: number): Flow => {
    const gain = kibs * KIB * dice.between(0.5, 1.5);
    return { base: gain * 0.002, gain };
  };
  return {
    activity: sum(noise(level, 0.6, RESTLESS, dice), peak),
    memory: noise(dice.between(...trait.memory), 0.08, SLOW, dice),
    netin: flow(trait.traffic.netin),
    netout: flow(trait.traffic.netout),
    diskread: flow(trait.traffic.diskread),
    diskwrite: flow(trait.traffic.diskwrite),
  };
}
