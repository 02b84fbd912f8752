import type { SourceReport } from "./model/source-report.ts";
import type { Observe, Source } from "./sources/source.ts";

/** The sources that run, by the name of their instance. */
export class Watch implements AsyncDisposable {
  readonly #observe: Observe;
  readonly #running = new Map<string, { source: Source; stop: AbortController; ended: Promise<void> }>();

  constructor(observe: Observe) {
    this.#observe = observe;
  }

  start(name: string, source: Source): void {
    const stop = new AbortController();
    this.#running.set(name, { source, stop, ended: source.run(this.#observe, stop.signal) });
  }

  /** Resolves when the last look of that instance has ended; nothing is observed of it any more from now on. */
  async stop(name: string): Promise<void> {
    const running = this.#running.get(name);
    this.#running.delete(name);
    running?.stop.abort();
    await running?.ended;
  }

  /** What watching costs and how it goes, by instance. */
  reports(): SourceReport[] {
    return [...this.#running.values()].flatMap(({ source }) => source.report?.() ?? []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.keys()].map(name => this.stop(name)));
  }
}
