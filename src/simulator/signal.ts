import { type Instant, type Millis, SECOND } from "../kit/units.ts";
import type { Dice } from "./dice.ts";

const TURN = 2 * Math.PI;

interface Wave {
  amplitude: number;
  period: Millis;
  /** In radians. */
  phase: number;
}

/**
 * A value over all time as a sum of cosines: smooth, never repeating within a human's patience, and with an integral that takes no
 * longer to compute for a year than for a second. Counters are such integrals, so they never run backwards and nothing has to tick.
 */
export interface Signal {
  mean: number;
  waves: readonly Wave[];
}

/** The value at one instant. */
export function signalAt(signal: Signal, at: Instant): number {
  let sum = signal.mean;
  for (const wave of signal.waves) sum += wave.amplitude * Math.cos(angleOf(wave, at));
  return sum;
}

/** The area under the signal between two instants, in value × seconds. Cheap when `from` stays and `to` moves, as counters do. */
export function areaBetween(signal: Signal, from: Instant, to: Instant): number {
  let start = STARTS.get(signal);
  if (start?.at !== from) {
    start = { at: from, area: areaAt(signal, from) };
    STARTS.set(signal, start);
  }
  return areaAt(signal, to) - start.area;
}

/** Where each signal was last counted from: half of the work of a large estate. */
const STARTS = new WeakMap<Signal, { at: Instant; area: number }>();

/** Whole turns are taken off first: sine and cosine of large numbers are many times slower. */
function angleOf(wave: Wave, at: Instant): number {
  const turns = at / wave.period;
  return TURN * (turns - Math.floor(turns)) + wave.phase;
}

/** From an arbitrary but fixed beginning: only differences mean anything. */
function areaAt(signal: Signal, at: Instant): number {
  let sum = signal.mean * at;
  for (const wave of signal.waves) {
    sum += wave.amplitude * (wave.period / TURN) * Math.sin(angleOf(wave, at));
  }
  return sum / SECOND;
}

/** Wanders around `mean` by at most `mean * swing` (`swing` 0 to 1) with one wave per period, the slow ones stronger. */
export function noise(mean: number, swing: number, periods: readonly Millis[], dice: Dice): Signal {
  const weights = periods.map((_, index) => 1 / (index + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const waves = periods.map((period, index) => ({
    amplitude: (mean * swing * (weights[index] ?? 0)) / total,
    period: period * dice.between(0.8, 1.25),
    phase: dice.between(0, TURN),
  }));
  return { mean, waves };
}

/** Rises to `height` around `peak` once every `period` and is close to zero otherwise: cos⁸ written out as cosines. */
export function bump(height: number, period: Millis, peak: Millis): Signal {
  const wave = (order: number, weight: number) => ({
    amplitude: (height * weight) / 128,
    period: period / order,
    phase: (-TURN * order * peak) / period,
  });
  return { mean: (height * 35) / 128, waves: [wave(1, 56), wave(2, 28), wave(3, 8), wave(4, 1)] };
}

/** Both at once. */
export function sum(a: Signal, b: Signal): Signal {
  return { mean: a.mean + b.mean, waves: [...a.waves, ...b.waves] };
}
