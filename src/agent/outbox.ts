import { type Bytes, MIB } from "../kit/units.ts";

/** An hour of reports every half minute. */
const MOST = 120;
const MOST_BYTES: Bytes = 4 * MIB;

/** Reports that wait for one server, the oldest first. When there is no more room the oldest go; the newest always stays. */
export class Outbox {
  readonly #waiting: { text: string; size: Bytes }[] = [];
  #bytes = 0;
  #dropped = 0;
  #wake: () => void = () => {};

  add(text: string): void {
    const size = Buffer.byteLength(text);
    this.#waiting.push({ text, size });
    this.#bytes += size;
    while (this.#waiting.length > 1 && (this.#waiting.length > MOST || this.#bytes > MOST_BYTES)) {
      this.#dropped += 1;
      this.#takeFirst();
    }
    this.#wake();
  }

  /** The one to send next; null: none. It stays until `remove`. */
  get first(): string | null {
    return this.#waiting[0]?.text ?? null;
  }

  /** Takes away what `first` gave, unless it has been dropped meanwhile. */
  remove(text: string): void {
    if (this.first === text) this.#takeFirst();
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** How many were dropped since the last time this was asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Resolves when there is something to send, or when `signal` aborts. */
  filled(signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        signal.removeEventListener("abort", wake);
        resolve();
      };
      if (this.size > 0 || signal.aborted) return resolve();
      this.#wake = wake;
      signal.addEventListener("abort", wake, { once: true });
    });
  }

  #takeFirst(): void {
    this.#bytes -= this.#waiting.shift()?.size ?? 0;
  }
}
