import type { BackupDesk } from "./http/backup-handlers.ts";
import type { Clock } from "./kit/clock.ts";
import { every } from "./kit/every.ts";
import type { Log } from "./kit/log.ts";
import { HOUR, type Instant, MINUTE, type Millis } from "./kit/units.ts";
import { zoneOf } from "./kit/wall-clock.ts";
import type { BackupKind, OwnBackup } from "./model/own-backup.ts";
import type { SystemSettings } from "./model/system-settings.ts";
import { BackupFailed, type BackupFolder } from "./settings/backup-folder.ts";
import { isDue, nextTurn } from "./settings/backup-schedule.ts";

/** A start has enough to do: what was missed is made up only then. */
const SETTLED_AFTER: Millis = 10 * MINUTE;
/** What failed is tried again after this. */
const AGAIN_AFTER: Millis = HOUR;

export interface BackupsOptions {
  folder: BackupFolder;
  settings: () => Pick<SystemSettings, "backupSchedule" | "backupTime" | "backupDay" | "backupKeep">;
  /** The file of the key that kept secrets are sealed with; null: it is given from elsewhere. */
  keyFile: string | null;
  clock: Clock;
  log: Log;
}

/** Backs up Pulse's own database, by the clock and when somebody asks for it. */
export class Backups implements AsyncDisposable {
  readonly #options: BackupsOptions;
  readonly #startedAt: Instant;
  readonly #zone = zoneOf("");
  readonly #stop = new AbortController();
  #schedule: Promise<void> = Promise.resolve();
  #running: Promise<OwnBackup> | null = null;
  /** Of the last try that the clock made; null: it went well, or there was none. */
  #failure: { at: Instant; message: string } | null = null;

  get folder(): BackupFolder {
    return this.#options.folder;
  }

  constructor(options: BackupsOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Looks every minute whether a backup is due. */
  start(): void {
    this.#schedule = every(MINUTE, at => this.#turn(at), this.#options.clock, this.#stop.signal);
  }

  /** Why the backup that is due could not be made, as the end of a sentence; false: none is due; null: it is not known yet. */
  get failure(): string | false | null {
    const { settings, folder, clock } = this.#options;
    if (settings().backupSchedule === "off") return false;
    if (this.#failure) return this.#failure.message;
    return isDue(settings(), folder.list(), clock.now(), this.#zone) ? null : false;
  }

  readonly desk: BackupDesk = {
    state: async () => {
      const { folder, settings, keyFile, clock } = this.#options;
      const room = await folder.room();
      return {
        folder: folder.path,
        backups: folder.list(),
        running: this.#running !== null,
        next: nextTurn(settings(), clock.now(), this.#zone),
        failure: this.#failure && { ...this.#failure },
        needed: room?.needed ?? 0,
        free: room?.free ?? null,
        keyFile,
      };
    },
    make: async () => {
      if (this.#running) return { refused: "not-now", message: "A backup is being made already" };
      try {
        return await this.make("manual");
      } catch (error) {
        if (error instanceof BackupFailed) return { refused: "not-now", message: `No backup: ${error.message}` };
        throw error;
      }
    },
    find: name => this.#options.folder.find(name),
    remove: name => this.#options.folder.remove(name),
  };

  /** Throws what `BackupFolder.make` throws. */
  async make(kind: BackupKind): Promise<OwnBackup> {
    const { folder, clock, log, settings } = this.#options;
    this.#running = folder.make(kind, clock.now(), this.#stop.signal);
    try {
      const backup = await this.#running;
      this.#failure = null;
      const gone = kind === "scheduled" ? folder.prune(settings().backupKeep) : [];
      log("info", "The database is backed up", { file: backup.name, bytes: backup.size, removed: gone });
      return backup;
    } finally {
      this.#running = null;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#schedule;
    await this.#running?.catch(() => {});
  }

  async #turn(at: Instant): Promise<void> {
    const { folder, settings, log } = this.#options;
    if (this.#running || at - this.#startedAt < SETTLED_AFTER) return;
    if (this.#failure && Math.abs(at - this.#failure.at) < AGAIN_AFTER) return;
    if (!isDue(settings(), folder.list(), at, this.#zone)) return;
    try {
      await this.make("scheduled");
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (!(error instanceof BackupFailed)) throw error;
      this.#failure = { at, message: error.message };
      log("error", "The database could not be backed up", { reason: error.message });
    }
  }
}
