/**
 * Loaded before everything else (`--import`) into a process whose clock is to go PULSE_BENCH_SPEED times as fast: what it calls now, and how
 * long its timers wait. Whoever started it with a channel is told, when he asks, how it fares, and may set its clock to another time.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

const speed = Number(process.env.PULSE_BENCH_SPEED ?? 1);
const RealDate = Date;
const begun = RealDate.now();
/** By how much the clock was set to another time. */
let shift = 0;
const now = () => Math.round(begun + (RealDate.now() - begun) * speed + shift);
const steady = performance.now.bind(performance);
performance.now = () => steady() * speed;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, wanted) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values, wanted) as object,
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});

const timers = process.getBuiltinModule("node:timers");
for (const name of ["setTimeout", "setInterval"] as const) {
  const real = timers[name] as (callback: () => void, delay?: number, ...values: unknown[]) => unknown;
  const fast = Object.assign(
    (callback: () => void, delay = 0, ...values: unknown[]) => real(callback, delay / speed, ...values),
    real,
  );
  Object.assign(timers, { [name]: fast });
  Object.assign(globalThis, { [name]: fast });
}

/** Sets the clock forward, or back, by so many ms. */
interface Shift {
  shift: number;
}

function isShift(message: unknown): message is Shift {
  return typeof message === "object" && message !== null && "shift" in message;
}

/** What a process says of itself. */
export interface Vitals {
  /** After everything that nobody holds has been collected. */
  heap: number;
  external: number;
  /** Since it was last asked, ms: 99 of 100 turns of the loop were no later than this. */
  delay: number;
  longest: number;
  /** What keeps it busy, by kind. */
  resources: Record<string, number>;
}

if (process.send) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on("message", message => {
    if (isShift(message)) {
      shift += message.shift;
      return;
    }
    const [late, longest] = [delay.percentile(99) / 1e6, delay.max / 1e6];
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const resources: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    process.send?.({ heap: heapUsed, external, delay: late, longest, resources } satisfies Vitals);
    delay.reset();
  });
  process.channel?.unref();
}
