import { setImmediate as nextTurn } from "node:timers/promises";
import { collectDefaultMetrics, Registry } from "prom-client";
import { type Instant, type Millis, SECOND } from "../../kit/units.ts";
import type { Picture } from "../../model/picture.ts";
import { alertFamilies } from "./alert-families.ts";
import { expose } from "./exposition.ts";
import { type Own, otherFamilies, ownFamilies } from "./other-families.ts";
import { backupAge, proxmoxFamilies } from "./proxmox-families.ts";

/** One page serves everybody who scrapes within this time: a scrape of a large estate takes tens of milliseconds. */
const FRESH_FOR: Millis = 2 * SECOND;

/** What a page is made of, asked when somebody scrapes. */
export interface MetricsSource {
  picture(): Picture;
  own(): Own;
}

/** Everything for Prometheus, as text. The process' own metrics have the names that its client library gives them. */
export class MetricsPage {
  readonly #source: MetricsSource;
  readonly #process = new Registry();
  #page: { at: Instant; text: Promise<string> } | null = null;

  constructor(source: MetricsSource) {
    this.#source = source;
    collectDefaultMetrics({ register: this.#process });
  }

  text(): Promise<string> {
    const own = this.#source.own();
    if (this.#page === null || own.now - this.#page.at >= FRESH_FOR)
      this.#page = { at: own.now, text: this.#write(own) };
    return this.#page.text;
  }

  async #write(own: Own): Promise<string> {
    const picture = this.#source.picture();
    const pieces: string[] = [];
    for (const families of [
      proxmoxFamilies(picture),
      [backupAge(picture, own.now)],
      otherFamilies(picture),
      alertFamilies(picture),
      ownFamilies(picture, own),
    ])
      for (const piece of expose(families)) {
        pieces.push(piece);
        // Between two families others get their turn: a large estate takes a tenth of a second.
        await nextTurn();
      }
    return pieces.join("") + (await this.#process.metrics());
  }
}
