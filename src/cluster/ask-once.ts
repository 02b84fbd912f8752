import type { Clock } from "../kit/clock.ts";
import type { Log } from "../kit/log.ts";
import { type Millis, SECOND } from "../kit/units.ts";
import type { ClusterSettings } from "../model/cluster.ts";
import { Line, type Reached } from "./line.ts";

const PATIENCE: Millis = 10 * SECOND;

/** The line to NATS for one question; null: nobody answers there. */
export async function askOnce<T>(
  settings: ClusterSettings,
  role: ConstructorParameters<typeof Line>[1],
  { clock, log }: { clock: Clock; log: Log },
  ask: (reached: Reached) => Promise<T>,
): Promise<T | null> {
  await using line = new Line(settings, role, clock, log);
  const waited = new AbortController();
  const reached = await Promise.race([line.reached(), clock.sleep(PATIENCE, waited.signal)]);
  waited.abort();
  return reached ? await ask(reached) : null;
}
