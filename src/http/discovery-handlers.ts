import type { AnswerOf } from "../contract/route.ts";
import type { Routes } from "../contract/routes.ts";
import { type Instant, SECOND } from "../kit/units.ts";
import { may } from "./door.ts";
import { Failure } from "./failure.ts";
import type { Handlers } from "./handlers.ts";

type Discovered = AnswerOf<Routes["discovered"]>;

/** Who looks for servers; answered where the rooms are introduced to each other. */
export interface DiscoveryDesk {
  found(): Pick<Discovered, "servers" | "errors" | "scanning"> & { updated: Instant };
  /** Begins a scan in the background, unless one runs. `network` null: the one of the settings. Answers what is wrong with it. */
  scan(network: string | null): string | null;
  /** Whether the results are older than they should be; never, where discovery is off. */
  isOld(): boolean;
}

/** The handlers of discovery. */
export function discoveryHandlers(desk: DiscoveryDesk): Pick<Handlers, "discovered" | "discover"> {
  const answer = (): Discovered => {
    const { servers, errors, scanning, updated } = desk.found();
    return { servers, errors, scanning, cached: !scanning, updated: Math.floor(updated / SECOND) };
  };
  return {
    discovered: ({ caller }) => {
      // Nobody's network is scanned unless somebody who may asks what is in it.
      if (may(caller, "admin") && desk.isOld()) desk.scan(null);
      return answer();
    },
    discover: ({ body: { subnet } }) => {
      const wrong = desk.scan(!subnet || subnet === "auto" ? null : subnet);
      if (wrong !== null) throw new Failure(400, `subnet: ${wrong}`);
      return answer();
    },
  };
}
