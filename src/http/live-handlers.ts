import type { ServerFrame } from "../contract/live.ts";
import type { Clock } from "../kit/clock.ts";
import { SECOND } from "../kit/units.ts";
import type { Handlers } from "./handlers.ts";

/** Sends a frame to every client of the live stream; answers how many there are. */
export type Broadcast = (frame: ServerFrame) => number;

export function liveHandlers(broadcast: Broadcast, clock: Clock): Pick<Handlers, "testNotification"> {
  return {
    testNotification: () => {
      const timestamp = Math.floor(clock.now() / SECOND);
      const clients = broadcast({ type: "testNotification", data: { message: "A test by Pulse", timestamp } });
      return { success: true, message: `Sent to ${clients} ${clients === 1 ? "client" : "clients"}`, clients };
    },
  };
}
