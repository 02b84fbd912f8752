import type { Clock } from "./clock.ts";
import type { Log, LogLevel } from "./log.ts";
import { HOUR, type Instant, type Millis } from "./units.ts";

/** So often within the window the same is written. */
const OFTEN = 5;
const WINDOW: Millis = HOUR;
/** Different messages that are remembered at once. */
const MOST_KEYS = 1000;

interface Repeated {
  level: LogLevel;
  message: string;
  since: Instant;
  count: number;
}

/** A log that writes the same message, with the same `reason` and `error`, five times an hour at the most; how often it came besides is told once the hour is over. */
export function calmLog(log: Log, clock: Clock): Log {
  const known = new Map<string, Repeated>();
  const tell = (now: Instant) => {
    for (const [key, { level, message, since, count }] of known) {
      if (Math.abs(now - since) < WINDOW && known.size <= MOST_KEYS) continue;
      known.delete(key);
      if (count > OFTEN) log(level, message, { repeated: count - OFTEN, since: new Date(since).toISOString() });
    }
  };
  return (level, message, fields) => {
    if (level === "debug") return log(level, message, fields);
    const now = clock.now();
    tell(now);
    const key = [message, fields?.reason, fields?.error].join("\n");
    const one = known.get(key) ?? { level, message, since: now, count: 0 };
    known.set(key, one);
    one.count += 1;
    if (one.count <= OFTEN) log(level, message, fields);
  };
}
