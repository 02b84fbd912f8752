import type { Alerts } from "./alerts/alerts.ts";
import type { History } from "./history/history.ts";
import { samplesOf } from "./history/metrics.ts";
import type { Log } from "./kit/log.ts";
import type { Instant } from "./kit/units.ts";
import type { Transition } from "./model/alert.ts";
import type { Picture } from "./model/picture.ts";
import { type Database, isRefusal } from "./store/database.ts";

/** The rooms that keep what a tick finds. */
export interface Keepers {
  database: Database;
  history: History;
  alerts: Alerts;
  picture: Picture;
  log: Log;
  /** Does what follows from transitions within the transaction that keeps them; one that was rolled back comes once more. */
  follow: (transitions: readonly Transition[], at: Instant) => void;
  /** Shows what is new: when the transaction is over, or was refused. */
  show: (transitions: readonly Transition[], at: Instant) => void;
}

/**
 * What every tick does: judges what the picture shows, and keeps that and what it came to, in one transaction. The picture is asked, and
 * not each observation, because it alone knows what is stale, so that nothing stale is ever kept or judged; because all instances together
 * then make one small write a tick; and because an instance that is looked at every minute has no gaps then. A database that cannot be
 * written stops nothing else: it is told once, and what was to be kept is written when it can be again.
 */
export class Tick {
  readonly #rooms: Keepers;
  #refused = false;
  #shown = 0;

  constructor(rooms: Keepers) {
    this.#rooms = rooms;
  }

  /** The whole of it. */
  run(at: Instant): void {
    const { history, alerts, picture } = this.#rooms;
    alerts.evaluate(picture, at);
    this.#keep(at, along => history.record(at, samplesOf(picture), along));
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
    const { alerts, log, follow, show } = this.#rooms;
    const transitions = alerts.waiting;
    const write = () => {
      alerts.write(at);
      if (transitions.length > 0) follow(transitions, at);
    };
    let kept = true;
    try {
      keep({ write, durability: alerts.due ?? "lazy" });
      alerts.written();
      if (this.#refused) log("info", "The database is written again");
      this.#refused = false;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (!this.#refused) log("error", "The database cannot be written", { reason: error.message });
      this.#refused = true;
      kept = false;
    }
    const fresh = transitions.filter(({ number }) => number > this.#shown);
    this.#shown = transitions.at(-1)?.number ?? this.#shown;
    show(fresh, at);
    return kept;
  }
}
