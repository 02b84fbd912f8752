import { HOUR, type Instant } from "../kit/units.ts";
import type { DockerHostFacts } from "../model/docker.ts";
import type { Database } from "../store/database.ts";

/** How old what is kept of `lastSeen` may get: it is worth a write only that often. */
const WRITE_EVERY = HOUR;

/** What earlier releases did not write. */
const LATER = {
  engine: null,
  swarmNodeId: null,
  cpuPercent: null,
  memoryUsedBytes: null,
  measured: "containers",
  loadAverage: null,
  warnings: [],
} as const satisfies Partial<DockerHostFacts>;

/** The Docker hosts that have reported, so that one that is silent since before a restart is missed, and not forgotten. */
export class DockerHostBook {
  readonly #database: Database;
  readonly #written = new Map<string, { text: string; at: Instant }>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** As they were when they were last written. */
  all(): DockerHostFacts[] {
    return this.#database
      .all("SELECT host FROM docker_host ORDER BY id")
      .map(({ host }) => ({ ...LATER, ...(JSON.parse(String(host)) as DockerHostFacts) }));
  }

  /** Writes who the host is when that has changed, and now and then that it is there; when the database refuses, with its next report. */
  remember(host: DockerHostFacts): void {
    const { lastSeen, id, displayName, machineId, dockerVersion, agentVersion, intervalSeconds, totalMemoryBytes } =
      host;
    const text = JSON.stringify([
      id,
      displayName,
      machineId,
      dockerVersion,
      agentVersion,
      intervalSeconds,
      totalMemoryBytes,
    ]);
    const written = this.#written.get(host.id);
    if (written?.text === text && lastSeen - written.at < WRITE_EVERY) return;
    const row = [host.id, JSON.stringify(host)];
    if (this.#database.spare(() => this.#database.run("INSERT OR REPLACE INTO docker_host VALUES (?, ?)", ...row)))
      this.#written.set(host.id, { text, at: lastSeen });
  }

  forget(id: string): void {
    this.#database.run("DELETE FROM docker_host WHERE id = ?", id);
    this.#written.delete(id);
  }
}
