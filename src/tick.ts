import type { Alerts } from "./alerts/alerts.ts";
import type { Changes } from "./changes/changes.ts";
import type { History } from "./history/history.ts";
import { passingSamplesOf } from "./history/metrics.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
import type { Transition } from "./model/alert.ts";
import type { OwnUpdate, Picture } from "./model/picture.ts";
import { type Database, isRefusal, refusalOf, type Sheltered } from "./store/database.ts";

/** The rooms that keep what a tick finds. */
export interface Keepers {
  database: Database;
  history: History;
  alerts: Alerts;
  changes: Changes;
  picture: Picture;
  log: Log;
  /** Does what follows from transitions within the transaction that keeps them; one that was rolled back comes once more. */
  follow: (transitions: readonly Transition[], at: Instant) => void;
  /** The tables that follow needs, and that go on in memory while the database cannot be written. */
  shelter: (at: Instant) => readonly Sheltered[];
  /** Of this very database: see `OwnHealth`. */
  backup: () => string | false | null;
  /** Of the updates that it makes by itself. */
  update: () => OwnUpdate;
  /** Shows what is new: when the transaction is over, or was refused. */
  show: (transitions: readonly Transition[], at: Instant) => void;
}

/**
 * What every tick does: judges what the picture shows, and keeps that and what it came to, in one transaction. The picture is asked, and
 * not each observation, because it alone knows what is stale, so that nothing stale is ever kept or judged; because all instances together
 * then make one small write a tick; and because an instance that is looked at every minute has no gaps then. A database that cannot be
 * written stops nothing else: that is told once, people are told of alerts out of memory, and what was to be kept is written when it can be
 * again.
 */
export class Tick {
  readonly #rooms: Keepers;
  #shown = 0;
  #followed = 0;

  constructor(rooms: Keepers) {
    this.#rooms = rooms;
    rooms.picture.own = { unwritten: null, removed: false };
  }

  /** The whole of it. `beside`: what else is written in the transaction that keeps what the tick came to. */
  run(at: Instant, beside = () => {}): void {
    this.look(at);
    this.record(at, beside);
  }

  /** The first half: judges and compares. Nothing of it is kept yet; of thousands of guests each half takes long enough for one turn. */
  look(at: Instant): void {
    const { alerts, changes, picture, backup, update } = this.#rooms;
    picture.own = { unwritten: null, removed: false, ...picture.own, backup: backup(), update: update() };
    alerts.evaluate(picture, at);
    changes.look(picture, at);
  }

  /** The second half: keeps what the picture shows, and what looking at it came to. */
  record(at: Instant, beside = () => {}): void {
    const { history, picture } = this.#rooms;
    this.#keep(at, ({ write, durability }) =>
      history.record(at, passingSamplesOf(picture), {
        write: () => {
          write();
          beside();
        },
        durability,
      }),
    );
  }

  /** Judges at once, not waiting for the next tick: the rules have changed. */
  judge(at: Instant): void {
    const { alerts, picture } = this.#rooms;
    alerts.evaluate(picture, at);
    this.keep(at);
  }

  /** Keeps what a person did to alerts, on the disk when this returns; false: the database refuses, it is written when it can be. */
  keep(at: Instant): boolean {
    const { database } = this.#rooms;
    return this.#keep(at, ({ write, durability }) => database.transaction(write, durability));
  }

  #keep(at: Instant, keep: (along: { write: () => void; durability: "full" | "lazy" }) => void): boolean {
    const { alerts, changes, database, show } = this.#rooms;
    const transitions = alerts.waiting;
    const write = () => {
      database.leaveShelter();
      alerts.write(at);
      changes.write(at);
      this.#follow(transitions, at);
    };
    let kept = true;
    try {
      keep({ write, durability: alerts.due ?? "lazy" });
      this.#written(transitions, at);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      kept = false;
      this.#refused(error, transitions, at);
    }
    const fresh = transitions.filter(({ number }) => number > this.#shown);
    this.#shown = transitions.at(-1)?.number ?? this.#shown;
    show(fresh, at);
    return kept;
  }

  #follow(transitions: readonly Transition[], at: Instant): void {
    const fresh = transitions.filter(({ number }) => number > this.#followed);
    if (fresh.length > 0) this.#rooms.follow(fresh, at);
  }

  #written(transitions: readonly Transition[], at: Instant): void {
    const { alerts, changes, database, picture, log } = this.#rooms;
    database.leftShelter();
    alerts.written();
    changes.written(at);
    this.#followed = transitions.at(-1)?.number ?? this.#followed;
    const known = picture.own?.unwritten ?? null;
    const { damage } = database;
    if (damage !== null && known?.reason !== damage)
      log(
        "error",
        `Some of the database cannot be read: ${damage}. The next start sets it aside and saves what it can`,
      );
    else if (damage === null && known) log("info", "The database is written again");
    const unwritten = damage === null ? null : { since: known?.since ?? at, reason: damage, damaged: true as const };
    picture.own = { ...picture.own, unwritten, removed: this.#isRemoved() };
  }

  #isRemoved(): boolean {
    const { database, picture, log } = this.#rooms;
    const removed = database.wasRemoved();
    if (removed && !picture.own?.removed)
      log(
        "error",
        "The database's file was removed while it was open; a copy was put back, to be used from the next start on",
      );
    return removed;
  }

  /** What follows does so in memory; when not even that can be, it waits with the rest. */
  #refused(error: Error, transitions: readonly Transition[], at: Instant): void {
    const { database, picture, log, shelter } = this.#rooms;
    const reason = refusalOf(error)?.reason ?? error.message;
    if (!picture.own?.unwritten) log("error", `The database cannot be written: ${reason}`, { reason: error.message });
    const { since = at } = picture.own?.unwritten ?? {};
    picture.own = { ...picture.own, unwritten: { since, reason }, removed: false };
    const isDone = database.spare(() => {
      database.shelter(shelter(at));
      database.transaction(() => this.#follow(transitions, at));
    });
    if (isDone) this.#followed = transitions.at(-1)?.number ?? this.#followed;
  }
}
