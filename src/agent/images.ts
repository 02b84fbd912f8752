import { toRow, toText } from "../kit/fields.ts";
import type { Millis } from "../kit/units.ts";
import { clip } from "./clip.ts";
import { type Engine, EngineError } from "./engine.ts";

/** When images were built. An image never changes, so each is asked for once; that it is gone is remembered too. */
export class Images {
  readonly #engine: Engine;
  /** By id; a promise while it is asked for, so that many containers of one image ask once. */
  readonly #times = new Map<string, Promise<string | null>>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** RFC 3339; null: not known. */
  createdAt(id: string | undefined, signal: AbortSignal, deadline?: Millis): Promise<string | null> {
    if (id === undefined) return Promise.resolve(null);
    const known = this.#times.get(id);
    if (known !== undefined) return known;
    const asked = this.#ask(id, signal, deadline);
    this.#times.set(id, asked);
    return asked;
  }

  /** Forgets all others. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#times.keys()) if (!ids.has(id)) this.#times.delete(id);
  }

  async #ask(id: string, signal: AbortSignal, deadline?: Millis): Promise<string | null> {
    try {
      const image = toRow(await this.#engine.get(`/images/${encodeURIComponent(id)}/json`, signal, deadline));
      const time = toText(image?.Created);
      return time !== null && Date.parse(time) > 0 ? clip(time, 64) : null;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      // The image's age is not worth a warning; unless the engine says that it has no such image, it is asked for again.
      if (error.fault !== "missing") this.#times.delete(id);
      return null;
    }
  }
}
