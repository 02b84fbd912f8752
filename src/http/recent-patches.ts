import { MIB } from "../kit/units.ts";
import type { TextMessage } from "./wire-frame.ts";

/** So many bytes of patches are kept for who comes back: minutes for a large estate, hours for a small one. */
const KEPT = 4 * MIB;

/** The newest patches, each leading from the version before to its own; bounded in bytes. */
export class RecentPatches {
  #messages: TextMessage[] = [];
  /** The version that the last one leads to. */
  #last = 0;
  #size = 0;

  /** A patch that does not follow the last one makes those before it useless. */
  add(version: number, message: TextMessage): void {
    if (version !== this.#last + 1) this.clear();
    this.#messages.push(message);
    this.#last = version;
    this.#size += message.size;
    while (this.#size > KEPT && this.#messages.length > 1) this.#size -= this.#messages.shift()?.size ?? 0;
  }

  /** The patch that leads to `version`; null when it is not here, or no more. */
  at(version: number): TextMessage | null {
    return this.#messages[this.#messages.length - 1 - (this.#last - version)] ?? null;
  }

  clear(): void {
    this.#messages = [];
    this.#size = 0;
  }
}
