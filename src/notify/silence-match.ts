import type { Instant } from "../kit/units.ts";
import type { Alert } from "../model/alert.ts";
import { nodeId } from "../model/ids.ts";
import type { AlertMatcher, Silence } from "../model/silence.ts";
import { occurrenceAt } from "./weekly.ts";

/** Whether all that the matcher names fits; `*` stands for any run of characters, and case does not count. */
export function matches(matcher: AlertMatcher, alert: Alert): boolean {
  const { alertId, resource, instance, node, tag, type, level } = matcher;
  const carriers = alert.node === "" ? [] : [alert.node, nodeId(alert.instance, alert.node)];
  return (
    fits(alertId, [alert.id]) &&
    fits(resource, [alert.resourceId, alert.resourceName, alert.instance, ...carriers]) &&
    fits(instance, [alert.instance]) &&
    fits(node, [alert.node]) &&
    fits(tag, alert.tags) &&
    fits(type, [alert.type]) &&
    (level === undefined || level === alert.level)
  );
}

function fits(pattern: string | undefined, texts: readonly string[]): boolean {
  if (pattern === undefined) return true;
  return texts.some(text => text !== "" && fitsGlob(pattern.toLowerCase(), text.toLowerCase()));
}

/** Piece by piece, each at its first place: takes no longer for a pattern of many stars, as a regular expression would. */
function fitsGlob(pattern: string, text: string): boolean {
  const [head = "", ...pieces] = pattern.split("*");
  const tail = pieces.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let at = head.length;
  for (const piece of pieces) {
    const found = text.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return text.length - tail.length >= at && text.endsWith(tail);
}

/** Until when a silence holds; null: not now. */
export function silentUntil(silence: Omit<Silence, "state">, now: Instant): Instant | null {
  const { startsAt, endsAt, weekly } = silence;
  if (now < startsAt || (endsAt !== null && now >= endsAt)) return null;
  if (weekly === null) return endsAt;
  const occurrence = occurrenceAt(weekly, now);
  return occurrence && Math.min(occurrence.to, endsAt ?? occurrence.to);
}

export function stateOf({ startsAt, endsAt }: Pick<Silence, "startsAt" | "endsAt">, now: Instant): Silence["state"] {
  if (endsAt !== null && now >= endsAt) return "over";
  return now < startsAt ? "pending" : "active";
}
