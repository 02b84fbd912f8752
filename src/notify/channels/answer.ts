import { type Millis, SECOND } from "../../kit/units.ts";
import type { ChannelFault } from "./channel.ts";

/** What an HTTP status says of a notification; null: it was taken. */
export function faultOf(status: number): ChannelFault | null {
  if (status >= 200 && status < 300) return null;
  if (status === 429) return "busy";
  if (status >= 500 || status === 408 || status === 425) return "failed";
  return "refused";
}

/** Where services say how long to wait: Discord and Telegram in seconds, Matrix in milliseconds; null: not in this answer. */
export function retryAfterIn(body: string): Millis | null {
  const found = /"(retry_after|retry_after_ms)"\s*:\s*(\d+(?:\.\d+)?)/.exec(body);
  if (found === null) return null;
  return Math.ceil(Number(found[2]) * (found[1] === "retry_after_ms" ? 1 : SECOND));
}
