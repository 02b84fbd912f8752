import type { DockerDesk } from "./http/docker-handlers.ts";
import type { Inventory } from "./inventory/inventory.ts";
import type { Clock } from "./kit/clock.ts";
import type { Patch } from "./model/picture.ts";
import type { DockerHostBook } from "./settings/docker-hosts.ts";
import { BadReport, DockerReports } from "./sources/docker/reports.ts";

export interface DockerDeskOptions {
  inventory: Inventory;
  book: DockerHostBook;
  /** Gets each step of the picture. */
  publish: (patch: Patch | null) => void;
  clock: Clock;
}

/** Takes reports of Docker hosts into the picture, and hosts out of it; those of an earlier run are there from the start. */
export function openDockerDesk({ inventory, book, publish, clock }: DockerDeskOptions): DockerDesk {
  inventory.expectHosts(book.all(), clock.now());
  const reports = new DockerReports();
  return {
    report(report) {
      try {
        const seen = reports.take(report, clock.now());
        publish(inventory.report(seen));
        const host = inventory.picture.dockerHosts[seen.host.id];
        if (host) book.remember(host);
        return { hostId: seen.host.id, containers: seen.containers.length };
      } catch (error) {
        if (error instanceof BadReport) return { wrong: error.message };
        throw error;
      }
    },
    remove(id) {
      reports.forget(id);
      book.forget(id);
      const patch = inventory.dismissHost(id, clock.now());
      publish(patch);
      return patch !== null;
    },
  };
}
