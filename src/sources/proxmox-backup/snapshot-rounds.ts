import { type Instant, MINUTE, type Millis } from "../../kit/units.ts";
import type { BackupNamespace } from "../../model/backup-server.ts";
import { namespaceId } from "../../model/ids.ts";
import { inTurns } from "../in-turns.ts";
import type { ServerLooks, ServerOptions } from "../proxmox/server-looks.ts";
import { type Observe, toFailure } from "../source.ts";
import { toSnapshots } from "./snapshots.ts";

/** How often the snapshots of a namespace are listed: what a verification found shows that soon. */
const INTERVAL: Millis = 5 * MINUTE;
/** To list snapshots, the server reads a file of each. */
const DEADLINE: Millis = MINUTE;

interface Place {
  part: string;
  store: string;
  path: string;
  /** When it was last listed. */
  at: Instant;
  /** How many rounds it has not been there. */
  absent: number;
}

/** Lists the snapshots of all namespaces, one after the other: it is hard work for the server's disks. */
export class SnapshotRounds {
  readonly #options: ServerOptions;
  readonly #looks: ServerLooks;
  /** By the id of the namespace. */
  readonly #places = new Map<string, Place>();

  constructor(options: ServerOptions, looks: ServerLooks) {
    this.#options = options;
    this.#looks = looks;
  }

  /** To be called every minute: lists what is due, and ends what has not been there twice in a row. */
  async go(
    namespaces: ReadonlyMap<string, readonly BackupNamespace[]>,
    observe: Observe,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, settings } = this.#options;
    for (const place of this.#places.values()) place.absent++;
    for (const [store, listed] of namespaces)
      for (const { path } of listed) {
        const part = namespaceId(settings.name, store, path);
        const fresh = { part, store, path, at: Number.NEGATIVE_INFINITY, absent: 0 };
        const place = this.#places.get(part) ?? fresh;
        place.absent = 0;
        this.#places.set(part, place);
        if (signal.aborted || this.#looks.patience.refused || clock.now() - place.at < INTERVAL) continue;
        await this.#list(place, observe, signal);
      }
    for (const place of this.#places.values()) if (place.absent > 1) this.#end(place, observe);
  }

  async #list(place: Place, observe: Observe, signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const { part, store, path } = place;
    const at = clock.now();
    const common = { instance: settings.name, scope: "namespace", part, at, interval: INTERVAL } as const;
    const query = path === "" ? "" : `?ns=${encodeURIComponent(path)}`;
    const call = `/admin/datastore/${encodeURIComponent(store)}/snapshots${query}`;
    try {
      const data = await this.#looks.client.get(call, signal, { deadline: DEADLINE });
      const pbsBackups = await inTurns(toSnapshots(data, settings.name, store, path));
      place.at = at;
      this.#looks.notes.clear(noteOf(place));
      if (!signal.aborted) observe({ kind: "seen", ...common, took: clock.now() - at, lists: { pbsBackups } });
    } catch (error) {
      const { fault } = toFailure(error, settings.name);
      this.#looks.notes.set(noteOf(place), fault);
      if (!signal.aborted) observe({ kind: "missed", ...common, took: clock.now() - at, fault });
    }
  }

  /** A namespace that is no longer there ends with an empty list. */
  #end(place: Place, observe: Observe): void {
    const { clock, settings } = this.#options;
    this.#places.delete(place.part);
    this.#looks.notes.clear(noteOf(place));
    const common = { instance: settings.name, at: clock.now(), took: 0, interval: INTERVAL };
    observe({ kind: "seen", scope: "namespace", part: place.part, ...common, lists: { pbsBackups: [] } });
  }
}

function noteOf({ store, path }: Place): string {
  return `snapshots of ${store}/${path}`;
}
