import type { DockerDesk } from "./http/docker-handlers.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Clock } from "./kit/clock.ts";
import type { Log } from "./kit/log.ts";
import type { Patch } from "./model/picture.ts";
import type { DockerHostBook } from "./settings/docker-hosts.ts";
import { BadReport, DockerReports } from "./sources/docker/reports.ts";

export interface DockerDeskOptions {
  inventory: Inventory;
  /** null: hosts are forgotten with the process. */
  book: DockerHostBook | null;
  /** Gets each step of the picture. */
  publish: (patch: Patch | null) => void;
  /** Called when a report has changed the picture. */
  reported: () => void;
  clock: Clock;
  log: Log;
}

/** Takes reports of Docker hosts into the picture, and hosts out of it; those of an earlier run are there from the start. */
export function openDockerDesk({ inventory, book, publish, reported, clock, log }: DockerDeskOptions): DockerDesk {
  inventory.expectHosts(book?.all() ?? [], clock.now());
  const reports = new DockerReports();
  const { picture } = inventory;
  return {
    report(report) {
      try {
        const { hostId, seen } = reports.take(report, clock.now());
        if (seen === null) return { hostId, containers: 0, late: true };
        const before = picture.dockerHosts[hostId]?.status;
        publish(inventory.report(seen));
        reported();
        const host = picture.dockerHosts[hostId];
        if (host) book?.remember(host);
        const fields = { host: hostId, agent: seen.host.agentVersion };
        if (before !== "online")
          log("info", `Docker host "${seen.host.displayName}" ${before ? "is back" : "is new"}`, fields);
        return { hostId, containers: seen.containers.length, late: false };
      } catch (error) {
        if (error instanceof BadReport) return { wrong: error.message };
        throw error;
      }
    },
    remove(id) {
      const name = picture.dockerHosts[id]?.displayName;
      reports.forget(id);
      book?.forget(id);
      publish(inventory.dismissHost(id, clock.now()));
      if (name === undefined) return false;
      log("info", `Docker host "${name}" was removed; it comes back when its agent reports anew`, { host: id });
      return true;
    },
  };
}
