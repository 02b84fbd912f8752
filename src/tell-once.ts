import { digestOf, toToken } from "./cluster/names.ts";
import type { Teller } from "./cluster/teller.ts";
import { type Instant, MINUTE, SECOND } from "./kit/units.ts";
import type { Channel } from "./notify/channel-book.ts";
import { ChannelFailure, type Message } from "./notify/channels/channel.ts";
import type { Dispatch } from "./notify/dispatch.ts";

/** What comes about at each core by itself does so within that time of one another. */
const TOGETHER = 2 * MINUTE;
const AGAIN = 5 * SECOND;

/**
 * Sends what no other core has sent: for each alert of a message there is a key, and only who has it sends. A core that is not to send waits
 * until the other has, so that it knows, as if it had sent itself, who was told of what.
 */
export function tellOnce(dispatch: Dispatch, teller: Teller): Dispatch {
  return async (channel, message) => {
    // Somebody waits for it, at this very core.
    if (message.reason === "test") return await dispatch(channel, message);
    const keys = keysOf(channel, message);
    const claim = await teller.claim([...keys.keys()], cameAbout(message));
    if (!claim) throw new ChannelFailure("busy", "Another core is to send it", { retryAfter: AGAIN });
    if (claim.ours.size === 0) return { statusCode: null, response: "", payload: "" };
    const alerts = [...keys].flatMap(([key, alert]) => (alert && claim.ours.has(key) ? alert : []));
    try {
      const duplicatePossible = message.duplicatePossible || claim.uncertain;
      const sent = await dispatch(channel, { ...message, alerts, duplicatePossible });
      await claim.done();
      return sent;
    } catch (error) {
      await claim.undo();
      throw error;
    }
  };
}

/** When it came about, at the earliest. */
function cameAbout({ reason, alerts, at }: Message): Instant {
  return reason === "firing" ? Math.min(at, ...alerts.map(({ startTime }) => Date.parse(startTime))) : at;
}

/** What is the same at all cores: never a time of their own, but for what comes again and again. */
function keysOf(channel: Channel, { reason, alerts, at }: Message): Map<string, Message["alerts"][number] | null> {
  const comesAgain = reason === "reminder" || reason === "escalation" || reason === "canary";
  const when = comesAgain ? `.${Math.round(at / TOGETHER)}` : "";
  const key = (about: string) => `${toToken(channel.id)}.${reason}.${digestOf(about)}${when}`;
  if (alerts.length === 0) return new Map([[key(""), null]]);
  return new Map(alerts.map(alert => [key(`${alert.id} ${alert.startTime}`), alert]));
}
