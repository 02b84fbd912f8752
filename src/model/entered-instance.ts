import type { Instant, Millis } from "../kit/units.ts";
import type { InstanceSettings } from "./instance-settings.ts";

/** A secret as it travels: only who has the private part of `key` can open it. */
export interface SealedSecret {
  /** The public part, base64. */
  key: string;
  /** base64 */
  box: string;
}

/** An instance that was entered on a page, for the edges of a site; its credentials are without their secret. */
export interface EnteredInstance {
  settings: InstanceSettings;
  /** The secret, for each key of the site's edges that was known when it was entered. */
  sealed: readonly SealedSecret[];
  /** Between two looks, where it has no interval of its own and until an edge says otherwise. */
  usual: Millis;
}

/** All of a site. */
export interface EnteredList {
  /** When it became so, on all cores the same: of two lists, the later one counts. */
  changed: Instant;
  /** Of the deed that made it so. */
  deed: string;
  instances: readonly EnteredInstance[];
  /** Those that went of late: what is still said of them counts no more. */
  removed: readonly { name: string; at: Instant }[];
}

/** What becomes of such lists, told to all cores. `deed`: its id, so that it is done once. */
export type EnteringDeed = { deed: string; site: string } & (
  | { do: "enter" | "replace"; instance: EnteredInstance }
  | { do: "remove"; name: string }
);

/** The name of the instance that a deed is about. */
export function instanceOf(deed: EnteringDeed): string {
  return deed.do === "remove" ? deed.name : deed.instance.settings.name;
}
