import type { Transition } from "../model/alert.ts";

/**
 * What a step in the life of an alert is to those who are told. `firing`: news. `resolved`: news to those who were told that it fires.
 * `withdrawn`: it is over, nobody is told, and what waits does not go. `hushed`: what waits does not go; it is not over. null: nothing.
 */
export type Step = "firing" | "resolved" | "withdrawn" | "hushed" | null;

/** An alert that another one carries, or that somebody has acknowledged, is not told by itself. */
export function stepOf({ kind, alert }: Pick<Transition, "kind" | "alert">): Step {
  switch (kind) {
    case "fired":
    case "worsened":
    case "released":
      return alert.cause === null && !alert.acknowledged ? "firing" : null;
    case "resolved":
      return "resolved";
    case "withdrawn":
    case "cleared":
      return "withdrawn";
    case "acknowledged":
      return "hushed";
    case "eased":
    case "unacknowledged":
      return null;
  }
}
