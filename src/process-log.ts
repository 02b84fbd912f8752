import type { Log, LogLevel } from "./kit/log.ts";
import { lineWriter } from "./line-writer.ts";

/** Log events as JSON lines on stderr, from `lowest` on until told otherwise. */
export function openProcessLog(lowest: LogLevel): { log: Log; setLevel: (level: LogLevel) => void } {
  const order: readonly LogLevel[] = ["debug", "info", "warn", "error"];
  let least = lowest;
  const toLine: (...event: Parameters<Log>) => string = (level, message, fields = {}) =>
    JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  const write = lineWriter(process.stderr, dropped =>
    toLine("warn", "Nobody read the log, so lines were dropped", { lines: dropped }),
  );
  // What a terminal or a pipe that is gone says to the last words of a start.
  process.stdout.on("error", () => {});
  return {
    log(level, message, fields) {
      if (order.indexOf(level) >= order.indexOf(least)) write(toLine(level, message, fields));
    },
    setLevel(level) {
      least = level;
    },
  };
}
