export type LogLevel = "debug" | "info" | "warn" | "error";

/** Takes one event. `fields` must not hold secrets. At `info` only transitions and faults are written, never routine. */
export type Log = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** For tests and for callers that do not care. */
export const silent: Log = () => {};
