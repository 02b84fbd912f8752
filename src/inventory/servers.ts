import { blankBackupServer, blankMailGateway } from "../model/blank.ts";
import type { Instance } from "../model/instance.ts";
import type { WatchedInstance } from "../model/instance-settings.ts";
import type { Records } from "../model/picture.ts";
import type { Draft } from "./draft.ts";

/** A Backup Server or Mail Gateway is listed from the start, before anybody has looked at it. */
export function addServer(draft: Draft, settings: WatchedInstance): void {
  if (settings.type === "pbs") draft.add("pbs", blankBackupServer(settings));
  if (settings.type === "pmg") draft.add("pmg", blankMailGateway(settings));
}

/** How a server stands after a look that failed; `dead`: by the evidence of the line, for as long as counts. */
export function setServerHealth(draft: Draft, records: Records, { id }: Instance, dead: boolean): void {
  const fields = dead
    ? { status: "offline" as const, connectionHealth: "error" as const }
    : { connectionHealth: "degraded" as const };
  for (const collection of ["pbs", "pmg"] as const) if (records[collection][id]) draft.set(collection, id, fields);
}
