import type { Writable } from "node:stream";
import { type Bytes, MIB } from "./kit/units.ts";

/** So much waits in memory for a reader that has stopped. */
const MOST_WAITING: Bytes = MIB;

/**
 * Writes lines to a stream that nobody may read: when its reader stops, lines are dropped rather than waited for or kept, and their number
 * is told, as the line that `told` makes of it, once there is room; when its reader is gone, nothing happens at all.
 */
export function lineWriter(stream: Writable, told: (dropped: number) => string): (line: string) => void {
  let dropped = 0;
  stream.on("error", () => {});
  return line => {
    if (stream.writableLength > MOST_WAITING) {
      dropped += 1;
      return;
    }
    if (dropped > 0) stream.write(`${told(dropped)}\n`);
    dropped = 0;
    stream.write(`${line}\n`);
  };
}
