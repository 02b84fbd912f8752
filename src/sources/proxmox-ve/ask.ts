import type { Millis } from "../../kit/units.ts";

/** One call to a node, without a second try. `deadline`: for calls that are slow by nature. Rejects with LookFailed. */
export type Ask = (path: string, node: string, signal: AbortSignal, deadline?: Millis) => Promise<unknown>;
